import { type Rejection, RejectionReason } from "../backup/rejection";
import type { RestorableBackup } from "../backup/restorable-backup";
import { optional } from "../backup/row";
import type { Rejections } from "../backup/select-latest";
import { blamesBackup, RdsApiError } from "../rds-api/errors/rds-api-error";
import {
  errorAnswer,
  type ErrorAnswer,
  type FoundAnswer,
  type LookupFailure,
  type NoneAnswer,
} from "./answer";
import {
  explainRefusals,
  type Refusal,
  refusalLines,
  refusalWarnings,
  Stop,
  type Unasked,
} from "./explain-preflight";
import { type Check, conclusiveCheckFor } from "./preflight-request";
import { type LatestQuery, restoreOf, subjectOf } from "./query";

/** Backups that are asked about for one question: that so many are broken in a row says more than any one of them. */
const maxCandidates = 5;

/**
 * Whether the refusals so far end the search, and why; undefined where the next older backup may be the right one.
 * A plain "no" says not whether the backup or the instance to be created is to blame: two of them say that it is not
 * the backup. Pure.
 */
export function stopAfter(refusals: readonly Refusal[]): Stop | undefined {
  if (refusals.filter(({ isPlain }) => isPlain).length > 1) {
    return Stop.NOT_THE_BACKUP;
  }
  return refusals.length >= maxCandidates ? Stop.TOO_MANY : undefined;
}

/** The preflight of one question: its candidates, the latest first, asked for one after the other. */
export class Preflight {
  private readonly restore;
  private readonly refusals: Refusal[] = [];

  constructor(
    private readonly query: LatestQuery,
    private readonly check: Check,
  ) {
    this.restore = restoreOf(query);
  }

  /** The backups that were refused, by id. */
  get refused(): ReadonlyMap<string, Rejection> {
    return new Map(
      this.refusals.map(({ backup: { crossBackupId }, detail }) => [
        crossBackupId,
        { crossBackupId, reason: RejectionReason.PREFLIGHT_REFUSED, detail },
      ]),
    );
  }

  /**
   * The answer to the question, given the latest backup that has not been refused; undefined where it is refused now,
   * and the next older one is to be tried.
   */
  async answerWith(
    backup: RestorableBackup,
    rejections: Rejections,
  ): Promise<FoundAnswer | ErrorAnswer | undefined> {
    const check = this.restore && conclusiveCheckFor(this.restore, backup);
    if (check === undefined) {
      return this.found(backup, rejections);
    }
    if ("inconclusive" in check) {
      return this.isUndecided
        ? this.stopped(Stop.NOT_COMPARABLE, { backup, ...check })
        : this.found(backup, rejections, check.inconclusive);
    }
    const { regionId, dbInstanceClass, dbInstanceStorage } = check.request;
    try {
      if (await this.check(this.query.connection, check.request)) {
        return this.found(backup, rejections);
      }
      const detail = `CheckCreateDdrDBInstance says no to ${dbInstanceClass} with ${dbInstanceStorage} GB in ${regionId}`;
      this.refusals.push({ backup, isPlain: true, detail });
    } catch (error) {
      if (!(error instanceof RdsApiError && blamesBackup(error.code))) {
        return this.failed(backup, error);
      }
      this.refusals.push({ backup, isPlain: false, detail: `in ${regionId}, ${error.message}` });
    }
    const stop = stopAfter(this.refusals);
    return stop === undefined ? undefined : this.stopped(stop);
  }

  /** The answer where no backup is left that could be asked about. */
  answerWithNone({ rejected, leftOut }: Rejections): NoneAnswer | ErrorAnswer {
    if (this.isUndecided) {
      return this.stopped(Stop.NOTHING_TO_COMPARE);
    }
    const lines = refusalLines(this.refusals);
    return {
      status: "none",
      rejected,
      ...optional("leftOut", leftOut),
      ...optional("warnings", lines.length === 0 ? undefined : lines),
    };
  }

  /** Whether there was a plain "no", of which it is not known what is to blame. */
  private get isUndecided(): boolean {
    return this.refusals.some(({ isPlain }) => isPlain);
  }

  private found(
    backup: RestorableBackup,
    { rejected, leftOut }: Rejections,
    inconclusive?: string,
  ): FoundAnswer {
    const warnings = refusalWarnings(this.query, this.refusals, backup);
    if (inconclusive !== undefined) {
      const { regionId = "" } = this.restore ?? {};
      warnings.push(
        `no preflight tells whether ${backup.crossBackupId} of ${subjectOf(this.query)} can be restored to ${regionId}: ${inconclusive}`,
      );
    }
    return {
      status: "found",
      backup,
      rejected,
      ...optional("leftOut", leftOut),
      ...optional("warnings", warnings.length === 0 ? undefined : warnings),
    };
  }

  private stopped(stop: Stop, unasked?: Unasked): ErrorAnswer {
    return this.error(explainRefusals(this.query, this.refusals, stop, unasked));
  }

  /** Anything but the backup's fault is the answer; what was refused before is told with it. */
  private failed({ crossBackupId }: RestorableBackup, error: unknown): ErrorAnswer {
    const { regionId = "" } = this.restore ?? {};
    const answer = errorAnswer(
      `whether ${regionId} accepts ${crossBackupId} of ${subjectOf(this.query)} (the preflight)`,
      error,
    );
    const message = [answer.error.message, ...refusalLines(this.refusals)].join("\n  ");
    return this.error({ ...answer.error, message });
  }

  private error(error: LookupFailure): ErrorAnswer {
    const rejected = [...this.refused.values()];
    return { status: "error", error, ...optional("rejected", rejected.length === 0 ? undefined : rejected) };
  }
}
