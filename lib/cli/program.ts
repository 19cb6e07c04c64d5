import { Argument, Command, CommanderError, Option } from "commander";
import { flagOf } from "../backup/record-fields";
import { defectText } from "../lookup/answer";
import { InvalidRequestError } from "../validation/checks";
import { ownManifest } from "../validation/own-package";
import { printable } from "../validation/printable";
import { CommandFailure, ExitCode, exitCodeFor } from "./exit-code";
import { type CommandResult, type Io, printNote, printResult } from "./io";
import { type CommandSpec, type OptionRow, variableOf } from "./options";

/** The commands, in the order of the help. Only the one that runs is loaded. */
const specs: Readonly<Record<string, () => CommandSpec<never>>> = {
  discover: () => (require("./commands/discover") as typeof import("./commands/discover")).discover,
  report: () => (require("./commands/report") as typeof import("./commands/report")).report,
  lookup: () => (require("./commands/lookup") as typeof import("./commands/lookup")).lookup,
  list: () => (require("./commands/list") as typeof import("./commands/list")).list,
  refresh: () => (require("./commands/refresh") as typeof import("./commands/refresh")).refresh,
  restore: () => (require("./commands/restore") as typeof import("./commands/restore")).restore,
  pin: () => (require("./commands/pin") as typeof import("./commands/pin")).pin,
  unpin: () => (require("./commands/pin") as typeof import("./commands/pin")).unpin,
  check: () => (require("./commands/check") as typeof import("./commands/check")).check,
  "find-instance": () =>
    (require("./commands/find-instance") as typeof import("./commands/find-instance")).findInstance,
  doctor: () => (require("./commands/doctor") as typeof import("./commands/doctor")).doctor,
  policy: () => (require("./commands/policy") as typeof import("./commands/policy")).policy,
  external: () => (require("./commands/external") as typeof import("./commands/external")).external,
  simulate: () => (require("./commands/simulate") as typeof import("./commands/simulate")).simulate,
  completion: () => (require("./commands/completion") as typeof import("./commands/completion")).completionOf(allSpecs),
};

function allSpecs(): readonly CommandSpec<never>[] {
  return Object.values(specs).map((load) => load());
}

/** The exit codes in the help are those of exit-code.ts. */
const help = `
RDS_DR_MODE decides where answers come from (or "mode" of the context "rds-dr" in cdktf.json, except destroy):
  live     RDS; if RDS is unreachable or fails, the lock file (default)
  locked   the lock file alone, without network
  refresh  as live; the answers are also written to the lock file
  destroy  the lock file, else placeholders: to synthesise an app that you want to destroy

Credentials come from the first of:
  --profile <name>, a profile of the Alibaba Cloud CLI
  ALICLOUD_ACCESS_KEY, ALICLOUD_SECRET_KEY (and ALICLOUD_SECURITY_TOKEN)
  ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET (and ALIBABA_CLOUD_SECURITY_TOKEN)
  ALICLOUD_PROFILE or ALIBABA_CLOUD_PROFILE, the name of a profile
  the default chain of Alibaba Cloud: OIDC, the current profile of the CLI, the RAM role of the ECS instance, a URI

Exit codes (with several results, the greatest):
  0  done
  1  a defect of rds-dr, or of the app that refresh runs; or the result cannot be printed
  2  the command line is wrong, or asks for what RDS cannot do
  3  no valid backup, or it is too old, or the restore region does not accept it
  4  credentials, access, the account, or no such instance
  5  unreachable, throttled or out of time
  6  a locked answer is missing, or cannot be used here
  7  refresh --check found a difference, or find-instance --state an instance that is in no state`;

/** Runs the command that the words of a command line name, and returns the exit code. */
export async function runCommand(words: readonly string[], io: Io): Promise<number> {
  let exitCode: number = ExitCode.DONE;
  const [name = ""] = words;
  const program = new Command("rds-dr")
    .description("Cross-region backups of ApsaraDB RDS, for disaster recovery")
    .version(ownManifest().version)
    // An option of a command is compared with those of that command only.
    .enablePositionalOptions()
    .addHelpText("after", help);
  // Without a name that is known, all of them: for the help, and to suggest one.
  for (const load of Object.hasOwn(specs, name) ? [specs[name]] : Object.values(specs)) {
    if (load !== undefined) {
      program.addCommand(commandOf(load(), io, (result) => (exitCode = result.exitCode)));
    }
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(printable(text)),
      // Printed below, in our words.
      outputError: () => undefined,
    });
  }
  try {
    await program.parseAsync(splitUnknownOptions(words, program.commands), { from: "user" });
    return exitCode;
  } catch (error) {
    const command = program.commands.find((each) => each.name() === name);
    return await exitCodeOf(error, io, (usage) => {
      const { usageText } = require("./usage-error") as typeof import("./usage-error");
      return usageText(usage, name, command);
    });
  }
}

/** commander compares a mistyped option together with its value, unless that is a word of its own. */
function splitUnknownOptions(words: readonly string[], commands: readonly Command[]): readonly string[] {
  const known = new Set(commands.flatMap(({ options }) => options.map(({ long }) => long)));
  return words.flatMap((word) => {
    const [, flag = "", value = ""] = /^(--[^=]+)=([^]*)$/.exec(word) ?? [];
    return flag === "" || known.has(flag) ? [word] : [flag, value];
  });
}

function commandOf(
  { name, does, argument, options, notes = "", example, run }: CommandSpec<never>,
  io: Io,
  onEnd: (result: CommandResult) => void,
): Command {
  const command = new Command(name).description(does).addHelpText("after", `${notes}\nExample:\n  ${example}`);
  const required = options.flatMap((row) => {
    const option = optionOf(row, io);
    command.addOption(option);
    return row[2]?.isRequired ? [option] : [];
  });
  if (argument !== undefined) {
    const { name: word, help, choices } = argument;
    command.addArgument(
      choices === undefined ? new Argument(`[${word}]`, help) : new Argument(`<${word}>`, help).choices(choices),
    );
  }
  return command.action(async () => {
    const given: Readonly<Record<string, unknown>> = { ...command.opts(), ...wordOf(argument, command.args) };
    const missing = required.find((option) => given[option.attributeName()] === undefined);
    if (missing !== undefined) {
      // Not left to commander, which would look for it before anything else: a mistyped option is not a missing one.
      command.error(`error: required option '${missing.flags}' not specified`);
    }
    const result = await run(given as never, io);
    await printResult(io, result, given["json"] === true);
    onEnd(result);
  });
}

/** The word that follows the name of a command, as one of its options. */
function wordOf(argument: CommandSpec<never>["argument"], [word]: readonly string[]): object {
  const name = argument?.name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return name === undefined ? {} : { [name]: word };
}

function optionOf([flags, text, { byDefault, variables = [], parse } = {}]: OptionRow, io: Io): Option {
  const option = new Option(flags, variables.length === 0 ? text : `${text} (or ${variables.join(", ")})`);
  const variable = variableOf(io, variables);
  if (parse !== undefined) {
    option.argParser(parse);
  }
  return option.default(option.variadic && variable !== undefined ? [variable] : (variable ?? byDefault));
}

/** Prints why a command did not come to an end of its own. */
async function exitCodeOf(error: unknown, io: Io, explain: (error: CommanderError) => string): Promise<ExitCode> {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) {
      return ExitCode.DONE;
    }
    // Without a command, commander has printed the help.
    if (error.code !== "commander.help") {
      printNote(io, `${explain(error)}\n(add --help for the options)`);
    }
    return ExitCode.USAGE;
  }
  if (error instanceof InvalidRequestError) {
    printNote(io, `error: ${withFlag(error)}`);
    return ExitCode.USAGE;
  }
  if (error instanceof CommandFailure) {
    const { failure } = error;
    await printResult(io, { exitCode: exitCodeFor(failure), failed: [{ name: "", failure }] }, false);
    return exitCodeFor(failure);
  }
  printNote(io, `a defect of rds-dr, please report it: ${defectText(error)}`);
  return ExitCode.DEFECT;
}

/** The message with the flag in place of the parameter. Variables, files and the context keep their names. */
function withFlag({ message, parameter }: InvalidRequestError): string {
  return /^[a-z]+(?:[A-Z][a-z]+|[A-Z]+)*$/.test(parameter) ? message.replace(parameter, flagOf(parameter)) : message;
}
