import { isObject } from "../backup/json-object";
import { InvalidRequestError } from "../validation/checks";
import { parseJsonFile } from "../validation/json-file";
import { type GivenText, type Io, readGiven } from "./io";
import { instanceTypes } from "./synthesised-instances";

/** Addresses in Terraform's state, by the id of the instance. */
export type StateAddresses = ReadonlyMap<string, string>;

/** The instances in several states; undefined if none is given. */
export async function readStates(files: readonly string[] | undefined, io: Io): Promise<StateAddresses | undefined> {
  if (files === undefined) {
    return undefined;
  }
  const addresses: (readonly [string, string])[] = [];
  for (const file of files) {
    addresses.push(...addressesIn(await readGiven(file, io)));
  }
  return new Map(addresses);
}

/**
 * Reads the instances of a state. Of its other values, some of them secrets, nothing is kept.
 *
 * @param given what `terraform show -json` printed
 * @throws InvalidRequestError if it is anything else
 */
function addressesIn({ name, text }: GivenText): StateAddresses {
  const allowed = 'what "terraform show -json" prints';
  const state = parseJsonFile(name, text, allowed);
  // A plan, printed in the same way, also has this mark.
  if (!isObject(state) || typeof state["format_version"] !== "string" || "planned_values" in state) {
    throw new InvalidRequestError(name, "other JSON", `${allowed}, of a state`);
  }
  const addresses = new Map<string, string>();
  // Not by recursion: nobody knows how deep a file is.
  const modules: unknown[] = [isObject(state["values"]) ? state["values"]["root_module"] : undefined];
  while (modules.length > 0) {
    const module = modules.pop();
    for (const resource of listIn(module, "resources")) {
      addInstance(addresses, resource);
    }
    modules.push(...listIn(module, "child_modules"));
  }
  return addresses;
}

function addInstance(addresses: Map<string, string>, resource: unknown): void {
  if (!isObject(resource) || resource["mode"] === "data" || !instanceTypes.includes(String(resource["type"]))) {
    return;
  }
  const { address, tainted, values } = resource;
  const id = isObject(values) ? values["id"] : undefined;
  if (typeof id === "string") {
    addresses.set(id, `${String(address)}${tainted === true ? " (tainted)" : ""}`);
  }
}

function listIn(from: unknown, name: string): readonly unknown[] {
  const list = isObject(from) ? from[name] : undefined;
  return Array.isArray(list) ? list : [];
}
