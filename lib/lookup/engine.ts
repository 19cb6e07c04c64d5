import type { Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";
import { compareRecords } from "../backup/select-latest";
import {
  checkCreateDdrDbInstance,
  type CheckCreateDdrDbInstanceRequest,
} from "../rds-api/actions/check-create-ddr-db-instance";
import { isBounded } from "../rds-api/actions/describe-cross-region-backups";
import { describeInstanceCrossBackupPolicy } from "../rds-api/actions/describe-instance-cross-backup-policy";
import { RdsApiError } from "../rds-api/errors/rds-api-error";
import type { RdsClient } from "../rds-api/rds-client";
import {
  errorAnswer,
  type ErrorAnswer,
  type FoundAnswer,
  isWorse,
  type LookupAnswer,
  type LookupFailure,
  type NoneAnswer,
} from "./answer";
import { type AnswerById, checkSubstitute, judgeById, queryById, type SubstituteAnswer } from "./by-id";
import { type Asked, Connections } from "./connections";
import { Listings } from "./listings";
import { lookBack } from "./look-back";
import { type Check, Preflight, sharedCheck } from "./preflight";
import { showProgress } from "./progress";
import {
  type BackupQuery,
  type Connection,
  type InstancesQuery,
  type LatestQuery,
  type ListQuery,
  type LookupQuery,
  type LookupRun,
  restoreOf,
  subjectOf,
} from "./query";
import { lookUpRecoveryWindows } from "./recovery-window";

/** What the API says of a locked backup, and why not how far it can be recovered, if it does not say that. */
export type AnswerOnLocked = AnswerById & { readonly windowFailure?: LookupFailure };

/** How an engine asks. */
export interface EngineRun extends Omit<LookupRun, "queries" | "now"> {
  /** The time that counts as now. A run of hours must not take a new backup for one from the future. */
  readonly clock: () => Instant;
  /** How many questions will come, for the progress. @default - as many as came so far */
  readonly expected?: number;
  /** Whether the answers name the requests that gave them. @default false */
  readonly namesRequests?: boolean;
}

/** Asks the API during one run: every question shares its connections and its deadline. */
export class Engine {
  private readonly clock: EngineRun["clock"];
  private readonly expected: number;
  private readonly clientFor: (asked: Asked) => RdsClient;
  private readonly check: Check;
  private readonly namesRequests: boolean;
  private readonly stopProgress: () => void;
  private asked = 0;
  private answered = 0;

  /** @param connections where the clients come from */
  constructor(
    { clock, expected = 0, deadlineSeconds, concurrency, environment, namesRequests = false }: EngineRun,
    private readonly connections: Pick<Connections, "clientFor" | "limit" | "close"> = new Connections(
      performance.now() + deadlineSeconds * 1_000,
      concurrency,
      environment,
      undefined,
      namesRequests,
    ),
  ) {
    this.namesRequests = namesRequests;
    this.clock = clock;
    this.expected = expected;
    this.clientFor = (asked) => this.connections.clientFor(asked);
    this.check = sharedCheck(this.clientFor);
    this.stopProgress = showProgress("RDS", () => this.standing());
  }

  /**
   * Answers many queries at once, in their order, each as soon as it can be. Those that need the same records share
   * one listing. A failure is an answer; only a defect throws.
   */
  lookUpEach(queries: readonly LookupQuery[]): readonly Promise<LookupAnswer>[] {
    const aboutBackups = queries.filter((query) => query.kind !== "instances");
    const listings = new Listings(aboutBackups, this.clock(), this.clientFor);
    return queries.map((query) =>
      this.ask(subjectOf(query), async () => this.withRequests(query, await this.answer(query, listings))),
    );
  }

  private answer(query: LookupQuery, listings: Listings): Promise<LookupAnswer> {
    switch (query.kind) {
      case "latest":
        return this.latest(query, listings);
      case "list":
        return this.list(query, listings);
      case "instances":
        return this.instances(query);
    }
  }

  /** Asks for the record with an id, as the API lists it. */
  async lookUpRecord(query: BackupQuery, crossBackupId: string): Promise<LookupAnswer> {
    const byId = queryById(query, crossBackupId);
    const listings = new Listings([byId], this.clock(), this.clientFor);
    return this.ask<LookupAnswer>(subjectOf(query), () => this.list(byId, listings));
  }

  /** Asks for one backup by its id, and judges it by the rules of a question for the latest. */
  async lookUpById(query: LatestQuery, crossBackupId: string): Promise<AnswerById> {
    return judgeById(query, crossBackupId, await this.lookUpRecord(query, crossBackupId), this.clock());
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
      : { ...byId, backup: windowed[0] ?? byId.backup };
  }

  /**
   * As `lookUpById`, for a substitute of the answer of now: if the question has a preflight, it must pass that as
   * well.
   */
  async lookUpSubstitute(
    query: LatestQuery,
    crossBackupId: string,
    live: FoundAnswer | NoneAnswer,
  ): Promise<SubstituteAnswer> {
    const byId = await this.lookUpById(query, crossBackupId);
    const preflight = this.preflightOf(query);
    // What is no better than the live answer, as the API knows it, replaces nothing.
    return byId.status !== "valid" || !isWorse(live, byId.backup) || preflight === undefined
      ? byId
      : this.ask(subjectOf(query), () => checkSubstitute(preflight, byId.backup, live));
  }

  /** Backups of a query's instance with their recoverable windows. */
  recoveryWindows(
    query: BackupQuery,
    backups: readonly RestorableBackup[],
  ): Promise<readonly RestorableBackup[] | ErrorAnswer> {
    return this.ask(subjectOf(query), () => this.windowed(query, backups));
  }

  /** Whether the API, asked in the destination's region, would create an instance out of a backup. */
  checkCreate(request: CheckCreateDdrDbInstanceRequest, connection: Connection): Promise<boolean | ErrorAnswer> {
    const subject = `whether ${request.backupSetId} can be restored to ${request.regionId}`;
    return this.ask(subject, () => checkCreateDdrDbInstance(this.clientFor({ request, connection }), request));
  }

  /** Days for which the copies of a query's instance are kept; undefined if the API does not say. */
  async retentionDays(query: BackupQuery): Promise<number | undefined> {
    const { regionId, dbInstanceId } = query.request;
    try {
      const client = this.clientFor(query);
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
    this.stopProgress();
    this.connections.close();
  }

  private standing(): string {
    const { limit } = this.connections;
    const throttled = limit === undefined ? "" : `, throttled to about ${limit} a second,`;
    return `${this.answered} of ${Math.max(this.asked, this.expected)} lookups answered${throttled}`;
  }

  /** Counts a question until it is answered; a failure is an answer as well. */
  private async ask<T>(subject: string, question: () => Promise<T>): Promise<T | ErrorAnswer> {
    this.asked++;
    try {
      return await question();
    } catch (error) {
      return errorAnswer(subject, error);
    } finally {
      this.answered++;
    }
  }

  /** An answer with the ids of the requests that gave it, if the run wants them. */
  private withRequests(query: LookupQuery, answer: LookupAnswer): LookupAnswer {
    if (!this.namesRequests || query.kind === "instances" || answer.status === "error") {
      return answer;
    }
    const { regionId, dbInstanceId } = query.request;
    return { ...answer, requestIds: this.clientFor(query).takeRequestIds(regionId, dbInstanceId) };
  }

  private windowed(query: BackupQuery, backups: readonly RestorableBackup[]): Promise<readonly RestorableBackup[]> {
    return lookUpRecoveryWindows(this.clientFor(query), query.request, backups, this.clock());
  }

  private preflightOf(query: LatestQuery): Preflight | undefined {
    const restore = restoreOf(query);
    return restore && new Preflight(query, restore, this.check);
  }

  /** The answer to a question for the latest backup, with its recoverable window if that is asked for. */
  private async latest(query: LatestQuery, listings: Listings): Promise<LookupAnswer> {
    const answer = await lookBack(query, listings, this.preflightOf(query));
    if (answer.status !== "found" || query.request.recoveryWindow === undefined) {
      return answer;
    }
    const [backup = answer.backup] = await this.windowed(query, [answer.backup]);
    return { ...answer, backup };
  }

  private async list(query: ListQuery, listings: Listings): Promise<LookupAnswer> {
    const { request } = query;
    const window = isBounded(request) ? undefined : listings.wholeWindow;
    const records = await listings.recordsOf(query, { ...request, ...window });
    return { status: "listed", origin: "api", records: [...records].sort(compareRecords) };
  }

  private async instances(query: InstancesQuery): Promise<LookupAnswer> {
    // Loaded here, since few apps ask for instances.
    const { discoverInstances, sourceInstanceOf } = require("./discover") as typeof import("./discover");
    const instances = await discoverInstances(this.clientFor(query), query.request);
    return { status: "discovered", origin: "api", instances: instances.map(sourceInstanceOf) };
  }
}
