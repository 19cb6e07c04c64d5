import { isObject } from "../backup/row";
import { nearestProjectFile, readProjectFile } from "./project-file";
import { contextKey } from "./settings";

/**
 * The package's part of the context in the nearest `cdktf.json`, from a folder upwards: what an app gets from
 * cdktf. Undefined where there is none.
 *
 * @throws InvalidRequestError where that file is not JSON
 */
export function readProjectContext(folder: string): unknown {
  const file = nearestProjectFile(folder);
  const { context } = file === undefined ? {} : readProjectFile(file);
  return isObject(context) ? context[contextKey] : undefined;
}
