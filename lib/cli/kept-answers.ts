import type { Instant } from "../backup/instant";
import type { Settled } from "../lock/answer-by-mode";
import { entryOf, type Lock } from "../lock/locked-answers";
import { isPinned } from "../lock/pin";
import type { Settings } from "../lock/settings";
import { type Connection, type LookupQuery, queryKey } from "../lookup/query";
import { askerOf } from "../rds-api/credentials/caller-account";
import type { Io } from "./io";
import type { Journal, Recorded } from "./journal";

/** The answers to lookups that a journal keeps: those of RDS itself. */
export class KeptAnswers {
  private readonly askers = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly journal: Journal,
    private readonly lock: Lock,
    private readonly settings: Settings,
    private readonly io: Io,
  ) {}

  /** What an earlier run was answered to all of these questions; undefined if they must be asked. */
  async find(queries: readonly LookupQuery[]): Promise<Recorded<readonly Settled[]> | undefined> {
    const question = await this.questionOf(queries);
    return question === undefined || queries.some((query) => isPinned(query, this.lock))
      ? undefined
      : this.journal.find<readonly Settled[]>(question);
  }

  /** Writes answers down. A failure is asked again, and so is what the lock file said. */
  async record(settled: readonly Settled[], askedAt: Instant): Promise<void> {
    const question = await this.questionOf(settled.map(({ query }) => query));
    if (question !== undefined && settled.every(({ answer }) => answer.status !== "error" && answer.origin === "api")) {
      this.journal.record(question, { askedAt, answer: settled });
    }
  }

  /**
   * The questions and who asks them; undefined if that is not known. What is locked belongs to it: an answer that was
   * weighed against another one must be weighed again.
   */
  private async questionOf(queries: readonly LookupQuery[]): Promise<object | undefined> {
    const locked = queries.map((query) => entryOf(this.lock.answers, queryKey(query)));
    const askers = await Promise.all(queries.map(({ connection }) => this.askerOf(connection)));
    return askers.includes(undefined) ? undefined : { queries, locked, askers, mode: this.settings.mode };
  }

  private askerOf({ endpoint, profile, roleArn }: Connection): Promise<string | undefined> {
    const key = JSON.stringify([endpoint, profile, roleArn]);
    const { deadlineSeconds } = this.settings;
    const asking =
      this.askers.get(key) ?? askerOf({ endpoint, profile, roleArn }, this.io.environment, deadlineSeconds);
    // The lookups themselves say what is wrong with the credentials.
    const asker = asking.catch(() => undefined);
    this.askers.set(key, asker);
    return asker;
  }
}
