import { checkOneOf } from "../rds-api/request-checks";

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
export function onStaleOf(
  given: OnStale | undefined,
  {
    operatorsOnStale,
    defaultOnStale,
  }: { readonly operatorsOnStale: OnStale | undefined; readonly defaultOnStale: OnStale },
): OnStale {
  return operatorsOnStale ?? given ?? defaultOnStale;
}
