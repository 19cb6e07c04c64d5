import { Annotations } from "cdktf";
import type { IConstruct } from "constructs";
import type { Instant } from "../backup/instant";
import { lockedAnswer } from "../frozen/locked-answers";
import { connectionOf, contextKey, Mode, readSettings, type Settings } from "../frozen/settings";
import type { LookupAnswer } from "../lookup/answer";
import { readClock } from "../lookup/clock";
import { queryKey, type LookupQuery } from "../lookup/query";
import { Lookup, type Judge, type Question } from "./lookup";
import { checked, fail, LookupErrors } from "./lookup-error";
import { waitForLookups } from "./wait-for-lookups";

const registries = new WeakMap<IConstruct, LookupRegistry>();

/**
 * The questions of an app. Those declared so far settle together, in one wait: at the first concrete value
 * that is needed, or at synthesis.
 */
export class LookupRegistry {
  /** The registry of the app that a construct belongs to. */
  static of(construct: IConstruct): LookupRegistry {
    const { root } = construct.node;
    const registry = registries.get(root) ?? new LookupRegistry(root);
    registries.set(root, registry);
    return registry;
  }

  private readonly lookups: Question[] = [];
  private settledCount = 0;
  private warnedCount = 0;

  private constructor(private readonly root: IConstruct) {}

  /** Declares a question of a construct. */
  declare<T>(construct: IConstruct, query: LookupQuery, judge: Judge<T>): Lookup<T> {
    const lookup = new Lookup(construct, query, judge, () => {
      this.settle();
    });
    this.lookups.push(lookup);
    return lookup;
  }

  /** Gets the answers to all questions that have none yet; identical ones are asked once. */
  settle(): void {
    const open = this.lookups.slice(this.settledCount);
    const [first] = open;
    if (first === undefined) {
      return;
    }
    const settings = checked(first.construct.node.path, () =>
      readSettings(this.root.node.tryGetContext(contextKey), process.env),
    );
    const now = readClock();
    const questions = open.map(({ query }): LookupQuery => ({
      ...query,
      connection: connectionOf(query.connection, settings),
    }));
    const keys = questions.map((query) => JSON.stringify([queryKey(query), query.connection]));
    const distinct = new Map(questions.map((query, index) => [keys[index], query]));
    const answers = answerAll([...distinct.values()], settings, now);
    const answerTo = new Map([...distinct.keys()].map((key, index) => [key, answers[index]]));
    open.forEach((lookup, index) => {
      const answer = answerTo.get(keys[index]);
      if (answer === undefined) {
        throw new Error(`${lookup.construct.node.path}: the engine gave no answer`);
      }
      lookup.settle(answer, { settings, now });
    });
    this.settledCount += open.length;
  }

  /**
   * Settles what is still open, and tells what must be told: warnings once, as annotations, and errors of all
   * lookups together.
   */
  finish(): void {
    this.settle();
    const errors = this.lookups.map(({ error }) => error).filter((error) => error !== undefined);
    const [first, ...others] = errors;
    if (first !== undefined) {
      fail(others.length === 0 ? first : new LookupErrors(errors));
    }
    for (const { construct, warnings } of this.lookups.slice(this.warnedCount)) {
      for (const warning of warnings) {
        Annotations.of(construct).addWarning(warning);
      }
    }
    this.warnedCount = this.lookups.length;
  }
}

function answerAll(
  queries: readonly LookupQuery[],
  settings: Settings,
  now: Instant,
): readonly LookupAnswer[] {
  return settings.mode === Mode.LOCKED
    ? queries.map((query) => lockedAnswer(query, settings.answers, now))
    : waitForLookups({
        queries,
        now,
        deadlineSeconds: settings.deadlineSeconds,
        environment: process.env,
      });
}
