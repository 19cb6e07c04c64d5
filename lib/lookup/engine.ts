import type { RestorableBackup } from "../backup/restorable-backup";
import {
  checkCreateDdrDbInstance,
  type CheckCreateDdrDbInstanceRequest,
} from "../rds-api/actions/check-create-ddr-db-instance";
import { describeInstanceCrossBackupPolicy } from "../rds-api/actions/describe-instance-cross-backup-policy";
import { RdsApiError } from "../rds-api/errors/rds-api-error";
import {
  answered,
  errorAnswer,
  type ErrorAnswer,
  type FoundAnswer,
  isWorse,
  type LookupAnswer,
  type LookupFailure,
  type NoneAnswer,
} from "./answer";
import { type AnswerById, checkStandIn, judgeById, queryById, type StandIn } from "./by-id";
import { Connections } from "./connections";
import { lookUpEach } from "./look-up-each";
import { Preflight } from "./preflight";
import { type Check, sharedCheck } from "./preflight-request";
import { tellProgress } from "./progress";
import { type Connection, type LatestQuery, type LookupQuery, type LookupRun, subjectOf } from "./query";
import { lookUpRecoveryWindows } from "./recovery-window";

/** What the API says of a locked backup, and why not how far it can be recovered, if it does not say that. */
export type AnswerOnLocked = AnswerById & { readonly windowFailure?: LookupFailure };

/** Asks the API during one run: every question shares its connections and its deadline. */
export class Engine {
  private readonly connections: Connections;
  private readonly now: LookupRun["now"];
  private readonly check: Check;
  private readonly stopTelling: () => void;
  private asked = 0;
  private answered = 0;

  constructor({ now, deadlineSeconds, concurrency, environment }: Omit<LookupRun, "queries">) {
    this.now = now;
    this.connections = new Connections(performance.now() + deadlineSeconds * 1_000, concurrency, environment);
    this.check = sharedCheck((asked) => this.connections.clientFor(asked));
    this.stopTelling = tellProgress("RDS", () => this.standing());
  }

  private standing(): string {
    const { limit } = this.connections;
    const throttled = limit === undefined ? "" : `, throttled to about ${limit} a second,`;
    return `${this.answered} of ${this.asked} lookups answered${throttled}`;
  }

  /** Answers queries, in their order. */
  lookUp(queries: readonly LookupQuery[]): Promise<readonly LookupAnswer[]> {
    return Promise.all(this.lookUpEach(queries));
  }

  /**
   * Answers queries, in their order, each as soon as it can be; says on standard error where it stands when that
   * takes over a second.
   */
  lookUpEach(queries: readonly LookupQuery[]): readonly Promise<LookupAnswer>[] {
    this.asked += queries.length;
    return lookUpEach(queries, {
      now: this.now,
      clientFor: (asked) => this.connections.clientFor(asked),
      check: this.check,
      onAnswer: () => this.answered++,
    });
  }

  /** Asks for one backup by its id, and judges it by the rules of a question for the latest. */
  async lookUpById(query: LatestQuery, crossBackupId: string): Promise<AnswerById> {
    const [answer] = await this.lookUp([queryById(query, crossBackupId)]);
    return judgeById(query, crossBackupId, answered(answer), this.now);
  }

  /** As `lookUpById`, for a locked backup: with its recoverable window, if one is locked. */
  async lookUpLocked(query: LatestQuery, locked: RestorableBackup): Promise<AnswerOnLocked> {
    const byId = await this.lookUpById(query, locked.crossBackupId);
    if (byId.status !== "valid" || locked.recoverableUntil === undefined) {
      return byId;
    }
    const windowed = await this.recoveryWindows(query, [byId.backup]);
    return "error" in windowed
      ? { ...byId, windowFailure: windowed.error }
      : { ...byId, backup: answered(windowed[0]) };
  }

  /**
   * As `lookUpById`, for a backup that is to stand in for the answer of now: where the question has a preflight, it
   * must pass that as well.
   */
  async lookUpStandIn(
    query: LatestQuery,
    crossBackupId: string,
    live: FoundAnswer | NoneAnswer,
  ): Promise<StandIn> {
    const byId = await this.lookUpById(query, crossBackupId);
    // What is no better than the live answer, as the API knows it, stands in for nothing.
    if (byId.status !== "valid" || !isWorse(live, byId.backup)) {
      return byId;
    }
    this.asked++;
    try {
      return await checkStandIn(new Preflight(query, this.check), byId.backup, live);
    } finally {
      this.answered++;
    }
  }

  /** Backups of a query's instance with their recoverable windows. */
  async recoveryWindows(
    query: LookupQuery,
    backups: readonly RestorableBackup[],
  ): Promise<readonly RestorableBackup[] | ErrorAnswer> {
    this.asked++;
    try {
      const client = this.connections.clientFor(query);
      return await lookUpRecoveryWindows(client, query.request, backups, this.now);
    } catch (error) {
      return errorAnswer(subjectOf(query), error);
    } finally {
      this.answered++;
    }
  }

  /** Whether the API, asked in the destination's region, would create an instance out of a backup. */
  async checkCreate(
    request: CheckCreateDdrDbInstanceRequest,
    connection: Connection,
  ): Promise<boolean | ErrorAnswer> {
    this.asked++;
    try {
      return await checkCreateDdrDbInstance(this.connections.clientFor({ request, connection }), request);
    } catch (error) {
      return errorAnswer(`whether ${request.backupSetId} can be restored to ${request.regionId}`, error);
    } finally {
      this.answered++;
    }
  }

  /** Days for which the copies of a query's instance are kept; undefined where the API does not tell. */
  async retentionDays(query: LookupQuery): Promise<number | undefined> {
    const { regionId, dbInstanceId } = query.request;
    try {
      const client = this.connections.clientFor(query);
      return (await describeInstanceCrossBackupPolicy(client, { regionId, dbInstanceId })).retention;
    } catch (error) {
      // It is good to know, no more: the credentials may well not be allowed to ask.
      if (error instanceof RdsApiError) {
        return undefined;
      }
      throw error;
    }
  }

  /** Closes every connection. */
  close(): void {
    this.stopTelling();
    this.connections.close();
  }
}
