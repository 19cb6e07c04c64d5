import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readLockFile } from "../../../lib/lock/lock-file";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { cliMain, environmentOf, type Finished, hoursOld, runCli, temporaryFolders } from "../../fixtures";
import { copied, largeFleet } from "../../report/fleet";
import { offences } from "../../schema/schemas";

const size = 160;
const args = ["--region-id", "cn-hangzhou", "--restore-region", "cn-shanghai", "--max-age-hours", "26", "--json"];
const temporaryFolder = temporaryFolders();
let cwd: string;
let journal: string;
let simulator: Simulator;

interface Row {
  readonly dbInstanceId: string;
  readonly state: string;
  readonly source: string;
  readonly askedAt: string;
}

beforeEach(async () => {
  cwd = temporaryFolder();
  journal = join(cwd, "fleet.jsonl");
  simulator = await startSimulator({ world: largeFleet(size), latencyMs: 20 });
});

afterEach(() => simulator.stop());

/** Starts a report in a process of its own, kills it once so many lines are in its journal, and waits for its end. */
function killedReport(lines: number): Promise<void> {
  return killed(lines, ["report", ...args]);
}

async function killed(lines: number, command: readonly string[], environment: object = {}): Promise<void> {
  const child = spawn(process.execPath, [cliMain, ...command, "--resume", journal], {
    cwd,
    env: { PATH: process.env["PATH"], ...environmentOf(simulator.url), RDS_DR_CONCURRENCY: "4", ...environment },
    stdio: "ignore",
  });
  while (linesIn(journal) < lines) {
    await sleep(5);
  }
  child.kill("SIGKILL");
  await once(child, "exit");
}

function linesIn(file: string): number {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
}

function report(environment: Readonly<Record<string, string>> = {}, more: readonly string[] = []): Promise<Finished> {
  return runCli(["report", ...args, "--resume", journal, ...more], {
    cwd,
    environment: { ...environmentOf(simulator.url), ...environment },
  });
}

function rowsOf({ stdout }: Finished): readonly Row[] {
  expect(offences("report", stdout)).toEqual([]);
  return (JSON.parse(stdout) as { readonly instances: readonly Row[] }).instances;
}

/** The instances that were asked about one by one since so many requests, and how often the list of instances was read. */
function askedSince(count: number): { readonly instances: ReadonlySet<string>; readonly lists: number } {
  const requests = simulator.requests.slice(count);
  return {
    instances: new Set(
      requests
        .filter(({ action }) => action !== "DescribeCrossRegionBackupDBInstance")
        .flatMap(({ parameters }) => parameters["DBInstanceId"] ?? []),
    ),
    lists: requests.filter(({ action }) => action === "DescribeCrossRegionBackupDBInstance").length,
  };
}

test("asks nothing again that was answered before it was killed, and says which rows those are", async () => {
  await killedReport(40);
  const kept = linesIn(journal) - 1;
  const text = readFileSync(journal, "utf8");
  await killedReport(80);
  const before = simulator.requests.length;
  const keptInTwoRuns = linesIn(journal) - 1;

  const finished = await report();

  const rows = rowsOf(finished);
  const { instances, lists } = askedSince(before);
  const resumed = rows.filter(({ source }) => source === "resumed");
  expect(kept).toBeGreaterThanOrEqual(39);
  expect(resumed).toHaveLength(keptInTwoRuns);
  expect(resumed.filter(({ dbInstanceId }) => instances.has(dbInstanceId))).toEqual([]);
  expect(resumed.every(({ askedAt }) => /^\d{4}-.*Z$/.test(askedAt))).toBe(true);
  expect(instances.size).toBe(rows.length - resumed.length);
  expect(lists).toBe(0);
  expect(rows).toHaveLength(159);
  // What is in the file is what the report says: nothing to download a backup with, and nothing to sign with.
  expect(statSync(journal, { throwIfNoEntry: false })).toBeUndefined();
  expect(text).not.toMatch(/link|signature|secret|accesskey/i);
});

test("says the same as a run that was not killed", async () => {
  const whole = rowsOf(await runCli(["report", ...args], { cwd, environment: environmentOf(simulator.url) }));
  await killedReport(40);

  const rows = rowsOf(await report());

  const facts = (all: readonly Row[]): readonly Row[] => all.map((row) => ({ ...row, source: "live", askedAt: "" }));
  expect(new Map(facts(rows).map((row) => [row.dbInstanceId, row.state]))).toEqual(
    new Map(facts(whole).map((row) => [row.dbInstanceId, row.state])),
  );
});

test("after a deadline, says how many have no answer, and asks for them alone the next time", async () => {
  simulator.injectFault({ kind: FaultKind.NO_ANSWER, action: "DescribeCrossRegionBackups", after: 50 });
  const first = await report({ RDS_DR_DEADLINE_SECONDS: "2" });
  const open = rowsOf(first).filter(({ state }) => state === "unknown");
  expect(first.code).toBe(5);
  expect(first.stderr).toContain(`RDS gave no answer for ${open.length} instances of 159; run the same command again`);

  simulator.clearFaults();
  const before = simulator.requests.length;
  const second = await report();

  expect(second.code).toBe(3);
  expect(askedSince(before).instances).toEqual(new Set(open.map(({ dbInstanceId }) => dbInstanceId)));
  expect(existsSync(journal)).toBe(false);
});

test("takes no answer to another question", async () => {
  await killedReport(30);
  const before = simulator.requests.length;

  const rows = rowsOf(await report({}, ["--no-window"]));

  expect(rows.every(({ source }) => source === "live")).toBe(true);
  expect(askedSince(before).instances.size).toBe(rows.length);
});

test("takes no answer that another account was given, even if STS does not say whose key it is", async () => {
  await killedReport(30);
  const { port } = new URL(simulator.url);
  await simulator.stop();
  simulator = await startSimulator({ world: largeFleet(size), port: Number(port), accessKeyId: "of-another-account" });

  const rows = rowsOf(await report({ ALIBABA_CLOUD_ACCESS_KEY_ID: "of-another-account" }));

  expect(rows.every(({ source }) => source === "live")).toBe(true);
});

test("asks again for a backup that has become too old since", async () => {
  const time = `${new Date(Date.now() - (26 * 3_600 - 6) * 1_000).toISOString().slice(0, 19)}Z`;
  const backups = [{ ...hoursOld(26, 1_000), BackupStartTime: time, BackupEndTime: time, ConsistentTime: time }];
  simulator.setWorld({ instances: [copied("rm-orders", backups), copied("rm-hangs", backups)] });
  simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackups", dbInstanceId: "rm-hangs" });
  const [first] = rowsOf(await report()).filter(({ dbInstanceId }) => dbInstanceId === "rm-orders");
  await sleep(7_000);

  const [second] = rowsOf(await report()).filter(({ dbInstanceId }) => dbInstanceId === "rm-orders");

  expect([first?.state, second?.state, second?.source]).toEqual(["ready", "at-risk", "live"]);
});

describe("lookups", () => {
  const ids = Array.from({ length: size }, (_, index) => `rm-uf6${String(index).padStart(6, "0")}`).filter(
    (_, index) => index !== 5 && index !== 7,
  );
  const lookup = ["lookup", "--region-id", "cn-hangzhou", "--restore-region", "cn-shanghai", "--json", "--from", "ids"];

  interface Lookups {
    readonly lookups: readonly { readonly dbInstanceId: string; readonly resumedFrom?: string }[];
  }

  const run = (environment: Readonly<Record<string, string>> = {}): Promise<Finished> =>
    runCli([...lookup, "--resume", journal], { cwd, environment: { ...environmentOf(simulator.url), ...environment } });
  const resumedIn = ({ stdout }: Finished): readonly string[] => {
    expect(offences("lookup", stdout)).toEqual([]);
    const { lookups } = JSON.parse(stdout) as Lookups;
    expect(lookups.map(({ dbInstanceId }) => dbInstanceId)).toEqual(ids);
    return lookups.flatMap(({ dbInstanceId, resumedFrom }) => (resumedFrom === undefined ? [] : [dbInstanceId]));
  };

  beforeEach(() => {
    writeFileSync(join(cwd, "ids"), ids.join("\n"));
  });

  test.each(["live", "refresh"])("that were answered are not asked again (%s)", async (mode) => {
    const environment = { RDS_DR_MODE: mode, RDS_DR_LOCK_FILE: join(cwd, "rds-dr.lock.json") };
    await killed(40, lookup, environment);
    const before = simulator.requests.length;

    const finished = await run(environment);

    const resumed = resumedIn(finished);
    expect(finished.stderr).toContain(`rds-dr: ${resumed.length} of ${ids.length} answers are those of an earlier run`);
    expect(resumed.length).toBeGreaterThanOrEqual(40);
    expect(new Set(simulator.requests.slice(before).map(({ parameters }) => parameters["DBInstanceId"]))).toEqual(
      new Set(ids.filter((id) => !resumed.includes(id))),
    );
    expect(existsSync(journal)).toBe(false);
    expect(existsSync(environment.RDS_DR_LOCK_FILE)).toBe(mode === "refresh");
    if (mode === "refresh") {
      expect(Object.keys(readLockFile(environment.RDS_DR_LOCK_FILE).answers)).toHaveLength(ids.length);
    }
  });

  test("are asked again if what is locked has changed, or by another account", async () => {
    const lockFile = join(cwd, "rds-dr.lock.json");
    const [id = ""] = ids;
    const key = `latest ${id} regionId=cn-hangzhou restoreRegion=cn-shanghai`;
    const environment = { RDS_DR_LOCK_FILE: lockFile };
    await killed(40, lookup, environment);
    const kept = readFileSync(journal);
    writeFileSync(lockFile, JSON.stringify({ version: 1, answers: { [key]: { backup: null } } }));

    expect(resumedIn(await run(environment))).not.toContain(id);

    writeFileSync(journal, kept);
    const other = { ALIBABA_CLOUD_ACCESS_KEY_ID: "another", ...environment };
    expect(resumedIn(await run(other))).toEqual([]);
  });

  test("that nobody asks cannot be resumed", async () => {
    expect(await run({ RDS_DR_MODE: "locked", RDS_DR_LOCK_FILE: join(cwd, "none.json") })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--resume must be omitted in the mode locked") as string,
    });
  });
});
