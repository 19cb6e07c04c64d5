import type { DeclaredRestore } from "../lock/restores";
import type { LookupFailure } from "../lookup/answer";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { InvalidRequestError } from "../validation/checks";
import { CommandFailure, exitCodeFor } from "./exit-code";
import type { AppRun } from "./run-app";

/**
 * The restore that a command line names; without a name, the only one.
 *
 * @throws CommandFailure if the app failed
 * @throws InvalidRequestError if there is not one restore of that path
 */
export function chooseRestore({ exitCode, settled, restores }: AppRun, path: string | undefined): DeclaredRestore {
  if (exitCode !== 0) {
    throw new CommandFailure(failureOfApp(settled));
  }
  const paths = restores.map((each) => each.path).sort();
  const chosen = restores.filter((each) => path === undefined || each.path === path);
  const [only, ...others] = chosen;
  if (only === undefined || others.length > 0) {
    const allowed =
      paths.length === 0
        ? "omitted: the app declares no instance for this command, which is one of PostgreSQL, or with via: RestoreVia.IMPORT"
        : `the path of one of these instances (${paths.join(", ")})`;
    throw new InvalidRequestError("the construct", path, allowed);
  }
  return only;
}

/** Why the app failed: a lookup, or else the app itself. */
function failureOfApp(settled: AppRun["settled"]): LookupFailure {
  const message = "the app failed, so nothing was created: see its output above";
  const failed = settled.flatMap(({ answer }) => (answer.status === "error" ? [answer.error] : []));
  const [first] = failed.sort((a, b) => exitCodeFor(b) - exitCodeFor(a));
  if (first !== undefined) {
    return { ...first, message };
  }
  const hint = "correct the app, and run it again";
  return settled.some(({ answer }) => answer.status === "none")
    ? { kind: ErrorKind.UNSUPPORTED, code: "NoValidBackup", message, hint }
    : { kind: ErrorKind.UNSUPPORTED, code: "AppFailed", message, hint };
}
