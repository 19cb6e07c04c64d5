import type { RestoredInstance } from "../lock/restores";
import { ErrorKind } from "../rds-api/errors/error-kind";
import type { DbInstance } from "../rds-api/actions/describe-db-instances";
import { failureOf, RestoreFailure } from "./restore-failure";
import { isRunning, type RestoreRun } from "./restore-run";
import { lockedInstance } from "./standing";

const pollSeconds = 15;

/** How often a status that stays the same is shown, minutes. */
const shownEveryMinutes = 5;

/**
 * Waits until the instance runs.
 *
 * @throws RestoreFailure with the id of the instance, whatever happens: the next run goes on from here
 */
export async function awaitRunning(run: RestoreRun, restored: RestoredInstance): Promise<DbInstance> {
  const { declared, clock, tell } = run;
  const { dbInstanceId } = restored;
  const begin = clock.now();
  let [shown, shownAt] = ["", begin];
  for (;;) {
    const instance = await statusOf(run, restored);
    const { status = "not known yet" } = instance ?? {};
    if (instance !== undefined && isRunning(status)) {
      return instance;
    }
    const now = clock.now();
    if (now - begin >= declared.timeoutHours * 3_600_000) {
      throw stillWaiting("RestoreTimedOut", run, dbInstanceId, `is "${status}" after ${declared.timeoutHours} hours`);
    }
    if (status !== shown || now - shownAt >= shownEveryMinutes * 60_000) {
      [shown, shownAt] = [status, now];
      tell(`${dbInstanceId} is ${status} after ${Math.round((now - begin) / 60_000)} min`);
    }
    await clock.sleep(pollSeconds * 1_000);
  }
}

async function statusOf(run: RestoreRun, locked: RestoredInstance): Promise<DbInstance | undefined> {
  const { dbInstanceId } = locked;
  try {
    return await lockedInstance(run, locked);
  } catch (error) {
    if (error instanceof RestoreFailure) {
      throw error;
    }
    const { failure } = failureOf("RDS does not say how far it is", error);
    throw stillWaiting(failure.code, run, dbInstanceId, `is being restored, but ${failure.message}`);
  }
}

/** Nothing is lost: whoever runs it again waits on. */
function stillWaiting(code: string, { declared }: RestoreRun, dbInstanceId: string, fate: string): RestoreFailure {
  const message = `the instance ${dbInstanceId} of ${declared.path} ${fate}`;
  const hint = `run "npx rds-dr restore ${declared.path}" again: it waits on for ${dbInstanceId}, and creates nothing`;
  return new RestoreFailure({ kind: ErrorKind.TRANSIENT, code, message, hint }, dbInstanceId);
}
