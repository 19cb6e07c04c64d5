import { isObject } from "../backup/row";
import { parseJsonFile, readTextFile } from "./json-file";
import { nearestProjectFile } from "./project-file";
import { contextKey } from "./settings";

/**
 * The package's part of the context in the nearest `cdktf.json`, from a folder upwards: what an app gets from
 * cdktf. Undefined where there is none.
 *
 * @throws InvalidRequestError where that file is not JSON
 */
export function readProjectContext(folder: string): unknown {
  const file = nearestProjectFile(folder);
  const text = file === undefined ? undefined : readTextFile(file);
  if (file === undefined || text === undefined) {
    return undefined;
  }
  const project = parseJsonFile(file, text);
  const context = isObject(project) ? project["context"] : undefined;
  return isObject(context) ? context[contextKey] : undefined;
}
