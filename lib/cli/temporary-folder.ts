import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isObject } from "../backup/json-object";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { systemErrorWords } from "../validation/printable";

/** About what the smallest app writes, bytes: a folder with less room is of no use. */
const probeBytes = 64 * 1024;

/** What may take the place of TMPDIR; the first one is memory. */
const otherParents = ["/dev/shm", "/tmp", "/var/tmp"];

/**
 * Makes an empty folder for temporary files.
 *
 * @param mayBeElsewhere whether another place will do if TMPDIR cannot be written
 * @throws InvalidRequestError names TMPDIR if there is no place
 */
export function makeTemporaryFolder(mayBeElsewhere: boolean): string {
  // The app may run in another folder, from where a relative path would lead to another place.
  const parent = resolve(tmpdir());
  const faults: unknown[] = [];
  for (const each of mayBeElsewhere ? [parent, ...otherParents] : [parent]) {
    try {
      return makeFolderIn(each);
    } catch (error) {
      faults.push(error);
    }
  }
  const also = mayBeElsewhere ? ` (nor can ${otherParents.join(", ")})` : "";
  throw notWritable(parent, faults[0], `as the app writes its files there${also}`);
}

/**
 * Checks that a temporary folder can still be written, once the app has failed.
 *
 * @throws InvalidRequestError names TMPDIR
 */
export function checkTemporaryFolder(folder: string): void {
  try {
    probe(folder);
  } catch (error) {
    throw notWritable(dirname(folder), error, "as the app failed without room for its files");
  }
}

function makeFolderIn(parent: string): string {
  const folder = mkdtempSync(join(parent, "rds-dr-"));
  try {
    probe(folder);
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A full disk still has room for the name of a folder, so that only a write shows that it is full. */
function probe(folder: string): void {
  const file = join(folder, "probe");
  writeFileSync(file, Buffer.alloc(probeBytes));
  rmSync(file);
}

function notWritable(parent: string, error: unknown, reason: string): InvalidRequestError {
  const code = String(isObject(error) ? error["code"] : error);
  const words = systemErrorWords(code);
  const allowed = `a folder that can be written (${code}), ${reason}: ${words === undefined ? "" : `${words}; `}free some room there, or set it to another folder`;
  return new InvalidRequestError("TMPDIR", parent, allowed);
}
