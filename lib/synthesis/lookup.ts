import type { IConstruct } from "constructs";
import type { Instant } from "../backup/instant";
import type { Settings } from "../frozen/settings";
import type { LookupAnswer } from "../lookup/answer";
import type { LookupQuery } from "../lookup/query";
import { fail, type LookupError } from "./lookup-error";

/** What a construct makes of the answer to its question. */
export interface Verdict<T> {
  /** What was asked for; undefined where there is none. */
  readonly value?: T;
  /** Why the synthesis must fail. */
  readonly error?: LookupError;
  /** What the user must know all the same. */
  readonly warning?: string;
}

/** Under which settings an answer is judged, and when. */
export interface Circumstances {
  readonly settings: Settings;
  readonly now: Instant;
}

/** Turns the answer to a question into what the construct makes of it. */
export type Judge<T> = (answer: LookupAnswer, circumstances: Circumstances) => Verdict<T>;

/** The question of a construct; the answer is there after the first look at it, or at synthesis. */
export class Lookup<T> {
  private verdict: Verdict<T> | undefined;
  private noneIsFine = false;

  constructor(
    readonly construct: IConstruct,
    readonly query: LookupQuery,
    private readonly judge: Judge<T>,
    private readonly settleAll: () => void,
  ) {}

  /** Called by the registry when the answer is there. */
  settle(answer: LookupAnswer, circumstances: Circumstances): void {
    this.verdict = this.judge(answer, circumstances);
  }

  /** What was asked for; settles every question of the app that is still open. Throws where it failed. */
  value(): T {
    const { value, error } = this.settled();
    if (error !== undefined) {
      fail(error);
    }
    if (value === undefined) {
      throw new Error(`${this.construct.node.path}: a verdict without a value and without an error`);
    }
    return value;
  }

  /** As `value`, but undefined where the only trouble is that there is none; that fails the synthesis no more. */
  valueOrNone(): T | undefined {
    const { error } = this.settled();
    if (error?.code === noValidBackup) {
      this.noneIsFine = true;
      return undefined;
    }
    return this.value();
  }

  /** Why the synthesis must fail, if it must. */
  get error(): LookupError | undefined {
    return this.noneIsFine ? undefined : this.settled().error;
  }

  get warning(): string | undefined {
    return this.settled().warning;
  }

  /** True where there is none, and the app was told so and goes on. */
  get isMissing(): boolean {
    return this.noneIsFine;
  }

  private settled(): Verdict<T> {
    if (this.verdict === undefined) {
      this.settleAll();
    }
    return this.verdict ?? {};
  }
}

/** Code of the error that `valueOrNone` turns into undefined. */
const noValidBackup = "NoValidBackup";
