import type { IConstruct } from "constructs";
import type { Instant } from "../backup/instant";
import type { Settings } from "../lock/settings";
import type { LookupAnswer } from "../lookup/answer";
import type { LookupQuery } from "../lookup/query";
import { fail, type LookupError, misuse, refuse } from "./lookup-error";

/** What a construct makes of the answer to its query. */
export interface Verdict<T> {
  /** What it looked up; undefined if there is none. */
  readonly value?: T;
  /** Why the synthesis must fail. */
  readonly error?: LookupError | undefined;
  /** What the user must know, although the synthesis may go on. */
  readonly warnings?: readonly string[];
}

/** The settings by which an answer is judged, and when that is. */
export interface Circumstances {
  readonly settings: Settings;
  readonly now: Instant;
}

/** Makes a verdict of an answer. */
export type Judge<T> = (answer: LookupAnswer, circumstances: Circumstances) => Verdict<T>;

/** Reads a fact of what was looked up. */
export type ReadFact<T, V> = (value: T) => V;

/** A lookup, whatever it looks up. */
export type AnyLookup = Pick<
  Lookup<unknown>,
  "construct" | "error" | "isSettled" | "maxAgeHours" | "query" | "settle" | "warnings"
>;

/** The lookup of a construct. It settles when somebody needs its value, and at synthesis at the latest. */
export class Lookup<T> {
  private verdict: Verdict<T> | undefined;
  private noneIsFine = false;
  private readonly factsInUse = new Map<string, ReadFact<T, unknown>>();

  constructor(
    readonly construct: IConstruct,
    readonly query: LookupQuery,
    private readonly judge: Judge<T>,
    private readonly settleAll: () => void,
    /** How old the data may be, hours. */
    readonly maxAgeHours?: number,
  ) {}

  /** Takes the answer; the registry calls it. */
  settle(answer: LookupAnswer, circumstances: Circumstances): void {
    this.verdict = this.judge(answer, circumstances);
  }

  get isSettled(): boolean {
    return this.verdict !== undefined;
  }

  /** What was looked up. Settles every open lookup of the app, and throws if this one failed. */
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

  /** As `value`, but undefined if there is no valid backup, which then does not fail the synthesis. */
  valueOrNone(): T | undefined {
    if (this.settled().error?.code === noValidBackup) {
      this.noneIsFine = true;
      return undefined;
    }
    return this.value();
  }

  /** What was looked up, once the lookup has settled without an error. */
  valueIfFine(): T | undefined {
    return this.verdict?.error === undefined ? this.verdict?.value : undefined;
  }

  /**
   * A fact that something uses. Throws if the answer does not contain it, before any file is written.
   *
   * @param preparing whether cdktf prepares a synthesis: then an open lookup only notes the fact, and checks it later
   */
  fact(name: string, read: ReadFact<T, unknown>, preparing: boolean): unknown {
    if (preparing && !this.isSettled) {
      this.factsInUse.set(name, read);
      return undefined;
    }
    if (this.noneIsFine) {
      refuse(
        this.construct.node.path,
        "NoBackup",
        `${name} is used, but tryLookUp() found no valid backup`,
        "use the attributes only if tryLookUp() returns a backup",
      );
    }
    const fact = read(this.value());
    return fact === undefined ? fail(this.unknownFact(name)) : fact;
  }

  /** Why the synthesis must fail; undefined if it may go on. */
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
      `${name} is used, but the record of the backup does not contain it`,
      name.startsWith("recoverable")
        ? "set recoveryWindow: true at the lookup; an answer written by hand must contain it as well"
        : `do without ${name}, or set it in code; "npx rds-dr list --json" shows what the record contains`,
    );
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
