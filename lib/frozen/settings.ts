import { createRequire } from "node:module";
import { isObject, optional } from "../backup/row";
import type { Connection } from "../lookup/query";
import { chooseProfile } from "../rds-api/credentials";
import { checkEndpoint } from "../rds-api/endpoint";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { checkOneOf, ifGiven } from "../rds-api/request-checks";
import type { LockedAnswers } from "./locked-answers";

/** Where the answers to lookups come from. */
export enum Mode {
  /** The API. */
  LIVE = "live",
  /** The locked answers alone: no network. */
  LOCKED = "locked",
}

/** What happens when a backup is older than `maxAgeHours`. */
export enum OnStale {
  /** An error: nothing is synthesised. */
  FAIL = "fail",
  /** A warning: the backup is used. */
  WARN = "warn",
}

/** Throws unless the value is one of `OnStale`. */
export function checkOnStale(parameter: string, value: string): void {
  checkOneOf(parameter, value, Object.values(OnStale));
}

/** How the package behaves, apart from what is asked. */
export interface Settings {
  readonly mode: Mode;
  /** How long all lookups of one wait may take, seconds. */
  readonly deadlineSeconds: number;
  /** The operator's word on backups that are too old; beats what the code says. */
  readonly operatorsOnStale: OnStale | undefined;
  /** What happens when the code says nothing. */
  readonly defaultOnStale: OnStale;
  /** Endpoint of lookups whose code names none. */
  readonly endpoint: string | undefined;
  /** Profile of lookups whose code names none. */
  readonly profile: string | undefined;
  readonly answers: LockedAnswers;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The key of the package under `context` in cdktf.json. */
export const contextKey = "rds-dr";

const contextKeys = ["answers", "deadlineSeconds", "endpoint", "mode", "onStale", "profile"];

const defaultDeadlineSeconds = 30;

const maxDeadlineSeconds = 3_600;

/**
 * Puts the settings together: the environment beats the context. Credentials and the profile of the
 * environment are left to the client.
 *
 * @param context the value of `context.rds-dr` in cdktf.json, if any
 * @throws InvalidRequestError names the variable or the key, its value and what is allowed
 */
export function readSettings(context: unknown, environment: Environment): Settings {
  const inContext = checkContext(context);
  const ofVariable = (name: string): Setting => ({
    name,
    value: environment[name] === "" ? undefined : environment[name],
  });
  const read = (key: string, variable?: string): Setting => {
    const setting = variable === undefined ? undefined : ofVariable(variable);
    return setting?.value === undefined ? { name: nameInContext(key), value: inContext[key] } : setting;
  };
  const mode = oneOf(Object.values(Mode), read("mode", "RDS_DR_MODE"));
  if (mode === undefined && inContext["answers"] !== undefined) {
    const allowed = 'given where there are "answers": "locked", which uses them, or "live", which does not';
    throw new InvalidRequestError(nameInContext("mode"), undefined, allowed);
  }
  return {
    mode: mode ?? Mode.LIVE,
    deadlineSeconds: seconds(read("deadlineSeconds", "RDS_DR_DEADLINE_SECONDS")) ?? defaultDeadlineSeconds,
    operatorsOnStale: oneOf(Object.values(OnStale), ofVariable("RDS_DR_ON_STALE")),
    defaultOnStale: oneOf(Object.values(OnStale), read("onStale")) ?? OnStale.FAIL,
    endpoint: endpoint(read("endpoint", "ALIBABA_CLOUD_ENDPOINT_RDS")),
    profile: chooseProfile(undefined, environment, text(read("profile"))),
    answers: lockedAnswers(inContext["answers"]),
  };
}

/** What happens when a backup is too old: the operator's word, else what the code says, else the app's default. */
export function onStaleOf(given: OnStale | undefined, settings: Settings): OnStale {
  return settings.operatorsOnStale ?? given ?? settings.defaultOnStale;
}

/** The connection of a lookup: what its code names, else what the settings say. */
export function connectionOf(given: Connection, settings: Settings): Connection {
  const { endpoint = settings.endpoint, profile = settings.profile } = given;
  return { ...optional("endpoint", endpoint), ...optional("profile", profile) };
}

interface Setting {
  readonly name: string;
  readonly value: unknown;
}

function nameInContext(key: string): string {
  return `"${key}" in the context "${contextKey}"`;
}

function checkContext(context: unknown): Readonly<Record<string, unknown>> {
  if (context === undefined) {
    return {};
  }
  if (!isObject(context) || Array.isArray(context)) {
    throw new InvalidRequestError(`the context "${contextKey}"`, context, "an object");
  }
  for (const key of Object.keys(context)) {
    if (!contextKeys.includes(key)) {
      throw new InvalidRequestError(`a key in the context "${contextKey}"`, key, contextKeys.join(", "));
    }
  }
  return context;
}

function oneOf<T extends string>(allowed: readonly T[], { name, value }: Setting): T | undefined {
  const word = allowed.find((candidate) => candidate === value);
  if (value !== undefined && word === undefined) {
    throw new InvalidRequestError(name, value, allowed.map((each) => `"${each}"`).join(" or "));
  }
  return word;
}

function seconds({ name, value }: Setting): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  // A variable of the environment is text; so may be a value in the context.
  const number = typeof value === "string" ? Number(value) : value;
  if (!(typeof number === "number" && number > 0 && number <= maxDeadlineSeconds)) {
    throw new InvalidRequestError(name, value, `a number of seconds above 0, at most ${maxDeadlineSeconds}`);
  }
  return number;
}

function text({ name, value }: Setting): string | undefined {
  if (value !== undefined && (typeof value !== "string" || value === "")) {
    throw new InvalidRequestError(name, value, "text");
  }
  return value;
}

function endpoint(setting: Setting): string | undefined {
  const given = text(setting);
  ifGiven(checkEndpoint, setting.name, given);
  return given;
}

function lockedAnswers(value: unknown): LockedAnswers {
  if (value === undefined) {
    return {};
  }
  // Loaded here, since most apps have no answers in their context, and the schema library takes its time.
  const load = createRequire(__filename);
  const { parseLockedAnswers } = load("./parse-locked-answers") as typeof import("./parse-locked-answers");
  return parseLockedAnswers(value, nameInContext("answers"));
}
