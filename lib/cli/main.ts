#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { flagOf } from "../lookup/flag";
import { defectText } from "../lookup/failure-text";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { checkCommand } from "./check-command";
import { CommandFailure } from "./command-failure";
import { ExitCode, exitCodeFor } from "./exit-code";
import { externalCommand } from "./external-command";
import { listCommand } from "./list-command";
import { lookupCommand } from "./lookup-command";
import { pinCommand } from "./pin-command";
import { policyCommand } from "./policy-command";
import { printFailure } from "./print";
import { refreshCommand } from "./refresh-command";
import { simulateCommand } from "./simulate-command";
import { unpinCommand } from "./unpin-command";

async function main(): Promise<void> {
  const program = new Command("rds-dr")
    .description("Cross-region backups of ApsaraDB RDS, for disaster recovery")
    .version(ownVersion())
    .addCommand(lookupCommand())
    .addCommand(listCommand())
    .addCommand(refreshCommand())
    .addCommand(pinCommand())
    .addCommand(unpinCommand())
    .addCommand(checkCommand())
    .addCommand(policyCommand())
    .addCommand(externalCommand())
    .addCommand(simulateCommand())
    .addHelpText(
      "after",
      `
Exit codes:
  0 done; 1 a defect; 2 usage; 3 no valid backup, too old, or not accepted; 4 credentials, access, or no such
  instance; 5 unreachable, throttled or out of time; 6 locked answers only, and one is missing; 7 refresh --check
  found a difference. With several, the greatest.`,
    );
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showHelpAfterError("(add --help for the options)");
  }
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
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
    console.error(`error: ${withFlag(error)}`);
    return ExitCode.USAGE;
  }
  if (error instanceof CommandFailure) {
    printFailure(error.failure);
    return exitCodeFor(error.failure);
  }
  console.error(`a defect of rds-dr, please report it: ${defectText(error)}`);
  return ExitCode.DEFECT;
}

/** The message with the flag in place of the parameter; variables, files and the context keep their names. */
function withFlag({ message, parameter }: InvalidRequestError): string {
  return /^[a-z]+(?:[A-Z][a-z]+|[A-Z]+)*$/.test(parameter)
    ? message.replace(parameter, flagOf(parameter))
    : message;
}

void main();
