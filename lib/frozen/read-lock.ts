import { existsSync } from "node:fs";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { readLockFile, shownPath } from "./lock-file";
import type { Lock } from "./locked-answers";
import { Mode } from "./mode";
import { noProjectFile } from "./project-file";
import { type Settings } from "./settings";

const fill = 'fill it with "npx rds-dr refresh", where the API can be reached';

/**
 * The locked answers of an app: those of its context, else those of the lock file.
 *
 * @throws InvalidRequestError where the lock file cannot be read or understood, unless all that is wanted is to destroy
 */
export function readLock({ answers, lockFile, mode }: Settings): Lock {
  if (answers !== undefined) {
    const remedy = `add it under that key to "answers" in the context "rds-dr", or look it up with RDS_DR_MODE=live`;
    return { answers, place: "", remedy };
  }
  if (lockFile === undefined) {
    const place = `: there is no lock file, as ${noProjectFile}`;
    return { answers: {}, place, remedy: `name one with RDS_DR_LOCK_FILE, and ${fill}` };
  }
  try {
    const place = existsSync(lockFile)
      ? ` in ${shownPath(lockFile)}`
      : `: there is no file ${shownPath(lockFile)}`;
    return { answers: readLockFile(lockFile).answers, place, remedy: fill };
  } catch (error) {
    if (mode === Mode.DESTROY && error instanceof InvalidRequestError) {
      return { answers: {}, place: "", remedy: fill };
    }
    throw error;
  }
}
