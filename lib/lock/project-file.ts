import { existsSync, lstatSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isObject } from "../backup/json-object";
import { parseJsonFile, readTextFile } from "../validation/json-file";

/** What a message says if there is no `cdktf.json`. */
export const noProjectFile =
  "there is no cdktf.json in this folder, nor above it up to the root of its repository (files of other users do not count)";

/** The nearest `cdktf.json`, from a folder up to the root of its repository; undefined if there is none. */
export function nearestProjectFile(folder: string): string | undefined {
  const owners = trustedOwners(folder);
  return foldersOfRepository(folder, owners)
    .map((each) => join(each, "cdktf.json"))
    .find((file) => isOwnedBy(owners, statsOf(file)) && isOwnedBy(owners, statsOf(file, lstatSync)));
}

/**
 * The folders from one upwards to the root of its repository; the folder alone if no repository holds it. What anybody
 * could have put into a shared folder, such as /tmp, must not govern those below.
 */
function foldersOfRepository(folder: string, owners: Owners): readonly string[] {
  const folders = [folder];
  for (let current = folder; !existsSync(join(current, ".git"));) {
    const parent = dirname(current);
    const stats = statsOf(parent);
    if (parent === current || !isOwnedBy(owners, stats) || isWritableByAll(stats)) {
      return [folder];
    }
    folders.push(parent);
    current = parent;
  }
  return folders;
}

/** Ids of the users whose files count; undefined on Windows, where Node makes up owners and modes. */
type Owners = ReadonlySet<number> | undefined;

/** This user and the administrator, and whoever owns the folder in which this user has chosen to work. */
function trustedOwners(folder: string): Owners {
  const user = process.getuid?.();
  return user === undefined ? undefined : new Set([user, 0, statsOf(folder)?.uid ?? user]);
}

/** Undefined if there is no such file, or if it cannot be looked at. */
function statsOf(path: string, look: (path: string) => Stats = statSync): Stats | undefined {
  try {
    return look(path);
  } catch {
    return undefined;
  }
}

function isOwnedBy(owners: Owners, stats: Stats | undefined): stats is Stats {
  return stats !== undefined && (owners === undefined || owners.has(stats.uid));
}

function isWritableByAll({ mode }: Stats): boolean {
  return process.platform !== "win32" && (mode & 0o002) !== 0;
}

/**
 * What a `cdktf.json` says; nothing if it does not exist, or contains no object.
 *
 * @throws InvalidRequestError if it cannot be read, or is not JSON
 */
export function readProjectFile(file: string): Readonly<Record<string, unknown>> {
  const text = readTextFile(file);
  const project = text === undefined ? undefined : parseJsonFile(file, text);
  return isObject(project) ? project : {};
}
