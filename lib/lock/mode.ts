import { checkOneOf } from "../validation/checks";

/** Where the answers to lookups come from. */
export enum Mode {
  /** The API; a locked answer if the API fails on its side, or comes back without its newest backups. */
  LIVE = "live",
  /** The locked answers alone: no network. */
  LOCKED = "locked",
  /** As live, and the answers are written to the lock file. */
  REFRESH = "refresh",
  /** Locked answers and placeholders, with which nothing but a destroy can be done: no network. */
  DESTROY = "destroy",
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

/** What happens when a backup is too old: the operator's word, else what the code says, else the app's default. */
export function onStaleOf(given: OnStale | undefined, settings: OnStaleSettings): OnStale {
  return settings.operatorsOnStale ?? given ?? settings.defaultOnStale;
}

/** What the settings say of backups that are too old. */
export interface OnStaleSettings {
  /** The operator's word; beats what the code says. */
  readonly operatorsOnStale: OnStale | undefined;
  /** What happens if the code says nothing. */
  readonly defaultOnStale: OnStale;
}
