import { Command, Option } from "commander";
import { ErrorKind } from "../../rds-api/errors/error-kind";
import type { Simulator } from "../../simulator";
import { CommandFailure } from "../exit-code";
import { parseWholeNumber } from "../options";
import { printNote, printText } from "../print";

interface SimulateOptions {
  readonly world?: string;
  readonly port: number;
  readonly latencyMs: number;
  readonly requestsPerSecond?: number;
}

/** Loaded when it is wanted, as no other command needs it. */
function loadSimulator(): typeof import("../../simulator") {
  return require("../../simulator") as typeof import("../../simulator");
}

const maxPort = 65_535;
const maxLatencyMs = 600_000;
const maxRequestsPerSecond = 1_000_000;

/** `rds-dr simulate`: an RDS stand-in on this machine, until it is stopped. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description("run a stand-in for the RDS API on this machine")
    .option("--world <file>", "JSON file with instances and backups (default: a demo world)")
    .addOption(
      new Option("--port <port>", "port to listen on; 0 for any free one")
        .default(0)
        .argParser(parseWholeNumber(0, maxPort)),
    )
    .addOption(
      new Option("--latency-ms <ms>", "how long each answer takes")
        .default(0)
        .argParser(parseWholeNumber(0, maxLatencyMs)),
    )
    .option(
      "--requests-per-second <number>",
      "more than that get Throttling.User",
      parseWholeNumber(1, maxRequestsPerSecond),
    )
    .addHelpText("after", "\nExample:\n  rds-dr simulate --port 8080 --latency-ms 50")
    .action(async (options: SimulateOptions) => {
      const simulator = await start(options);
      const { simulatorCredentials } = loadSimulator();
      printText(
        [
          `export RDS_DR_ENDPOINT=${simulator.url}`,
          `export ALIBABA_CLOUD_ACCESS_KEY_ID=${simulatorCredentials.accessKeyId}`,
          `export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${simulatorCredentials.accessKeySecret}`,
        ].join("\n"),
      );
      printNote("rds-dr: the stand-in is up; paste the lines above into another shell; Ctrl-C stops it");
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => void simulator.stop());
      }
    });
}

/** @throws CommandFailure for a world file or a port that cannot be used: the user can mend it, so no stack */
async function start({ world, ...options }: SimulateOptions): Promise<Simulator> {
  const { loadWorld, startSimulator, worlds } = loadSimulator();
  try {
    return await startSimulator({ ...options, world: world === undefined ? worlds.demo : loadWorld(world) });
  } catch (error) {
    const [message, code] =
      error instanceof Error ? [error.message, (error as NodeJS.ErrnoException).code] : [String(error)];
    throw new CommandFailure({
      kind: ErrorKind.MISUSE,
      code: code ?? "WorldUnfit",
      message,
      hint: hintFor(code, options.port),
    });
  }
}

function hintFor(code: string | undefined, port: number): string {
  if (code === "EADDRINUSE") {
    const other = port < maxPort ? port + 1 : port - 1;
    return `another program listens on port ${port}: use another one, such as --port ${other}, or --port 0 for any free one`;
  }
  return code === "EACCES"
    ? `this user must not listen on port ${port}: use --port 0 for any free one, or one above 1023`
    : "correct the world file, or leave out --world for the demo world";
}
