#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { defectText } from "../lookup/answer";
import { flagOf } from "../lookup/names";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { printable } from "../validation/printable";
import { CommandFailure, ExitCode, exitCodeFor } from "./exit-code";
import { printFailure, printNote, watchStreams, writeResult } from "./print";

/** The commands, in the order of the help. */
const commands: Readonly<Record<string, () => Command>> = {
  lookup: () => (require("./commands/lookup") as typeof import("./commands/lookup")).lookupCommand(),
  list: () => (require("./commands/list") as typeof import("./commands/list")).listCommand(),
  refresh: () => (require("./commands/refresh") as typeof import("./commands/refresh")).refreshCommand(),
  pin: () => (require("./commands/pin") as typeof import("./commands/pin")).pinCommand(),
  unpin: () => (require("./commands/pin") as typeof import("./commands/pin")).unpinCommand(),
  check: () => (require("./commands/check") as typeof import("./commands/check")).checkCommand(),
  policy: () => (require("./commands/policy") as typeof import("./commands/policy")).policyCommand(),
  external: () => (require("./commands/external") as typeof import("./commands/external")).externalCommand(),
  simulate: () => (require("./commands/simulate") as typeof import("./commands/simulate")).simulateCommand(),
};

/** The command that is named; all of them where none is, for the help and for what was meant instead. */
function commandsFor(name = ""): readonly Command[] {
  const named = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands);
  return named.flatMap((make) => (make === undefined ? [] : [make()]));
}

async function main(): Promise<void> {
  watchStreams();
  const program = new Command("rds-dr")
    .description("Cross-region backups of ApsaraDB RDS, for disaster recovery")
    .version(ownVersion())
    .addHelpText(
      "after",
      `
RDS_DR_MODE says where answers come from (or "mode" of the context "rds-dr" in cdktf.json, but for destroy):
  live     RDS; if it is unreachable or fails, the lock file (default)
  locked   the lock file alone, without network
  refresh  as live, and the answers are written to the lock file
  destroy  the lock file, else placeholders: for an app that is synthesised to be destroyed

Credentials, the first of:
  --profile <name>, a profile of the Alibaba Cloud CLI
  ALICLOUD_ACCESS_KEY, ALICLOUD_SECRET_KEY (and ALICLOUD_SECURITY_TOKEN)
  ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET (and ALIBABA_CLOUD_SECURITY_TOKEN)
  ALICLOUD_PROFILE or ALIBABA_CLOUD_PROFILE, the name of a profile
  the default chain of Alibaba Cloud: OIDC, the current profile of the CLI, the RAM role of the ECS instance, a URI

Exit codes:
  0 done; 1 a defect of rds-dr or of the app that refresh runs, or a result that cannot be printed; 2 usage;
  3 no valid backup, too old, or not accepted; 4 credentials, access, or no such instance; 5 unreachable,
  throttled or out of time; 6 locked answers only, and one is missing; 7 refresh --check found a difference.
  With several, the greatest.`,
    );
  for (const command of commandsFor(process.argv[2])) {
    program.addCommand(command);
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: writeResult,
      writeErr: (text) => process.stderr.write(printable(text)),
      // Printed below, in our words.
      outputError: () => undefined,
    });
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
    if (error.exitCode === 0) {
      return ExitCode.DONE;
    }
    // commander has printed the help where there is no command.
    if (error.code !== "commander.help") {
      const { usageText } = require("./usage") as typeof import("./usage");
      printNote(`${usageText(error, process.argv.slice(2), commandsFor)}\n(add --help for the options)`);
    }
    return ExitCode.USAGE;
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
