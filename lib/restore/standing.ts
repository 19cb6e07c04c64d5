import { type LockedRestore, type RestoredInstance, type RestoreIntent, restoreOf } from "../lock/restores";
import { readLockFile } from "../lock/lock-file";
import type { DbInstance } from "../rds-api/actions/describe-db-instances";
import { endpointOrigin } from "../rds-api/endpoint";
import { findRestored } from "./find-restored";
import { failureOf, RestoreFailure, undecided } from "./restore-failure";
import { checkNotLost, requestOf, type RestoreRun } from "./restore-run";

/** Where a restore stands. */
export type Standing =
  /** The lock file knows the instance, and RDS does too. */
  | { readonly status: "restored"; readonly locked: RestoredInstance; readonly instance: DbInstance | undefined }
  /** RDS has the instance; the lock file does not know it. */
  | { readonly status: "found"; readonly instance: DbInstance; readonly intent: RestoreIntent | undefined }
  /** RDS lists no such instance. With an intent, an earlier run may have asked for one. */
  | { readonly status: "missing"; readonly intent: RestoreIntent | undefined };

/** How long RDS may not know an instance yet that it has just begun to create, minutes. */
const birthMinutes = 10;

/**
 * Finds out where a restore stands. Creates nothing, and writes nothing.
 *
 * @throws RestoreFailure if the instance is gone, if an earlier run asked elsewhere, or if RDS does not say enough
 */
export async function standingOf(run: RestoreRun): Promise<Standing> {
  const { declared, lockFile } = run;
  const { intent, instance: locked } = restoreOf(readLockFile(lockFile, []).restores ?? {}, declared.key) ?? {};
  await checkPlace(run, { intent, instance: locked });
  if (locked !== undefined) {
    const { dbInstanceId } = locked;
    const instance = await lockedInstance(run, locked).catch((error: unknown) => {
      throw error instanceof RestoreFailure
        ? error
        : failureOf(`the lock file says that ${dbInstanceId} is ${declared.path}, but it cannot be read`, error);
    });
    return { status: "restored", locked, instance };
  }
  const instance = await findRestored(run, (intent ?? requestOf(run)).parameters, intent);
  if (instance === undefined && intent !== undefined) {
    checkIntent(run, intent);
  }
  return instance === undefined ? { status: "missing", intent } : { status: "found", instance, intent };
}

/**
 * The instance that the lock file knows; undefined if RDS may not know it yet.
 *
 * @throws RestoreFailure if it is gone, or will never run
 * @throws RdsApiError
 */
export async function lockedInstance(run: RestoreRun, locked: RestoredInstance): Promise<DbInstance | undefined> {
  const instance = await run.api.instance(locked.dbInstanceId);
  if (instance !== undefined) {
    checkNotLost(run, instance);
  } else if (run.clock.now() - Date.parse(locked.at) >= birthMinutes * 60_000) {
    throw await gone(run, locked);
  }
  return instance;
}

/** Throws if an earlier run asked another account, or another endpoint. */
async function checkPlace({ api, declared }: RestoreRun, { intent, instance }: LockedRestore): Promise<void> {
  const earlier = instance ?? intent;
  if (earlier === undefined) {
    return;
  }
  const [before, now] = [earlier.endpoint, api.endpoint].map(endpointOrigin);
  if (before !== now) {
    throw undecided(
      "OtherEndpoint",
      `an earlier run restored ${declared.path} at ${before ?? "Alibaba Cloud"}, but now ${now ?? "Alibaba Cloud"} is asked`,
      `use that endpoint; or name another lock file with RDS_DR_LOCK_FILE, for a rehearsal with a simulator`,
      instance?.dbInstanceId,
    );
  }
  const accountId = await api.accountId();
  if (earlier.accountId !== undefined && accountId !== undefined && accountId !== earlier.accountId) {
    throw undecided(
      "OtherAccount",
      `an earlier run restored ${declared.path} in the account ${earlier.accountId}, but these credentials are of the account ${accountId}`,
      "use credentials of that account; to restore in this one too, declare a second instance, or raise the generation",
      instance?.dbInstanceId,
    );
  }
}

/** Throws if the lock file was edited, or is another project's: a request with another token makes another instance. */
function checkIntent(run: RestoreRun, { parameters }: RestoreIntent): void {
  const { path } = run.declared;
  const { parameters: ofCode } = requestOf(run);
  const name = ["RegionId", "Engine", "ClientToken"].find((each) => parameters[each] !== ofCode[each]);
  if (name !== undefined) {
    throw undecided(
      "OtherIntent",
      `the lock file says that ${path} was asked for with the ${name} "${parameters[name] ?? ""}", but by the code it is "${ofCode[name] ?? ""}": nothing is created`,
      `give cdktf.json the projectId of before, or take the lock file from version control. If there surely is no instance, remove the entry of ${path} from its "restores"`,
    );
  }
}

async function gone({ api, declared }: RestoreRun, { dbInstanceId, accountId }: RestoredInstance): Promise<Error> {
  const isSure = accountId === undefined || accountId === (await api.accountId());
  return isSure
    ? undecided(
        "RestoredInstanceGone",
        `the instance ${dbInstanceId} of ${declared.path} is gone: somebody has released it`,
        `it is not created again by itself; to restore again, raise the generation (1 by default) at ${declared.path}`,
        dbInstanceId,
      )
    : undecided(
        "RestoredInstanceNotSeen",
        `RDS does not know the instance ${dbInstanceId} of ${declared.path}, and it is not known whether these credentials are of its account ${accountId}`,
        "set ALICLOUD_ACCOUNT_ID to the account of the credentials, or allow sts:GetCallerIdentity",
        dbInstanceId,
      );
}
