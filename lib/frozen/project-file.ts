import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isObject } from "../backup/row";
import { parseJsonFile, readTextFile } from "./json-file";

/** What a message says if there is no `cdktf.json`. */
export const noProjectFile =
  "there is no cdktf.json in this folder, nor above it up to the root of its repository";

/** The nearest `cdktf.json`, from a folder up to the root of its repository; undefined if there is none. */
export function nearestProjectFile(folder: string): string | undefined {
  return foldersOfRepository(folder)
    .map((each) => join(each, "cdktf.json"))
    .find((file) => existsSync(file));
}

/**
 * The folders from one upwards to the root of its repository; the folder alone if no repository holds it. What anybody
 * could have put into a shared folder, such as /tmp, must not govern those below.
 */
function foldersOfRepository(folder: string): readonly string[] {
  const folders = [folder];
  for (let current = folder; !existsSync(join(current, ".git"));) {
    const parent = dirname(current);
    if (parent === current || isWritableByAll(parent)) {
      return [folder];
    }
    folders.push(parent);
    current = parent;
  }
  return folders;
}

/** Also true of a folder that cannot be looked at. */
function isWritableByAll(folder: string): boolean {
  if (process.platform === "win32") {
    // Windows has no such bit, and Node makes one up.
    return false;
  }
  try {
    return (statSync(folder).mode & 0o002) !== 0;
  } catch {
    return true;
  }
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
