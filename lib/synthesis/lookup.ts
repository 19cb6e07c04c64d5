import type { IConstruct } from "constructs";
import type { Instant } from "../backup/instant";
import type { RestorableBackup } from "../backup/restorable-backup";
import { OnStale, onStaleOf } from "../lock/mode";
import type { Settings } from "../lock/settings";
import type { LookupAnswer } from "../lookup/answer";
import type { LatestRequest, LookupQuery } from "../lookup/query";
import { fail, LookupError, misuse } from "./lookup-error";

/** What a construct makes of the answer to its question. */
export interface Verdict<T> {
  /** What was asked for; undefined where there is none. */
  readonly value?: T;
  /** Why the synthesis must fail. */
  readonly error?: LookupError;
  /** What the user must know all the same. */
  readonly warnings?: readonly string[];
}

/** Under which settings an answer is judged, and when. */
export interface Circumstances {
  readonly settings: Settings;
  readonly now: Instant;
}

/** Turns the answer to a question into what the construct makes of it. */
export type Judge<T> = (answer: LookupAnswer, circumstances: Circumstances) => Verdict<T>;

/** Reads a fact of what was asked for. */
export type ReadFact<T, V> = (value: T) => V;

/** A question as the registry sees it, whatever its answer is. */
export interface Question {
  readonly construct: IConstruct;
  readonly query: LookupQuery;
  readonly isSettled: boolean;
  /** Why the synthesis must fail, if it must. */
  readonly error: LookupError | undefined;
  /** What the user must know all the same. */
  readonly warnings: readonly string[];
  /** Called by the registry when the answer is there. */
  settle(answer: LookupAnswer, circumstances: Circumstances): void;
}

/** The question of a construct; the answer is there after the first look at it, or at synthesis. */
export class Lookup<T> implements Question {
  private verdict: Verdict<T> | undefined;
  private noneIsFine = false;
  private readonly factsInUse = new Map<string, ReadFact<T, unknown>>();

  constructor(
    readonly construct: IConstruct,
    readonly query: LookupQuery,
    private readonly judge: Judge<T>,
    private readonly settleAll: () => void,
  ) {}

  settle(answer: LookupAnswer, circumstances: Circumstances): void {
    this.verdict = this.judge(answer, circumstances);
  }

  get isSettled(): boolean {
    return this.verdict !== undefined;
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

  /** What was asked for, once it is there and the synthesis may go on with it. */
  valueIfFine(): T | undefined {
    return this.verdict?.error === undefined ? this.verdict?.value : undefined;
  }

  /** A fact that something uses. Throws where the answer does not tell it. */
  fact<V>(name: string, read: ReadFact<T, V>): V {
    if (this.noneIsFine) {
      fail(
        misuse(
          this.construct.node.path,
          "NoBackup",
          `${name} is used, but tryLookUp() found that there is no valid backup`,
          "use the attributes only where tryLookUp() gives a backup",
        ),
      );
    }
    const fact = read(this.value());
    return fact === undefined ? fail(this.unknownFact(name)) : fact;
  }

  /** Remembers that something uses a fact, to be checked once the answer is there. */
  expectFact(name: string, read: ReadFact<T, unknown>): void {
    this.factsInUse.set(name, read);
  }

  get error(): LookupError | undefined {
    if (this.noneIsFine) {
      return undefined;
    }
    const { value, error } = this.settled();
    if (error !== undefined || value === undefined) {
      return error;
    }
    const unknown = [...this.factsInUse].find(([, read]) => read(value) === undefined);
    return unknown && this.unknownFact(unknown[0]);
  }

  get warnings(): readonly string[] {
    const { error, warnings = [] } = this.settled();
    return this.noneIsFine && error !== undefined ? [error.reason] : warnings;
  }

  private unknownFact(name: string): LookupError {
    return misuse(
      this.construct.node.path,
      "UnknownFact",
      `${name} is used, but the record of the backup does not tell it`,
      hintFor[name] ??
        `do without ${name}, or set it in code; "npx rds-dr list --json" shows what the record tells`,
    );
  }

  private settled(): Verdict<T> {
    if (this.verdict === undefined) {
      this.settleAll();
    }
    return this.verdict ?? {};
  }
}

/** What to do about a fact that no record tells. */
const hintOfWindow = "set recoveryWindow: true at the lookup; an answer written by hand must hold it as well";
const hintFor: Readonly<Partial<Record<string, string>>> = {
  recoverableFrom: hintOfWindow,
  recoverableUntil: hintOfWindow,
};

/** Code of the error that `valueOrNone` turns into undefined. */
const noValidBackup = "NoValidBackup";

/** Loaded with the first answer. */
let outcomes: typeof import("../lookup/age-limit") | undefined;

/** How old the data of a backup may be, as a construct says it. */
export interface GivenAgeLimit {
  /** Hours; undefined for no limit. */
  readonly maxAgeHours: number | undefined;
  /** Undefined for what the settings say. */
  readonly onStale: OnStale | undefined;
}

/** Judges the answer to a question for the latest backup: none and too old are errors, or too old a warning. */
export function judgeLatest(
  path: string,
  request: LatestRequest,
  { maxAgeHours, onStale }: GivenAgeLimit,
): Judge<RestorableBackup> {
  return (answer, { settings, now }) => {
    outcomes ??= require("../lookup/age-limit") as typeof import("../lookup/age-limit");
    const staleIsFine = onStaleOf(onStale, settings) === OnStale.WARN;
    const { backup, failure, warnings } = outcomes.outcomeOf(
      request,
      answer,
      { maxAgeHours, staleIsFine },
      now,
    );
    return failure === undefined ? { value: backup, warnings } : { error: new LookupError(path, failure) };
  };
}
