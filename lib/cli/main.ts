#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { flagOf } from "../lookup/flag";
import { defectText } from "../lookup/failure-text";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { printable } from "../rds-api/printable";
import { CommandFailure } from "./command-failure";
import { ExitCode, exitCodeFor } from "./exit-code";
import { printFailure, printNote } from "./print";

const load = createRequire(__filename);

/** The commands, in the order of the help. */
const commands: Readonly<Record<string, () => Command>> = {
  lookup: () => (load("./lookup-command") as typeof import("./lookup-command")).lookupCommand(),
  list: () => (load("./list-command") as typeof import("./list-command")).listCommand(),
  refresh: () => (load("./refresh-command") as typeof import("./refresh-command")).refreshCommand(),
  pin: () => (load("./pin-command") as typeof import("./pin-command")).pinCommand(),
  unpin: () => (load("./unpin-command") as typeof import("./unpin-command")).unpinCommand(),
  check: () => (load("./check-command") as typeof import("./check-command")).checkCommand(),
  policy: () => (load("./policy-command") as typeof import("./policy-command")).policyCommand(),
  external: () => (load("./external-command") as typeof import("./external-command")).externalCommand(),
  simulate: () => (load("./simulate-command") as typeof import("./simulate-command")).simulateCommand(),
};

/** The command that is named; all of them where none is, for the help and for what was meant instead. */
function commandsFor(name = ""): readonly Command[] {
  const named = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands);
  return named.flatMap((make) => (make === undefined ? [] : [make()]));
}

async function main(): Promise<void> {
  const program = new Command("rds-dr")
    .description("Cross-region backups of ApsaraDB RDS, for disaster recovery")
    .version(ownVersion())
    .addHelpText(
      "after",
      `
Exit codes:
  0 done; 1 a defect; 2 usage; 3 no valid backup, too old, or not accepted; 4 credentials, access, or no such
  instance; 5 unreachable, throttled or out of time; 6 locked answers only, and one is missing; 7 refresh --check
  found a difference. With several, the greatest.`,
    );
  for (const command of commandsFor(process.argv[2])) {
    program.addCommand(command);
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError("(add --help for the options)")
      .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) });
  }
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
  if (process.argv[2] !== "simulate") {
    leave();
  }
}

/** Ends the process: what a library still waits for, such as a token service that is silent, must not keep it. */
function leave(): void {
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
}

/** The version in package.json, three folders above the compiled file. */
function ownVersion(): string {
  const text = readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    // commander has printed the message, or the help that was asked for.
    return error.exitCode === 0 ? ExitCode.DONE : ExitCode.USAGE;
  }
  if (error instanceof InvalidRequestError) {
    printNote(`error: ${withFlag(error)}`);
    return ExitCode.USAGE;
  }
  if (error instanceof CommandFailure) {
    printFailure(error.failure);
    return exitCodeFor(error.failure);
  }
  printNote(`a defect of rds-dr, please report it: ${defectText(error)}`);
  return ExitCode.DEFECT;
}

/** The message with the flag in place of the parameter; variables, files and the context keep their names. */
function withFlag({ message, parameter }: InvalidRequestError): string {
  return /^[a-z]+(?:[A-Z][a-z]+|[A-Z]+)*$/.test(parameter)
    ? message.replace(parameter, flagOf(parameter))
    : message;
}

void main();
