import { checkInstanceId } from "../validation/checks";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { readInput } from "../validation/json-file";

/** Where the ids of instances are given: on the command line, in files, or in both. */
export interface InstanceIdSources {
  readonly dbInstanceId?: readonly string[];
  /** Files with one id a line; `-` is standard input. Blank lines and those that begin with `#` are passed over. */
  readonly from?: readonly string[];
}

/**
 * The ids in the order given, those of the command line first, each once.
 *
 * @returns at least one id; those of the command line are as yet unchecked
 * @throws InvalidRequestError where there is none, or names the file, and the line where it is one
 */
export async function readInstanceIds({
  dbInstanceId = [],
  from = [],
}: InstanceIdSources): Promise<readonly string[]> {
  const ids = [...dbInstanceId];
  for (const file of from) {
    ids.push(...(await idsIn(file)));
  }
  if (ids.length === 0) {
    throw new InvalidRequestError("dbInstanceId", undefined, "given, or --from with a file of ids");
  }
  // A file and the command line may name the same one.
  return [...new Set(ids)];
}

async function idsIn(file: string): Promise<readonly string[]> {
  const name = file === "-" ? "standard input" : JSON.stringify(file);
  const content = (await readInput(file, name)).replace(/^\uFEFF/, "");
  const ids = content.split("\n").flatMap((line, index) => {
    const id = line.trim();
    if (id === "" || id.startsWith("#")) {
      return [];
    }
    checkInstanceId(`line ${index + 1} of ${name}`, id);
    return [id];
  });
  if (ids.length === 0) {
    throw new InvalidRequestError(name, content, "a list with at least one id of an instance, one a line");
  }
  return ids;
}
