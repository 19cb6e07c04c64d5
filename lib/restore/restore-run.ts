import type { DeclaredRestore, RestoreRequest } from "../lock/restores";
import type { CreateDdrInstanceParameters } from "../rds-api/actions/create-ddr-instance";
import type { DbInstance } from "../rds-api/actions/describe-db-instances";
import { undecided } from "./restore-failure";

/** One restore that is made, and what it needs of the world. */
export interface RestoreRun {
  readonly declared: DeclaredRestore;
  /** Absolute path of the lock file. */
  readonly lockFile: string;
  readonly api: RestoreApi;
  readonly clock: Clock;
  /** Shows what happens, at once. */
  readonly tell: (line: string) => void;
}

/** Whether the word of RDS for the status of an instance says that it is ready. */
export function isRunning(status: string | undefined): boolean {
  return status?.toLowerCase() === "running";
}

/** The words of RDS for an instance that will never run. Any other word is progress. */
const lostForms = [/fail/i, /^delet/i, /^releas/i];

/** Throws if the status of an instance says that it will never run. */
export function checkNotLost({ declared: { path } }: RestoreRun, { dbInstanceId, status = "" }: DbInstance): void {
  if (lostForms.some((form) => form.test(status))) {
    throw undecided(
      "RestoreFailed",
      `the instance ${dbInstanceId} of ${path} is "${status}"`,
      `see in the console what became of it; to restore again, raise the generation (1 by default) at ${path}`,
      dbInstanceId,
    );
  }
}

/** The time, and pauses. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** What is asked of RDS, in the region of the restore. Each function throws an RdsApiError. */
export interface RestoreApi {
  /** The origin of the endpoint that is asked; undefined if that is Alibaba's own. */
  readonly endpoint: string | undefined;
  /** The account of the credentials; undefined if nobody says it. */
  readonly accountId: () => Promise<string | undefined>;
  /** Every instance with exactly this name. A list that may be incomplete is an error. */
  readonly instancesNamed: (name: string) => Promise<readonly DbInstance[]>;
  /** An instance by its id; undefined if there is none. */
  readonly instance: (dbInstanceId: string) => Promise<DbInstance | undefined>;
  /** Whether RDS would create it; or why it is not asked. */
  readonly isAccepted: (request: RestoreRequest) => Promise<boolean | { readonly notAsked: string }>;
  /** What it costs, in words; undefined if RDS does not say. */
  readonly price: (parameters: CreateDdrInstanceParameters) => Promise<string | undefined>;
  /** Creates an instance, unless RDS knows the token: then it returns the id of the one that it made. */
  readonly create: (parameters: CreateDdrInstanceParameters) => Promise<string>;
}

/**
 * What RDS is to be asked for.
 *
 * @throws RestoreFailure if the app did not say it, as the lock file knew the instance when the app ran
 */
export function requestOf({ declared: { path, request } }: RestoreRun): RestoreRequest {
  if (request === undefined) {
    throw undecided("LockFileChanged", `the lock file no longer knows the instance of ${path}`, "run it again");
  }
  return request;
}
