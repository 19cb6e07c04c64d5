import { isObject, optional } from "../../backup/json-object";
import { snakeCase } from "../../backup/record-fields";
import { factNames, type RestorableBackup } from "../../backup/restorable-backup";
import { type OnStale, onStaleOf } from "../../lock/mode";
import type { Settings } from "../../lock/settings";
import type { LatestOutcome } from "../../lookup/age-limit";
import { answered } from "../../lookup/answer";
import { checkOneOf, ifGiven, InvalidRequestError } from "../../validation/checks";
import { readInput } from "../../validation/json-file";
import { ExitCode, exitCodeFor } from "../exit-code";
import type { CommandResult, Io } from "../io";
import { type CommandSpec, number, regionVariables, variableOf } from "../options";
import { checkAge, type LatestOptions, lookup, lookUpLatest } from "./lookup";

/** Options that make no sense for one lookup of Terraform. */
const notProps = ["from", "json", "resume"];

/** The keys of a query, in snake_case: the props of a lookup, which are the options of `rds-dr lookup`. */
const props = lookup.options
  .map(([flags, , reading]) => ({ prop: propOf(flags), isNumber: reading?.parse === number }))
  .filter(({ prop }) => !notProps.includes(prop));

const queryKeys = props.map(({ prop }) => snakeCase(prop));

/** `--db-instance-id <id...>` is `dbInstanceId`; for the window, the prop has a longer name. */
function propOf(flags: string): string {
  const [flag = ""] = flags.slice("--".length).split(" ");
  const prop = flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return prop === "window" ? "recoveryWindow" : prop;
}

/** The text of each prop that a query contains. */
type Query = Readonly<Record<string, string | undefined>>;

const queryExample = '{"db_instance_id":"rm-uf6wjk5xxxx","region_id":"cn-hangzhou","restore_region":"cn-shanghai"}';

/**
 * `rds-dr external`: the latest valid full backup, by the protocol of Terraform's data source "external".
 *
 * @see https://registry.terraform.io/providers/hashicorp/external/latest/docs/data-sources/external
 */
export const external: CommandSpec<unknown> = {
  name: "external",
  does: 'serve data "external" of plain Terraform: read a query as JSON, print a backup as JSON',
  options: [],
  notes: `
The query is a JSON object whose values are text. It may contain the options of lookup, in snake_case:
  ${queryKeys.join("\n  ")}
It must contain db_instance_id. It must contain region_id unless ${regionVariables.slice(0, -1).join(", ")} or
${regionVariables.at(-1) ?? ""} is set. Null and empty text count as omitted.
`,
  example: `echo '${queryExample}' | rds-dr external`,
  async run(_, io) {
    const text = io.stdin.isTTY === true ? "" : await readInput(io.stdin, "the query on standard input");
    const query = parseQuery(text, io);
    try {
      return await answer(query, io);
    } catch (error) {
      throw inWordsOf(query, error);
    }
  },
};

/** Only a result goes to standard output. Terraform shows standard error only if there is no result. */
async function answer(query: Query, io: Io): Promise<CommandResult> {
  const { dbInstanceId = "", regionId = "", recoveryWindow } = query;
  const numbers = props.flatMap(({ prop, isNumber }) =>
    isNumber && query[prop] !== undefined ? [[prop, Number(query[prop])]] : [],
  );
  ifGiven(checkFlagText, "recoveryWindow", recoveryWindow);
  const window = optional("window", recoveryWindow === "true" ? true : undefined);
  const options = { ...query, ...Object.fromEntries(numbers), regionId, ...window } as LatestOptions;
  checkAge(options);
  const onStale = (settings: Settings): OnStale => onStaleOf(options.onStale, settings);
  const results: LatestOutcome[] = [];
  await lookUpLatest([{ dbInstanceId, regionId }], options, io, onStale, (each) => {
    results.push(each);
  });
  const { backup, failure, warnings } = answered(results[0]);
  return failure === undefined
    ? { exitCode: ExitCode.DONE, warnings, json: resultOf({ dbInstanceId, regionId }, backup, warnings) }
    : { exitCode: exitCodeFor(failure), warnings, failed: [{ name: dbInstanceId, failure }] };
}

/** @throws InvalidRequestError if it is no object of text, or has a key that no query has */
function parseQuery(given: string, io: Io): Query {
  const query = parseJson(given);
  if (!isObject(query) || Array.isArray(query)) {
    const value = given.trim() === "" ? undefined : given;
    throw new InvalidRequestError("the query on standard input", value, `a JSON object such as ${queryExample}`);
  }
  for (const [key, value] of Object.entries(query)) {
    if (!queryKeys.includes(key)) {
      throw new InvalidRequestError("a key of the query", key, queryKeys.join(", "));
    }
    if (value !== null && typeof value !== "string") {
      throw new InvalidRequestError(nameInQuery(key), value, "text, as every value of a query");
    }
  }
  // What a Terraform module omits, it passes as null or as empty text.
  const texts = props.map(({ prop }) => [prop, query[snakeCase(prop)]]).filter(([, text]) => (text ?? "") !== "");
  return { regionId: variableOf(io, regionVariables), ...(Object.fromEntries(texts) as Query) };
}

function checkFlagText(name: string, value: string): void {
  checkOneOf(name, value, ["true", "false"]);
}

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

/** An error with the key and the text of the query in place of the prop and its value. */
function inWordsOf(query: Query, error: unknown): unknown {
  if (!(error instanceof InvalidRequestError) || !queryKeys.includes(snakeCase(error.parameter))) {
    return error;
  }
  const { parameter, allowed } = error;
  return new InvalidRequestError(nameInQuery(snakeCase(parameter)), query[parameter], allowed);
}

function nameInQuery(key: string): string {
  return `"${key}" of the query`;
}

/** Every fact in its place, without a value: Terraform fails on a key that is missing. */
const noFacts = Object.fromEntries(factNames.map((name) => [name, ""]));

/** The facts under Terraform's names, as text; with the warnings, which Terraform shows nowhere else. */
function resultOf(
  source: { readonly dbInstanceId: string; readonly regionId: string },
  backup: RestorableBackup | undefined,
  warnings: readonly string[],
): Record<string, string> {
  // A time interval of ISO 8601; ".." is an open end.
  const recoveryGaps = (backup?.recoveryGaps ?? []).map(({ start, end = ".." }) => `${start}/${end}`);
  const facts = { ...source, ...noFacts, ...backup, recoveryGaps, warnings: warnings.join("\n") };
  return Object.fromEntries(
    Object.entries<unknown>(facts)
      .filter(([name]) => name !== "unreadable")
      // The text of a list has commas between its elements.
      .map(([name, value]) => [snakeCase(name), String(value)]),
  );
}
