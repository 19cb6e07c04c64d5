import type { LookupFailure } from "../lookup/answer";

/** Why a command has no result at all: told on standard error, and by the exit code of the failure. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";

  constructor(readonly failure: LookupFailure) {
    super(failure.message);
  }
}
