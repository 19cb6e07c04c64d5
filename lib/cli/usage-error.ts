import type { Command, CommanderError } from "commander";
import { onOneLine } from "../validation/printable";

/** Forms of words that stand alone on a command line, and the options that the user may mean, the likeliest first. */
const meantFor: readonly (readonly [form: RegExp, flags: readonly string[]])[] = [
  [/^\d+$/, ["--cross-backup-id", "--port"]],
  [/^(?:latest|list) /, ["--key"]],
  [/^(?:ap|cn|eu|me|na|sa|us)-[a-z]/, ["--region-id"]],
  [/[./\\]/, ["--from", "--world", "--app-dir"]],
  [/^[a-z][a-z0-9]*-[a-z0-9]/i, ["--db-instance-id"]],
];

/** An id of an instance: what is most often given without its option. */
const idForm = /^[a-z]+-[a-z0-9]{4,}$/i;

/**
 * Says what is wrong with a command line.
 *
 * @param error what commander says about it
 * @param name the first word
 * @param command the command of that name, which has read the other words; undefined if there is none
 */
export function usageText(error: CommanderError, name: string, command: Command | undefined): string {
  if (command === undefined) {
    return withoutCommand(error, name);
  }
  const { code, message } = error;
  const [argument] = command.registeredArguments;
  if (code === "commander.excessArguments" && argument !== undefined) {
    const words = command.args.map(onOneLine).join(" ");
    return `error: ${command.name()} takes one ${argument.name()}, but "${words}" stands there`;
  }
  if (code === "commander.excessArguments") {
    return loneWordsText(command);
  }
  const isUnknown = code === "commander.unknownOption" && !message.includes("Did you mean");
  return isUnknown ? unknownOptionText(message, command) : message;
}

function withoutCommand({ message }: CommanderError, name: string): string {
  if (name.startsWith("-")) {
    return `${message}: options follow the name of a command, such as rds-dr lookup ${onOneLine(name)}`;
  }
  return idForm.test(name)
    ? `${message}: an id follows an option of a command, such as rds-dr lookup --db-instance-id ${name}`
    : message;
}

/** With the options that resemble a mistyped one by their words: commander compares letters only. */
function unknownOptionText(message: string, { options }: Command): string {
  const [, flag = ""] = /unknown option '([^'=]*)/.exec(message) ?? [];
  const flags = options.flatMap(({ long }) => long ?? []);
  const given = wordsOf(flag);
  const same = flags.filter((each) => wordsOf(each).join("") === given.join(""));
  const alike = flags.filter((each) => given.every((word) => wordsOf(each).includes(word)));
  const similar = given.length === 0 ? [] : same.length > 0 ? same : alike;
  const suggestion = `(Did you mean ${similar.length > 1 ? "one of " : ""}${similar.join(", ")}?)`;
  return similar.length === 0 ? message : `${message}\n${suggestion}`;
}

function wordsOf(flag: string): readonly string[] {
  return (
    flag
      .replace(/([a-z])([A-Z])/g, "$1-$2")
      .toLowerCase()
      .match(/[^-_]+/g) ?? []
  );
}

/** The error that words stand alone, with the option that the user may mean. */
function loneWordsText(command: Command): string {
  const [first = ""] = command.args;
  const words = command.args.map(onOneLine).join(" ");
  const flags = meantFor.find(([form]) => form.test(first))?.[1] ?? [];
  const option = command.options.find(({ long }) => flags.some((flag) => flag === long));
  const isTaken = option !== undefined && command.getOptionValueSource(option.attributeName()) === "cli";
  if (option?.long === undefined) {
    return `error: too many arguments: ${command.name()} takes options only, but "${words}" stands alone`;
  }
  if (!option.variadic && (isTaken || command.args.length > 1)) {
    return `error: ${command.name()} takes one ${option.long}, but "${words}" stands alone`;
  }
  return `error: "${words}" stands alone: did you mean ${option.long} ${words}?`;
}
