import { optional } from "../backup/json-object";
import { type LockedRestore, type RestoredInstance, type RestoreIntent, restoreOf } from "../lock/restores";
import { updateRestores } from "../lock/update-lock-file";
import { readClock } from "../lookup/query";
import type { DbInstance } from "../rds-api/actions/describe-db-instances";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { RdsApiError } from "../rds-api/errors/rds-api-error";
import { InvalidRequestError } from "../validation/checks";
import { findRestored } from "./find-restored";
import { failureOf, RestoreFailure, undecided } from "./restore-failure";
import { requestOf, type RestoreRun } from "./restore-run";

/** RDS may list an instance late. "None" counts after a second look, so many minutes after the first one. */
const secondLookMinutes = 3;

/** How often RDS is asked for the instance if nobody knows what became of the request, and RDS lists no such instance. */
const mostTries = 3;

/**
 * Creates the instance of a restore, once: by a token that depends on the code alone, and only after RDS has twice
 * listed no instance of its name if an earlier run may have asked for it.
 *
 * @param earlier what an earlier run wrote before it asked RDS; undefined if there was none
 * @throws RestoreFailure whatever it says, the next run goes on from here
 */
export async function createRestored(run: RestoreRun, earlier: RestoreIntent | undefined): Promise<RestoredInstance> {
  const own = earlier ?? (await newIntent(run));
  const { intent = own, instance } = earlier === undefined ? await writeIntent(run, own) : {};
  if (instance !== undefined) {
    return instance;
  }
  // That of another run is as old as one of an earlier run.
  const isFirst = earlier === undefined && intent === own;
  const listed = isFirst ? undefined : await lookAgain(run, intent);
  if (listed !== undefined) {
    return adoptInstance(run, listed, intent);
  }
  for (let tries = 1; ; tries++) {
    const sent = await sendIntent(run, intent, isFirst && tries === 1);
    if (typeof sent === "string") {
      // Said before it is written: from here on, it costs money.
      run.tell(`RDS restores ${run.declared.path} as ${sent}`);
      return lockInstance(run, intent, { dbInstanceId: sent, ...restoredFrom(intent) });
    }
    // Another run used the token, with another backup: nobody here knows with which.
    const asked = sent.failure.code === "TokenInUse" ? undefined : intent;
    const found = (await findRestored(run, intent.parameters, asked)) ?? (await lookAgain(run, asked));
    if (found !== undefined) {
      return adoptInstance(run, found, asked);
    }
    if (asked === undefined || tries === mostTries) {
      throw sent;
    }
  }
}

/**
 * Takes an instance that is there for that of the restore.
 *
 * @param intent what asked for it, if an earlier run of this clone did; else nobody knows the backup that it came from
 */
export function adoptInstance(
  run: RestoreRun,
  { dbInstanceId, zoneId, createTime }: DbInstance,
  intent: RestoreIntent | undefined,
): Promise<RestoredInstance> {
  return lockInstance(run, intent, {
    dbInstanceId,
    ...(intent === undefined ? {} : restoredFrom(intent)),
    ...optional("zoneId", zoneId),
    ...optional("createdAt", createTime),
  });
}

/** Waits some minutes, and looks for the instance again. */
async function lookAgain(run: RestoreRun, intent: RestoreIntent | undefined): Promise<DbInstance | undefined> {
  const { clock, tell } = run;
  for (let minutes = secondLookMinutes; minutes > 0; minutes--) {
    tell(
      `an earlier run may have asked for it, and RDS lists no such instance yet: looking again in ${minutes} min, before it is asked for again`,
    );
    await clock.sleep(60_000);
  }
  return findRestored(run, (intent ?? requestOf(run)).parameters, intent);
}

async function newIntent(run: RestoreRun): Promise<RestoreIntent> {
  const { api, clock } = run;
  return {
    at: readClock(clock.now()),
    parameters: requestOf(run).parameters,
    ...optional("accountId", await api.accountId()),
    ...optional("endpoint", api.endpoint),
  };
}

/** Writes what is asked for before it is asked. If another process has written it meanwhile, that one counts. */
async function writeIntent({ declared, lockFile }: RestoreRun, intent: RestoreIntent): Promise<LockedRestore> {
  const restores = await updateRestores(lockFile, (current) => ({
    ...current,
    [declared.key]: { intent, ...restoreOf(current, declared.key) },
  }));
  return restoreOf(restores, declared.key) ?? {};
}

/**
 * Asks RDS for the instance.
 *
 * @param isFirst whether no earlier run may have asked for it
 * @returns its id; or the failure after which nobody knows whether there is an instance
 * @throws RestoreFailure if there is none
 */
async function sendIntent(
  run: RestoreRun,
  { parameters }: RestoreIntent,
  isFirst: boolean,
): Promise<string | RestoreFailure> {
  const { api, declared } = run;
  try {
    return await api.create(parameters);
  } catch (error) {
    if (error instanceof RdsApiError && isTokenInUse(error)) {
      // It made nothing, and the instance may be older than it.
      await forgetIntent(run);
      return undecided(
        "TokenInUse",
        `RDS says that the restore ${declared.path} was asked for before with other parameters, but lists no instance of its name`,
        "wait some minutes, and run it again",
      );
    }
    const isRefused = error instanceof RdsApiError && refusedKinds.includes(error.kind) && !isUnderWay(error);
    // Credentials that may not ask say nothing about those of an earlier run.
    if (isRefused && (isFirst || error.kind !== ErrorKind.ACCESS)) {
      await forgetIntent(run);
    }
    if (isRefused) {
      throw failureOf(`RDS refuses to restore ${declared.path}`, error, withCauses(error));
    }
    const failure = failureOf(
      `it is not known whether RDS restores ${declared.path}`,
      error,
      `run "npx rds-dr restore ${declared.path}" again: it looks for the instance before it asks for it`,
    );
    run.tell(`${failure.message}: looking for the instance before it is asked for again`);
    return failure;
  }
}

/** What RDS says if it does not create an instance, whatever it is asked again. */
const refusedKinds = [
  ErrorKind.ACCESS,
  ErrorKind.MISUSE,
  ErrorKind.UNSUPPORTED,
  ErrorKind.NOT_FOUND,
  ErrorKind.ACCOUNT,
];

/** What the documents of RDS exclude, on several pages: no error code says it. */
const knownCauses =
  "some causes that RDS documents: the source is serverless, or of a new general-purpose type; its disk is an encrypted ESSD; it has the new architecture and was created after 2022-10-10; the account lacks the service-linked role AliyunServiceRoleForDBS";

function withCauses({ kind, hint }: RdsApiError): string {
  return kind === ErrorKind.ACCOUNT ? hint : `${hint}; ${knownCauses}`;
}

/** RDS documents no code for it; its sister services have several spellings. */
function isTokenInUse(error: RdsApiError): boolean {
  return /idempoten/i.test(error.code) && !isUnderWay(error);
}

/** Whether a request with the same token is not done yet, as sister services say it. */
function isUnderWay({ code }: RdsApiError): boolean {
  return /processing$/i.test(code);
}

/** Otherwise the next run would send what RDS refuses, whatever the code says by then. */
async function forgetIntent({ lockFile, declared: { key } }: RestoreRun): Promise<void> {
  await updateRestores(lockFile, (current) => {
    const { [key]: entry, ...others } = current;
    return entry?.instance === undefined ? others : current;
  });
}

/** Locks the instance. If another process has locked one meanwhile, it must be the same. */
async function lockInstance(
  { declared: { key, path }, lockFile, api, clock }: RestoreRun,
  intent: RestoreIntent | undefined,
  found: Omit<RestoredInstance, "at">,
): Promise<RestoredInstance> {
  const own: RestoredInstance = {
    at: readClock(clock.now()),
    ...found,
    ...optional("accountId", await api.accountId()),
    ...optional("endpoint", api.endpoint),
  };
  const restores = await updateRestores(lockFile, (current) => {
    const entry = restoreOf(current, key);
    return { ...current, [key]: { ...optional("intent", entry?.intent ?? intent), instance: entry?.instance ?? own } };
  }).catch((error: unknown) => {
    throw error instanceof InvalidRequestError ? notWritten(path, own.dbInstanceId, error) : error;
  });
  const { instance = own } = restoreOf(restores, key) ?? {};
  if (instance.dbInstanceId !== own.dbInstanceId) {
    throw undecided(
      "SeveralInstances",
      `${path} was restored twice: the lock file knows ${instance.dbInstanceId}, and RDS has made ${own.dbInstanceId} as well`,
      `keep ${instance.dbInstanceId}, and release ${own.dbInstanceId} in the console once you are sure`,
      own.dbInstanceId,
    );
  }
  return instance;
}

/** The instance is there, so its id must not be lost. */
function notWritten(path: string, dbInstanceId: string, { message }: InvalidRequestError): RestoreFailure {
  return new RestoreFailure(
    {
      kind: ErrorKind.MISUSE,
      code: "InstanceNotWritten",
      message: `the instance ${dbInstanceId} of ${path} is there, but the lock file does not know it: ${message}`,
      hint: `correct that, and run "npx rds-dr restore ${path}" again: it finds ${dbInstanceId}, and creates nothing`,
    },
    dbInstanceId,
  );
}

function restoredFrom({ parameters }: RestoreIntent): Partial<RestoredInstance> {
  const { BackupSetId, RestoreTime, ZoneId } = parameters;
  return {
    ...optional("crossBackupId", BackupSetId),
    ...optional("restoreTime", RestoreTime),
    ...optional("zoneId", ZoneId),
  };
}
