import { dirname, join, resolve } from "node:path";
import { isObject } from "../backup/json-object";
import { chooseProfile, chooseRoleArn } from "../rds-api/credentials/variables";
import { checkEndpoint, checkEndpointOfRepository, isReadableByProvider } from "../rds-api/endpoint";
import { checkOneOf, InvalidRequestError } from "../validation/checks";
import type { LockedAnswers } from "./locked-answers";
import { Mode, OnStale, type OnStaleSettings } from "./mode";
import { parseLockedAnswers } from "./parse-locked-answers";
import { nearestProjectFile } from "./project-file";
import type { LockedRestores } from "./restores";

/** Destroying is the operator's word alone: no commit may turn every deploy into an error. */
const modesInContext = [Mode.LIVE, Mode.LOCKED, Mode.REFRESH];

/** How the package behaves, apart from what is asked. */
export interface Settings extends OnStaleSettings {
  readonly mode: Mode;
  /** How long all lookups of one wait may take, seconds. */
  readonly deadlineSeconds: number;
  /** Most requests at once for one endpoint, profile and role. */
  readonly concurrency: number;
  /** Endpoint of lookups whose code names none, if it serves their region. */
  readonly endpoint: string | undefined;
  /** The same for the region of a restore. */
  readonly restoreEndpoint: string | undefined;
  /** Profile of lookups whose code names none. */
  readonly profile: string | undefined;
  /** RAM role of lookups whose code names none. */
  readonly roleArn: string | undefined;
  /** Locked answers that the context holds, which stand for the lock file. */
  readonly answers: LockedAnswers | undefined;
  /** Locked restores that the context holds, which stand for those of the lock file. */
  readonly restores: LockedRestores | undefined;
  /** Absolute path of the lock file, whether it exists or not; undefined if there is no place for one. */
  readonly lockFile: string | undefined;
  /** Whether a refresh may replace a locked backup by an older one, or by none. */
  readonly acceptOlder: boolean;
  /** Where a refresh reports its answers in place of writing them: `rds-dr refresh` names this file to the app that it runs. */
  readonly refreshReport: string | undefined;
  /** What the user must know of the settings themselves. */
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Name of the lock file beside `cdktf.json`. */
const lockFileName = "rds-dr.lock.json";

/** The key of the package under `context` in cdktf.json. */
export const contextKey = "rds-dr";
const contextKeys = ["answers", "concurrency", "deadlineSeconds", "endpoint", "mode", "onStale", "restores"];

/** What a repository must not choose, as it decides whose credentials sign, and what chooses it. */
const keysOfOperator: Readonly<Record<string, string>> = {
  profile: "ALICLOUD_PROFILE, ALIBABA_CLOUD_PROFILE, --profile or the prop profile",
  roleArn: "ALICLOUD_ASSUME_ROLE_ARN, ALIBABA_CLOUD_ROLE_ARN, --role-arn or the prop roleArn",
};

/** The Terraform provider reads it too. */
const sharedEndpoint = "ALIBABA_CLOUD_ENDPOINT_RDS";
const endpointVariables = ["RDS_DR_ENDPOINT", sharedEndpoint];

const defaultDeadlineSeconds = 30;
const maxDeadlineSeconds = 86_400;

/**
 * Requests at once if nothing else is said. To read one page takes 3 ms of a processor, so that at 50 ms a round
 * trip 16 keep one nearly busy, and 64 are hardly a tenth faster. Nobody documents the API's limit: what is under way
 * when it is met is refused, so a smaller number is the politer one, and so are fewer sockets (Terraform's own is 10).
 */
const defaultConcurrency = 16;

const maxConcurrency = 256;

/**
 * Puts the settings together: the environment beats the context. Credentials and the profile of the
 * environment are left to the client.
 *
 * @param context the value of `context.rds-dr` in cdktf.json, if any
 * @param folder in which the search for cdktf.json begins, upwards; the lock file stands beside it
 * @throws InvalidRequestError names the variable or the key, its value and what is allowed
 */
export function readSettings(context: unknown, environment: Environment, folder: string): Settings {
  const inContext = checkContext(context);
  const variable = (name: string): string | undefined => (environment[name] === "" ? undefined : environment[name]);
  const ofVariable = (name: string): Setting => ({ name, value: variable(name) });
  const ofContext = (key: string): Setting => ({ name: nameInContext(key), value: inContext[key] });
  const read = (key: string, ...names: readonly string[]): Setting =>
    names.map(ofVariable).find(({ value }) => value !== undefined) ?? ofContext(key);
  const flag = (name: string): boolean => oneOf(["true", "false"], ofVariable(name)) === "true";
  // Read by the check of every endpoint; here for what it may be.
  flag("RDS_DR_ALLOW_HTTP");
  const endpointOf = (...names: readonly string[]): string | undefined =>
    endpoint(read("endpoint", ...names), environment);
  const shared = variable(sharedEndpoint);
  const mode = oneOf(Object.values(Mode), ofVariable("RDS_DR_MODE")) ?? oneOf(modesInContext, ofContext("mode"));
  const lockFileGiven = variable("RDS_DR_LOCK_FILE");
  return {
    mode: mode ?? Mode.LIVE,
    deadlineSeconds: numberOf(
      read("deadlineSeconds", "RDS_DR_DEADLINE_SECONDS"),
      defaultDeadlineSeconds,
      (number) => number > 0 && number <= maxDeadlineSeconds,
      `a number of seconds above 0, at most ${maxDeadlineSeconds}`,
    ),
    concurrency: numberOf(
      read("concurrency", "RDS_DR_CONCURRENCY"),
      defaultConcurrency,
      (number) => Number.isInteger(number) && number >= 1 && number <= maxConcurrency,
      `a whole number of requests, 1 to ${maxConcurrency}`,
    ),
    operatorsOnStale: oneOf(Object.values(OnStale), ofVariable("RDS_DR_ON_STALE")),
    defaultOnStale: oneOf(Object.values(OnStale), ofContext("onStale")) ?? OnStale.FAIL,
    endpoint: endpointOf(...endpointVariables),
    restoreEndpoint: endpointOf("RDS_DR_RESTORE_ENDPOINT", ...endpointVariables),
    profile: chooseProfile(undefined, environment),
    roleArn: chooseRoleArn(environment),
    answers: lockFileGiven === undefined ? answersInContext(ofContext("answers"), mode) : undefined,
    restores: lockFileGiven === undefined ? restoresInContext(ofContext("restores"), mode) : undefined,
    lockFile: lockFileGiven === undefined ? lockFileBesideProject(folder) : resolve(folder, lockFileGiven),
    acceptOlder: flag("RDS_DR_ACCEPT_OLDER"),
    refreshReport: variable("RDS_DR_REFRESH_REPORT"),
    warnings: shared === undefined || isReadableByProvider(shared) ? [] : [unreadableByProvider],
  };
}

function lockFileBesideProject(folder: string): string | undefined {
  const project = nearestProjectFile(folder);
  return project === undefined ? undefined : join(dirname(project), lockFileName);
}

const unreadableByProvider = `${sharedEndpoint} is not a host or host:port: the Terraform provider reads this variable too, and cannot read a URL or "vpc" there. Unset it, and set RDS_DR_ENDPOINT`;

interface Setting {
  readonly name: string;
  readonly value: unknown;
}

function nameInContext(key: string): string {
  return `"${key}" in the context "${contextKey}"`;
}

function checkContext(context: unknown = {}): Readonly<Record<string, unknown>> {
  if (!isObject(context) || Array.isArray(context)) {
    throw new InvalidRequestError(`the context "${contextKey}"`, context, "an object");
  }
  for (const [key, value] of Object.entries(context)) {
    if (Object.hasOwn(keysOfOperator, key)) {
      const allowed = `omitted, as a repository must not choose whose credentials sign: use ${keysOfOperator[key] ?? ""}`;
      throw new InvalidRequestError(nameInContext(key), value, allowed);
    }
    if (!contextKeys.includes(key)) {
      throw new InvalidRequestError(`a key in the context "${contextKey}"`, key, contextKeys.join(", "));
    }
  }
  return context;
}

function oneOf<T extends string>(words: readonly T[], { name, value }: Setting): T | undefined {
  const word = value as T | undefined;
  if (word !== undefined) {
    checkOneOf(name, word, words);
  }
  return word;
}

function numberOf(
  { name, value }: Setting,
  fallback: number,
  isAllowed: (number: number) => boolean,
  allowed: string,
): number {
  // A variable of the environment is text; so may be a value in the context.
  const number = typeof value === "string" ? Number(value) : value === undefined ? fallback : value;
  if (typeof number !== "number" || !isAllowed(number)) {
    throw new InvalidRequestError(name, value, allowed);
  }
  return number;
}

function endpoint({ name, value }: Setting, environment: Environment): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== "string" || value === "") {
    throw new InvalidRequestError(name, value, "text");
  }
  if (name === nameInContext("endpoint")) {
    checkEndpointOfRepository(name, value);
  } else {
    checkEndpoint(name, value, environment);
  }
  return value;
}

function answersInContext({ name, value }: Setting, mode: Mode | undefined): LockedAnswers | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (mode === undefined || mode === Mode.REFRESH) {
    const allowed =
      '"locked", which uses "answers" alone, or "live", which falls back on them: "answers" are in place of a lock file';
    throw new InvalidRequestError(nameInContext("mode"), mode, allowed);
  }
  try {
    // A copy: the context is the user's, who may change it.
    return JSON.parse(JSON.stringify(parseLockedAnswers(value, name))) as LockedAnswers;
  } catch (error) {
    if (mode === Mode.DESTROY && error instanceof InvalidRequestError) {
      // To destroy takes no answers: what is wrong with them must not stop it.
      return undefined;
    }
    throw error;
  }
}

function restoresInContext({ name, value }: Setting, mode: Mode | undefined): LockedRestores | undefined {
  // To destroy needs no restores: what is wrong with them must not stop it.
  if (value === undefined || mode === Mode.DESTROY) {
    return undefined;
  }
  // Loaded here, because most apps have none.
  const { parseRestores } = require("./parse-restores") as typeof import("./parse-restores");
  return JSON.parse(JSON.stringify(parseRestores(value, name))) as LockedRestores;
}
