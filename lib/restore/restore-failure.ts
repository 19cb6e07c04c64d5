import type { LookupFailure } from "../lookup/answer";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { RdsApiError } from "../rds-api/errors/rds-api-error";

/** Why a restore cannot go on. Nothing was deleted or changed. */
export class RestoreFailure extends Error {
  override readonly name = "RestoreFailure";

  /** @param dbInstanceId the instance, if one is known */
  constructor(
    readonly failure: LookupFailure,
    readonly dbInstanceId?: string,
  ) {
    super(failure.message);
  }
}

/** A failure for which somebody must decide first, such as two instances of one name. */
export function undecided(code: string, message: string, hint: string, dbInstanceId?: string): RestoreFailure {
  return new RestoreFailure({ kind: ErrorKind.ACCOUNT, code, message, hint }, dbInstanceId);
}

/**
 * The failure for an error of the client.
 *
 * @param doing what failed, such as `cannot list the instances`
 * @throws the error itself if it is of any other kind
 */
export function failureOf(doing: string, error: unknown, hint?: string): RestoreFailure {
  if (!(error instanceof RdsApiError)) {
    throw error;
  }
  const { kind, code, message, httpStatus, requestId } = error;
  return new RestoreFailure({
    kind,
    code,
    message: `${doing}: ${message}`,
    hint: hint ?? error.hint,
    httpStatus,
    requestId,
  });
}
