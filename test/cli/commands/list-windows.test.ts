import { join } from "node:path";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { environmentOf, type Finished, loggedWorld, runCli, temporaryFolders } from "../../fixtures";
import { offences } from "../../schema/schemas";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let folder: string;

beforeEach(async () => {
  simulator = await startSimulator({ world: loggedWorld, now: () => new Date("2024-03-05T12:00:00Z") });
  folder = temporaryFolder();
});

afterEach(() => simulator.stop());

function list(id: string, args: readonly string[] = [], environment: Record<string, string> = {}): Promise<Finished> {
  return runCli(["list", "--db-instance-id", id, "--region-id", "cn-hangzhou", "--window", ...args], {
    cwd: folder,
    environment: { ...environmentOf(simulator.url), ...environment },
  });
}

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;
const gap = { start: "2024-03-05T08:00:00Z", end: "2024-03-05T09:00:00Z" };
const before = { start: "2024-03-03T20:00:00Z", end: "2024-03-04T06:00:00Z" };

test("--json has the recoverable window of each valid record, out of one listing of the logs", async () => {
  const { code, stdout } = await list("rm-gap", ["--json"]);

  expect(code).toBe(0);
  expect(offences("list", stdout)).toEqual([]);
  expect(JSON.parse(stdout)).toMatchObject({
    records: [
      {
        crossBackupId: "203",
        verdict: "not-full",
        recoverableFrom: null,
        recoverableUntil: null,
        recoveryGaps: null,
      },
      {
        crossBackupId: "202",
        recoverableFrom: instant,
        recoverableUntil: "2024-03-05T08:00:00Z",
        recoveryGaps: [gap],
      },
      { crossBackupId: "201", recoverableUntil: "2024-03-05T08:00:00Z", recoveryGaps: [gap] },
      { crossBackupId: "200", recoverableUntil: "2024-03-03T20:00:00Z", recoveryGaps: [before, gap] },
    ],
  });
  const asked = (action: string): readonly Record<string, string>[] =>
    simulator.requests.filter((request) => request.action === action).map(({ parameters }) => parameters);
  expect(asked("DescribeCrossRegionLogBackupFiles")).toMatchObject([
    { CrossBackupRegion: "cn-shanghai", StartTime: "2024-03-01T20:00:00Z" },
  ]);
  expect(
    asked("DescribeAvailableRecoveryTime")
      .map(({ CrossBackupId }) => CrossBackupId)
      .sort(),
  ).toEqual(["200", "201", "202"]);
});

test("the table has a column for it, and standard error names each gap once", async () => {
  const { stdout, stderr } = await list("rm-gap");

  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/).slice(0, 3)),
  ).toEqual([
    ["ID", "DATA TIME", "RECOVERABLE UNTIL"],
    ["203", "2024-03-05T09:00:00Z", "-"],
    ["202", "2024-03-05T07:00:00Z", "2024-03-05T08:00:00Z"],
    ["201", "2024-03-04T07:00:00Z", "2024-03-05T08:00:00Z"],
    ["200", "2024-03-03T20:00:00Z", "2024-03-03T20:00:00Z"],
  ]);
  expect(stderr.trimEnd().split("\n")).toEqual([
    `warning: no log covers the time from ${before.start} to ${before.end}: an older backup cannot be restored to a later time`,
    `warning: no log covers the time from ${gap.start} to ${gap.end}: an older backup cannot be restored to a later time`,
  ]);
});

test("if no log follows the newest, a warning says how to see whether there will be one", async () => {
  const { code, stderr } = await list("rm-dry");

  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: the backup 301 of .* as no log follows: look at LogBackupEnabled in /);
});

test("without --window nothing of it is asked or printed", async () => {
  const { stdout } = await runCli(["list", "--db-instance-id", "rm-gap", "--region-id", "cn-hangzhou", "--json"], {
    cwd: folder,
    environment: environmentOf(simulator.url),
  });

  expect(stdout).toMatch(instant);
  expect(stdout).not.toContain("recover");
  expect(simulator.requests.map(({ action }) => action)).toEqual(["DescribeCrossRegionBackups"]);
});

test("a list without a valid record needs no logs", async () => {
  const { code, stdout } = await list("rm-gap", ["--not-after", "2024-01-01T00:00:00Z", "--json"]);

  expect(code).toBe(0);
  expect(stdout).toContain('"recoverableUntil": null');
  expect(simulator.requests.map(({ action }) => action)).toEqual(["DescribeCrossRegionBackups"]);
});

test("if the logs may not be listed, there is no list, but an error that names the action", async () => {
  simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionLogBackupFiles" });

  const [text, json] = [await list("rm-gap"), await list("rm-gap", ["--json"])];

  expect(text).toMatchObject({ code: 4, stdout: "" });
  expect(text.stderr).toMatch(/^error: .*DescribeCrossRegionLogBackupFiles failed with Forbidden\.RAM/);
  expect(JSON.parse(json.stdout)).toMatchObject({ records: [], error: { code: "Forbidden.RAM" } });
});

test("the mode locked says that it is not locked, and asks no network; refresh looks it up", async () => {
  const lock = { RDS_DR_LOCK_FILE: join(folder, "rds-dr.lock.json") };
  const refreshed = await list("rm-gap", [], { ...lock, RDS_DR_MODE: "refresh" });
  const asked = simulator.requests.length;

  const { code, stdout, stderr } = await list("rm-gap", [], { ...lock, RDS_DR_MODE: "locked" });

  expect(refreshed.stdout).toContain("RECOVERABLE UNTIL");
  expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
  expect(stderr).toMatch(
    /^error: the mode is locked, but the recoverable windows of a list are never locked\n {2}-> omit --window/,
  );
  expect(simulator.requests).toHaveLength(asked);
});
