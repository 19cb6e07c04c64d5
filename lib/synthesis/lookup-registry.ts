import { Annotations } from "cdktf";
import type { IConstruct } from "constructs";
import { Mode } from "../lock/mode";
import type { LookupQuery } from "../lookup/query";
import { printable } from "../validation/printable";
import { forbidDeploy } from "./forbid-deploy";
import { type Judge, Lookup, type Question } from "./lookup";
import { checked, fail, type LookupError, LookupErrors } from "./lookup-error";

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

  private readonly questions: Question[] = [];
  private readonly inspections: { readonly construct: IConstruct; readonly inspect: Inspect }[] = [];
  private readonly warned = new Set<string>();
  private isForDestroyOnly = false;
  private warningsOfSettings: readonly string[] = [];

  private constructor(private readonly root: IConstruct) {}

  /** Declares a question of a construct. */
  declare<T>(construct: IConstruct, query: LookupQuery, judge: Judge<T>): Lookup<T> {
    const lookup = new Lookup<T>(construct, query, judge, () => {
      this.settle(lookup);
    });
    this.questions.push(lookup);
    return lookup;
  }

  /** Has a construct looked at once all questions are settled, and may have got what they asked for. */
  inspect(construct: IConstruct, inspect: Inspect): void {
    this.inspections.push({ construct, inspect });
  }

  /**
   * Gets the answers to all questions that have none yet; identical ones are asked once. Those of constructs
   * that were taken out of the tree are not asked, unless it is the one that somebody wants.
   */
  settle(wanted?: Question): void {
    const open = this.questions.filter(
      (question) => !question.isSettled && (question === wanted || isInTree(question.construct)),
    );
    const [first] = open;
    if (first === undefined) {
      return;
    }
    const { path } = first.construct.node;
    const { settleQueries } = require("./settle-queries") as typeof import("./settle-queries");
    const queries = open.map(({ query }) => query);
    const { answers, circumstances } = checked(path, () => settleQueries(this.root, queries));
    const { mode, warnings } = circumstances.settings;
    this.warningsOfSettings = warnings;
    this.isForDestroyOnly ||= mode === Mode.DESTROY;
    answers.forEach((answer, index) => open[index]?.settle(answer, circumstances));
    if (mode === Mode.LOCKED && wanted?.error?.code === notLocked) {
      // All that are missing at once, not one a run.
      failTogether(open.map(({ error }) => error).filter((error) => error?.code === notLocked));
    }
  }

  /**
   * Settles what is still open, and tells what must be told: warnings once, as annotations, and errors of all
   * lookups together.
   */
  finish(): void {
    this.settle();
    if (this.isForDestroyOnly) {
      forbidDeploy(this.root);
    }
    const questions = this.questions.filter(({ construct }) => isInTree(construct));
    // Placeholders would break every rule, and nothing can be deployed with them.
    const inspected = this.isForDestroyOnly
      ? []
      : this.inspections.filter(({ construct }) => isInTree(construct));
    const findings = [
      ...questions,
      ...inspected.map(({ construct, inspect }) => ({ construct, ...inspect() })),
    ];
    failTogether(findings.map(({ error }) => error));
    const [first] = questions;
    if (first !== undefined) {
      this.warn(first.construct, this.warningsOfSettings);
    }
    for (const { construct, warnings = [] } of findings) {
      this.warn(construct, warnings);
    }
  }

  /** Annotates a construct, with each warning once. */
  private warn(construct: IConstruct, warnings: readonly string[]): void {
    for (const warning of warnings) {
      const key = JSON.stringify([construct.node.path, warning]);
      if (!this.warned.has(key)) {
        this.warned.add(key);
        Annotations.of(construct).addWarning(printable(warning));
      }
    }
  }
}

/** What an inspection found. */
export interface Finding {
  /** Why the synthesis must fail. */
  readonly error?: LookupError | undefined;
  /** What the user must know all the same. */
  readonly warnings?: readonly string[];
}

/** Looks at a construct. */
export type Inspect = () => Finding;

/** Code of the error for an answer that the lock file lacks. */
const notLocked = "NotLocked";

/** Throws where there is an error: itself if it is the only one. */
function failTogether(candidates: readonly (LookupError | undefined)[]): void {
  const errors = candidates.filter((error) => error !== undefined);
  const [first, ...others] = errors;
  if (first !== undefined) {
    fail(others.length === 0 ? first : new LookupErrors(errors));
  }
}

/** False for a construct that was removed, alone or with one that holds it. */
function isInTree({ node }: IConstruct): boolean {
  return node.scopes.every(
    ({ node: each }) => each.scope?.node.tryFindChild(each.id)?.node === each || each.scope === undefined,
  );
}
