import { join } from "node:path";
import { isOneLine, region } from "../backup/forms";
import { isObject } from "../backup/json-object";
import { InvalidRequestError } from "../validation/checks";
import { parseJsonFile, readTextFile } from "../validation/json-file";
import { framework } from "../validation/own-package";
import { onOneLine } from "../validation/printable";

/** The resources of the Terraform provider that a restored instance can be. */
export const instanceTypes: readonly string[] = ["alicloud_rds_ddr_instance", "alicloud_db_instance"];

/** An instance that a synthesised app declares. */
export interface DeclaredInstance {
  readonly name: string;
  readonly regionId: string;
  /** Path of its construct. */
  readonly path: string;
  /** Whether it is the resource of a construct around it, such as `DisasterRecoveryInstance`. */
  readonly isWithin: boolean;
  /** Id of the instance that the code imports as this one; undefined if it imports none. */
  readonly importedId: string | undefined;
}

/** An instance whose name or region cannot be read, and why. */
export interface UnreadableInstance {
  readonly path: string;
  readonly reason: string;
}

/** The instances that a synthesised app declares. */
export interface DeclaredInstances {
  readonly declared: readonly DeclaredInstance[];
  readonly unreadable: readonly UnreadableInstance[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Where cdktf writes a stack, as its manifest says it. */
const stackFile = /^stacks\/(?!\.+\/)[^/\\]+\/cdk\.tf\.json$/;

/** An expression or a directive of Terraform: what it means, only Terraform knows. */
const expression = /[$%]\{/;

/**
 * Reads the instances of every stack that a synthesis wrote.
 *
 * @param folder cdktf's output, such as `cdktf.out`
 * @param elsewhere the region of a provider that names none, or by an expression
 * @throws InvalidRequestError if it is no such folder, or if a file in it cannot be read
 */
export function readDeclaredInstances(folder: string, elsewhere: string | undefined): DeclaredInstances {
  const { stacks } = readJson(join(folder, "manifest.json"));
  const files = Object.values(fieldsOf(stacks)).map((stack) => fileOf(folder, stack));
  const found = files.flatMap((file) => instancesIn(readJson(file), elsewhere));
  return {
    declared: found.filter((each) => "name" in each),
    unreadable: found.filter((each) => "reason" in each),
  };
}

function fileOf(folder: string, stack: unknown): string {
  const { synthesizedStackPath: path } = fieldsOf(stack);
  if (typeof path !== "string" || !stackFile.test(path)) {
    const allowed = "the JSON of a stack, such as stacks/dr/cdk.tf.json: synthesise the app again, without --hcl";
    throw new InvalidRequestError(`the path of a stack in ${join(folder, "manifest.json")}`, path, allowed);
  }
  return join(folder, path);
}

function readJson(file: string): Fields {
  const text = readTextFile(file);
  if (text === undefined) {
    const allowed = `there: synthesise the app with "npx ${framework} synth", or name its output with --from-synthesis`;
    throw new InvalidRequestError(file, undefined, allowed);
  }
  return fieldsOf(parseJsonFile(file, text, `JSON that ${framework} wrote`));
}

function instancesIn(stack: Fields, elsewhere: string | undefined): readonly (DeclaredInstance | UnreadableInstance)[] {
  const resources = fieldsOf(stack["resource"]);
  return instanceTypes.flatMap((type) =>
    Object.entries(fieldsOf(resources[type])).map(([id, resource]) => {
      const fields = fieldsOf(resource);
      const whole = pathOf(fields) ?? `${type}.${id}`;
      const path = whole.replace(/\/(?:Default|Resource)$/, "");
      const facts = factsOf(fields, stack, elsewhere);
      return "reason" in facts
        ? { path, ...facts }
        : { ...facts, path, isWithin: path !== whole, importedId: importedAs(`${type}.${id}`, stack) };
    }),
  );
}

function importedAs(address: string, stack: Fields): string | undefined {
  const { id } =
    [stack["import"]]
      .flat()
      .map(fieldsOf)
      .find(({ to }) => to === address) ?? {};
  return typeof id === "string" ? id : undefined;
}

/** The name and the region of an instance, or why they are not known. */
function factsOf(
  resource: Fields,
  stack: Fields,
  elsewhere: string | undefined,
): Pick<DeclaredInstance, "name" | "regionId"> | Pick<UnreadableInstance, "reason"> {
  const name = resource["instance_name"];
  if (!isOneLine(name)) {
    return { reason: "it has no instance_name" };
  }
  if (expression.test(name)) {
    return { reason: `only Terraform knows its instance_name, ${onOneLine(name)}` };
  }
  const regionId = regionOf(resource, stack) ?? elsewhere;
  return regionId === undefined ? { reason: "its provider names no region: add --region-id" } : { name, regionId };
}

/** The region of the provider that a resource names, else of the one without an alias; undefined if it is not stated. */
function regionOf({ provider: named }: Fields, stack: Fields): string | undefined {
  const alias = typeof named === "string" ? named.split(".")[1] : undefined;
  const provider = [fieldsOf(stack["provider"])["alicloud"]].flat().find((each) => fieldsOf(each)["alias"] === alias);
  const { region: stated } = fieldsOf(provider);
  return region.holds(stated) ? stated : undefined;
}

function pathOf(resource: Fields): string | undefined {
  const { path } = fieldsOf(fieldsOf(resource["//"])["metadata"]);
  return isOneLine(path) ? path : undefined;
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}
