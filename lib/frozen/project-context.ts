import { dirname } from "node:path";
import { isObject } from "../backup/row";
import { nearestProjectFile, readProjectFile } from "./project-file";
import { contextKey } from "./settings";

/** The package's part of the context in a `cdktf.json`: what an app gets from cdktf. */
export interface ProjectContext {
  /** Path of the cdktf.json. */
  readonly file: string;
  readonly settings: unknown;
}

/**
 * Reads the context in the nearest `cdktf.json`, as `nearestProjectFile` finds it; undefined if there is none, or if it is
 * that of the folder itself and says nothing: nobody is surprised then that the lock file lies beside it.
 *
 * @throws InvalidRequestError if that file is not JSON
 */
export function readProjectContext(folder: string): ProjectContext | undefined {
  const file = nearestProjectFile(folder);
  if (file === undefined) {
    return undefined;
  }
  const { context } = readProjectFile(file);
  const settings = isObject(context) ? context[contextKey] : undefined;
  return settings === undefined && dirname(file) === folder ? undefined : { file, settings };
}
