import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { isObject } from "../backup/row";
import { parseJsonFile, readTextFile } from "./json-file";

/** The nearest `cdktf.json`, from a folder upwards; undefined where there is none. */
export function nearestProjectFile(folder: string): string | undefined {
  const file = join(folder, "cdktf.json");
  if (existsSync(file)) {
    return file;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestProjectFile(parent);
}

/**
 * What a `cdktf.json` says; nothing where it is not there, or holds no object.
 *
 * @throws InvalidRequestError where it cannot be read, or is not JSON
 */
export function readProjectFile(file: string): Readonly<Record<string, unknown>> {
  const text = readTextFile(file);
  const project = text === undefined ? undefined : parseJsonFile(file, text);
  return isObject(project) ? project : {};
}
