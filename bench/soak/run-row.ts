import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { instanceIds, regionId } from "../fleet";
import { runNode, type Finished } from "../run-process";
import { cli, inFolder } from "../setting";
import { Outcome, Run, type Row, type Surroundings } from "./fault";

/** What came of a row. */
export interface Result {
  readonly row: Row;
  /** An `Outcome`, or what came in its place. */
  readonly outcome: string;
  readonly ms: number;
  /** How much of the time Node takes to start, milliseconds. */
  readonly startMs: number;
}

/** A run that takes so much longer than it may is stopped, milliseconds. */
const patienceMs = 20_000;

const app = join(__dirname, "app.js");

const lockedId = "999000";

/** A line of a stack that is for programmers, and of no use at 3 am. */
const stackLine = /^\s+at .+:\d+:\d+\)?$/m;

/** Runs a row in a folder of its own. */
export function runRow(row: Row, startMs: number): Promise<Result> {
  return inFolder(async (folder) => {
    const work = join(folder, "work");
    mkdirSync(work);
    const surroundings = await row.fault.surround(folder);
    try {
      const finished = await start(row, surroundings, work);
      const outcome =
        missed(row, surroundings) ??
        (isCommand(row.run) ? outcomeOfCommand(finished) : outcomeOfSynthesis(finished, work));
      return { row, outcome, ms: finished.ms, startMs };
    } finally {
      await surroundings.stop();
    }
  });
}

/** A run that did not meet the fault shows nothing, and one in the mode `locked` must not meet anything. */
function missed({ run }: Row, { connections }: Surroundings): string | undefined {
  const count = connections?.();
  if (run === Run.LOCKED_SYNTHESIS) {
    return (count ?? 0) > 0 ? "asked, in the mode `locked`" : undefined;
  }
  return count === 0 ? "did not meet the fault" : undefined;
}

/** Whether a run took longer than it may. */
export function isLate({ row, ms, startMs }: Result): boolean {
  return ms > row.mostSeconds * 1_000 + startMs;
}

/** Whether the outcome of a run is as it should be, whatever time it took. */
export function isExpected({ row, outcome }: Result): boolean {
  const expected: string = row.expected;
  return outcome === expected;
}

function isCommand(run: Run): boolean {
  return run === Run.LOOKUP || run === Run.LIST;
}

function start(
  { fault: { instances = 1 }, run, deadlineSeconds, mostSeconds }: Row,
  { environment, nodeOptions = [] }: Surroundings,
  cwd: string,
): Promise<Finished> {
  const ids = instanceIds(instances);
  if (run === Run.SYNTHESIS_WITH_LOCK || run === Run.LOCKED_SYNTHESIS) {
    writeLockFile(join(cwd, "rds-dr.lock.json"), ids);
  }
  const asked = [cli, run, "--json", "--region-id", regionId, "--db-instance-id", ...ids];
  return runNode([...nodeOptions, ...(isCommand(run) ? asked : [app])], {
    cwd,
    environment: {
      ...environment,
      RDS_DR_DEADLINE_SECONDS: String(deadlineSeconds),
      RDS_DR_LOCK_FILE: join(cwd, "rds-dr.lock.json"),
      SOAK_INSTANCES: String(instances),
      ...(run === Run.LOCKED_SYNTHESIS ? { RDS_DR_MODE: "locked" } : {}),
    },
    mayFail: true,
    timeoutMs: mostSeconds * 1_000 + patienceMs,
  });
}

/** A lock file with an answer for each instance, older than what the stand-ins have. */
function writeLockFile(file: string, ids: readonly string[]): void {
  const entries = ids.map((dbInstanceId) => [
    `latest ${dbInstanceId} regionId=${regionId}`,
    {
      query: { dbInstanceId, regionId },
      backup: {
        crossBackupId: lockedId,
        restoreRegions: ["cn-shanghai"],
        dataTime: "2024-03-05T02:22:54Z",
        backupStartTime: "2024-03-05T02:22:45Z",
        backupEndTime: "2024-03-05T02:23:37Z",
        crossBackupRegion: "cn-shanghai",
      },
    },
  ]);
  writeFileSync(file, JSON.stringify({ version: 1, answers: Object.fromEntries(entries) as object }));
}

function outcomeOfCommand(finished: Finished): string {
  const flaw = stackLine.test(finished.stderr) ? "a stack trace" : flawOf(finished);
  if (flaw !== undefined || finished.code !== 0) {
    return flaw ?? `error ${finished.code ?? ""}`;
  }
  const { lookups, records } = JSON.parse(finished.stdout) as {
    readonly lookups?: readonly { readonly status: string }[];
    readonly records?: readonly unknown[];
  };
  const isFound = lookups?.every(({ status }) => status === "found") ?? (records?.length ?? 0) > 0;
  return isFound ? Outcome.FOUND : "exit code 0, and not all were found";
}

function outcomeOfSynthesis(finished: Finished, folder: string): string {
  const written = join(folder, "cdktf.out");
  const files = existsSync(written) ? readdirSync(written, { recursive: true, encoding: "utf8" }) : [];
  const flaw = flawOf(finished);
  if (flaw === undefined && finished.code !== 0 && !finished.stderr.includes("LookupError")) {
    return "an error that is none of the lookups";
  }
  if (flaw !== undefined || finished.code !== 0) {
    const isEmpty = !files.some((name) => name.endsWith(".json"));
    return flaw ?? (isEmpty ? Outcome.NOTHING_WRITTEN : "error, but files are written");
  }
  const stack = readFileSync(join(written, "stacks", "lookup", "cdk.tf.json"), "utf8");
  if (!stack.includes(`"${lockedId}"`)) {
    return Outcome.FOUND;
  }
  const manifest = readFileSync(join(written, "manifest.json"), "utf8");
  return manifest.includes("the locked backup") ? Outcome.LOCKED_WITH_WARNING : Outcome.LOCKED;
}

/** A flaw that no outcome may have; undefined if there is none. */
function flawOf({ code, stdout, stderr }: Finished): string | undefined {
  if (code === null) {
    return "did not end by itself";
  }
  if (/\bdefect\b/.test(stderr)) {
    return "a defect";
  }
  return code !== 0 && stdout + stderr === "" ? "an error without a word" : undefined;
}
