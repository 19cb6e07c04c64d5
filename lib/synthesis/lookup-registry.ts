import { Annotations, App, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { DeclaredQuestion } from "../lock/answer-by-mode";
import { Mode } from "../lock/mode";
import { answered, type LookupAnswer } from "../lookup/answer";
import { type LookupQuery, queryKey, readClock } from "../lookup/query";
import { InvalidRequestError } from "../validation/checks";
import { printable } from "../validation/printable";
import { type AnyLookup, type Circumstances, type Judge, Lookup, type Verdict } from "./lookup";
import { checked, fail, type LookupError, LookupErrors } from "./lookup-error";

/** Inspects a construct once all lookups have settled. */
export type Inspection = () => Verdict<never>;

const registries = new WeakMap<IConstruct, LookupRegistry>();

/**
 * The lookups of an app. Those declared so far settle together, in one wait: when somebody needs the first concrete
 * value, or at synthesis.
 */
export class LookupRegistry {
  /** The registry of the app that a construct belongs to. */
  static of(construct: IConstruct): LookupRegistry {
    const { root } = construct.node;
    const registry = registries.get(root) ?? new LookupRegistry(root);
    registries.set(root, registry);
    return registry;
  }

  private readonly lookups: AnyLookup[] = [];
  private readonly inspections: { readonly construct: IConstruct; readonly inspect: Inspection }[] = [];
  private readonly warned = new Set<string>();
  private isForDestroyOnly = false;
  private warningsOfSettings: readonly string[] = [];

  private constructor(private readonly root: IConstruct) {}

  /** Declares the lookup of a construct. */
  declare<T>(construct: IConstruct, query: LookupQuery, judge: Judge<T>, maxAgeHours?: number): Lookup<T> {
    const settleAll = (): void => {
      this.settle(lookup);
    };
    const lookup = new Lookup<T>(construct, query, judge, settleAll, maxAgeHours);
    this.lookups.push(lookup);
    return lookup;
  }

  /** Inspects a construct once all lookups have settled: the inspection may use what they found. */
  inspect(construct: IConstruct, inspect: Inspection): void {
    this.inspections.push({ construct, inspect });
  }

  /**
   * Gets the answers to all open lookups. A lookup whose construct was taken out of the tree is not asked, unless it is
   * the wanted one.
   */
  settle(wanted?: AnyLookup): void {
    const open = this.lookups.filter(
      (lookup) => !lookup.isSettled && (lookup === wanted || isInTree(lookup.construct)),
    );
    const [first] = open;
    if (first === undefined) {
      return;
    }
    const queries = open.map(({ query }) => query);
    const { answers, circumstances } = checked(first.construct.node.path, () => this.answersTo(queries));
    const { mode, refreshReport, warnings } = circumstances.settings;
    this.warningsOfSettings = warnings;
    this.isForDestroyOnly ||= mode === Mode.DESTROY;
    if (mode === Mode.DESTROY && refreshReport !== undefined) {
      reportQuestions(refreshReport, open);
    }
    answers.forEach((answer, index) => open[index]?.settle(answer, circumstances));
    if (mode === Mode.LOCKED && wanted?.error?.code === notLocked) {
      // All that are missing at once, not one a run.
      failTogether(open.map(({ error }) => error).filter((error) => error?.code === notLocked));
    }
  }

  /**
   * Answers queries in their order, as the settings and the environment say. Identical ones are asked once.
   *
   * What answers is loaded here, because an app without an open lookup needs none of it.
   *
   * @throws InvalidRequestError for settings or a lock file that cannot be understood
   */
  private answersTo(given: readonly LookupQuery[]): {
    readonly answers: readonly LookupAnswer[];
    readonly circumstances: Circumstances;
  } {
    const { contextKey, readSettings } = require("../lock/settings") as typeof import("../lock/settings");
    const { withConnection } = require("../lock/connection") as typeof import("../lock/connection");
    const { answerBy } = require("../lock/answer-by-mode") as typeof import("../lock/answer-by-mode");
    const settings = readSettings(this.root.node.tryGetContext(contextKey), process.env, process.cwd());
    // Nobody deploys what an app writes for the command that runs it.
    if (settings.mode === Mode.DESTROY && settings.refreshReport === undefined) {
      checkDeployCanBeForbidden(this.root);
    }
    const now = readClock();
    const queries = given.map((query) => withConnection(query, settings));
    const keys = queries.map((query) => JSON.stringify([queryKey(query), query.connection]));
    const distinct = new Map(queries.map((query, index) => [keys[index], query]));
    const answers = answerBy(settings, now, [...distinct.values()], (run) => {
      // Loaded here, since locked answers need no wait.
      const { waitForLookups } = require("./wait-for-lookups") as typeof import("./wait-for-lookups");
      return waitForLookups(run);
    });
    const answerTo = new Map([...distinct.keys()].map((key, index) => [key, answers[index]]));
    return { answers: keys.map((key) => answered(answerTo.get(key))), circumstances: { settings, now } };
  }

  /** Settles what is still open, inspects, and reports: warnings as annotations, all errors together. */
  finish(): void {
    this.settle();
    if (this.isForDestroyOnly) {
      forbidDeploy(this.root);
    }
    const lookups = this.lookups.filter(({ construct }) => isInTree(construct));
    // An inspection also completes what is written, such as the arguments to ignore.
    const inspected = this.inspections
      .filter(({ construct }) => isInTree(construct))
      .map(({ construct, inspect }) => ({ construct, ...inspect() }));
    // Placeholders would break every rule, and nothing can be made with them.
    const verdicts = this.isForDestroyOnly ? lookups : [...lookups, ...inspected];
    failTogether(verdicts.map(({ error }) => error));
    const [first] = lookups;
    if (first !== undefined) {
      this.warn(first.construct, this.warningsOfSettings);
    }
    for (const { construct, warnings = [] } of verdicts) {
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

/**
 * Says what lookups ask to the command that runs the app.
 *
 * @throws InvalidRequestError if the report cannot be written
 */
function reportQuestions(report: string, lookups: readonly AnyLookup[]): void {
  // Loaded here, because most runs report nothing.
  const { appendReport } = require("../lock/update-lock-file") as typeof import("../lock/update-lock-file");
  const questions = lookups.map(({ query, maxAgeHours }): DeclaredQuestion => ({ query, maxAgeHours }));
  appendReport(
    report,
    questions.map((question) => ({ question })),
  );
}

/** Code of the error for an answer that the lock file lacks. */
const notLocked = "NotLocked";

/** Throws if there is an error: itself if it is the only one. */
function failTogether(candidates: readonly (LookupError | undefined)[]): void {
  const errors = candidates.filter((error) => error !== undefined);
  const [first, ...others] = errors;
  if (first !== undefined) {
    fail(others.length === 0 ? first : new LookupErrors(errors));
  }
}

/** False for a construct that was removed, alone or with one that contains it. */
function isInTree({ node }: IConstruct): boolean {
  return node.scopes.every(
    ({ node: each }) => each.scope?.node.tryFindChild(each.id)?.node === each || each.scope === undefined,
  );
}

/** A resource without a provider; Terraform knows it from 1.4 on. */
const guard = "resource.terraform_data.rds_dr_destroy_only";

/** Throws if cdktf cannot write the guard: it writes no preconditions as HCL. */
function checkDeployCanBeForbidden(root: IConstruct): void {
  if (App.isApp(root) && root.hclOutput) {
    const allowed = "omitted with HCL: the guard against a deploy needs JSON, so destroy without --hcl";
    throw new InvalidRequestError("RDS_DR_MODE", "destroy", allowed);
  }
}

/**
 * Lets Terraform do nothing but a destroy with the stacks of an app. Terraform judges the precondition of a resource when
 * it plans to make the resource, and a destroy makes none. The precondition of an output would stop a destroy as well.
 * Whoever picks single resources (`-target`) gets past it, and past Terraform's own warning.
 */
function forbidDeploy(root: IConstruct): void {
  const stacks = root.node.findAll().filter((node) => TerraformStack.isStack(node));
  for (const stack of stacks) {
    stack.addOverride(guard, {
      lifecycle: {
        precondition: [
          {
            // Never true; Terraform accepts no plain false.
            condition: "${terraform.workspace == null}",
            error_message:
              "This was synthesised with RDS_DR_MODE=destroy: it contains placeholders in place of backups, so use it only to destroy. To deploy, synthesise it again without RDS_DR_MODE=destroy.",
          },
        ],
      },
    });
  }
}
