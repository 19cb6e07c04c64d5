import { ErrorKind } from "../../rds-api/errors/error-kind";
import type { Simulator } from "../../simulator";
import { CommandFailure, ExitCode } from "../exit-code";
import { type Io, printNote } from "../io";
import { type CommandSpec, wholeNumber } from "../options";

interface SimulateOptions {
  readonly world?: string;
  readonly port: number;
  readonly latencyMs: number;
  readonly requestsPerSecond?: number;
}

/** Loaded late, as no other command needs it. */
function loadSimulator(): typeof import("../../simulator") {
  return require("../../simulator") as typeof import("../../simulator");
}

const maxPort = 65_535;
const latency = { byDefault: 0, parse: wholeNumber(0, 600_000) };
const perSecond = wholeNumber(1, 1_000_000);

/** `rds-dr simulate`: a simulator of the RDS API on this machine, until a signal stops it. */
export const simulate: CommandSpec<SimulateOptions> = {
  name: "simulate",
  does: "run a simulator of the RDS API on this machine",
  options: [
    ["--world <file>", "JSON file with instances and backups (default: a demo world)"],
    ["--port <port>", "port to listen on; 0 for any free one", { byDefault: 0, parse: wholeNumber(0, maxPort) }],
    ["--latency-ms <ms>", "how long each answer takes", latency],
    [
      "--requests-per-second <number>",
      "answer at most this many requests; the others get Throttling.User",
      { parse: perSecond },
    ],
  ],
  example: "rds-dr simulate --port 8080 --latency-ms 50",
  async run(options, io) {
    const simulator = await start(options);
    const { simulatorCredentials } = loadSimulator();
    // Whoever reads the lines may stop it at once.
    const stopped = signalToStop(io);
    io.stdout.write(
      [
        `export RDS_DR_ENDPOINT=${simulator.url}`,
        `export ALIBABA_CLOUD_ACCESS_KEY_ID=${simulatorCredentials.accessKeyId}`,
        `export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${simulatorCredentials.accessKeySecret}\n`,
      ].join("\n"),
    );
    printNote(io, "rds-dr: the simulator runs; paste the lines above into another shell; Ctrl-C stops it");
    await stopped;
    await simulator.stop();
    return { exitCode: ExitCode.DONE };
  },
};

function signalToStop({ signals }: Io): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) {
      signals.on(signal, resolve);
    }
  });
}

/** @throws CommandFailure if the world file or the port cannot be used: the user can mend it, so no stack */
async function start({ world, ...options }: SimulateOptions): Promise<Simulator> {
  const { loadWorld, startSimulator, worlds } = loadSimulator();
  try {
    return await startSimulator({ ...options, world: world === undefined ? worlds.demo : loadWorld(world) });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
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
    ? `the system does not let this user listen on port ${port}: use --port 0 for any free one, or one above 1023`
    : "correct the world file, or omit --world to use the demo world";
}
