import { spawnSync } from "node:child_process";
import { FaultKind, type SimulatorThread, startSimulatorThread, type WorldRecord } from "../../lib/simulator";
import { cliMain, environmentOf, hoursOld, readText, temporaryFolders } from "../fixtures";
import { copied, largeFleet } from "../report/fleet";

const size = 800;
const restore = ["--restore-region", "cn-shanghai"];
const region = ["--region-id", "cn-hangzhou"];
const temporaryFolder = temporaryFolders();
let simulator: SimulatorThread;
let cwd: string;

beforeAll(async () => {
  cwd = temporaryFolder();
  simulator = await startSimulatorThread({ world: largeFleet(size) });
});

afterAll(() => simulator.stop());

/** Runs the command with little room for what it holds; Node and the modules take 40 MB of it. */
function run(
  args: readonly string[],
  input = "",
  more: Readonly<Record<string, string>> = {},
): { readonly code: number | null; readonly stdout: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--max-old-space-size=72", cliMain, ...args], {
    cwd,
    input,
    encoding: "utf8",
    maxBuffer: 1e9,
    env: { PATH: process.env["PATH"], ...environmentOf(simulator.url), RDS_DR_DEADLINE_SECONDS: "120", ...more },
  });
  expect(stderr).not.toContain("heap");
  return { code: status, stdout };
}

test("a large fleet is discovered, looked up and reported on without holding its records", async () => {
  const discovered = run(["discover", ...region, "--json"]);
  const lookedUp = run(["lookup", "--from", "-", ...restore, "--json"], discovered.stdout);
  const outputs = ["--html", "fleet.html", "--prometheus", "fleet.prom"];
  const reported = run(["report", ...region, ...restore, "--max-age-hours", "26", ...outputs, "--json"]);

  const { instances } = JSON.parse(discovered.stdout) as { readonly instances: readonly unknown[] };
  const { lookups } = JSON.parse(lookedUp.stdout) as { readonly lookups: readonly { readonly status: string }[] };
  const { summary } = JSON.parse(reported.stdout) as { readonly summary: Readonly<Record<string, number>> };
  expect([discovered.code, lookedUp.code, reported.code]).toEqual([0, 3, 3]);
  expect(instances).toHaveLength(798);
  expect(lookups).toHaveLength(798);
  expect(lookups.filter(({ status }) => status === "none")).toHaveLength(2);
  expect(summary).toMatchObject({ total: 798, ready: 764, atRisk: 32, notRestorable: 2, unknown: 0 });
  expect(readText(cwd, "fleet.html")).toContain("rm-uf6000799");
  // Each list once, each record, and the pages of the logs and windows.
  const requests = await simulator.requests();
  const asked = (action: string): number => requests.filter((request) => request.action === action).length;
  expect(asked("DescribeCrossRegionBackupDBInstance")).toBe(2 * Math.ceil(798 / 30));
  expect(asked("DescribeAvailableRecoveryTime")).toBe(796);
});

test("instances that RDS never answers do not stop the others", async () => {
  for (let index = 0; index < 40; index++) {
    const dbInstanceId = `rm-uf6${String(index).padStart(6, "0")}`;
    await simulator.injectFault({ kind: FaultKind.SERVER_ERROR, action: "DescribeCrossRegionBackups", dbInstanceId });
  }
  const ids = Array.from({ length: 60 }, (_, index) => `rm-uf6${String(index).padStart(6, "0")}`);

  const { code, stdout } = run(["lookup", "--from", "-", ...region, ...restore, "--json"], ids.join("\n"), {
    RDS_DR_CONCURRENCY: "4",
    RDS_DR_DEADLINE_SECONDS: "5",
  });

  const { lookups } = JSON.parse(stdout) as { readonly lookups: readonly { readonly status: string }[] };
  expect(code).toBe(5);
  expect(lookups.map(({ status }) => status)).toEqual([
    ...Array.from({ length: 40 }, () => "error"),
    ...Array.from({ length: 20 }, () => "found"),
  ]);
});

test("what a fleet is rejected for is printed without holding it", async () => {
  const reasons = [{ BackupType: "I" }, { BackupSetStatus: 1 }, { BackupMethod: "L" }];
  const repeat = { "x-repeat": { count: 100, every: "1h" } };
  const rejected = (index: number): readonly WorldRecord[] =>
    reasons.map((reason, each) => ({
      ...hoursOld(2 + each, 10_000 + index * 1_000 + each * 100),
      ...reason,
      ...repeat,
    }));
  const ids = Array.from({ length: 400 }, (_, index) => `rm-rejected${index}`);
  await simulator.setWorld({ instances: ids.map((id, index) => copied(id, rejected(index))) });

  const { code, stdout } = run(["lookup", "--from", "-", ...region, ...restore, "--json"], ids.join("\n"));

  const { lookups } = JSON.parse(stdout) as { readonly lookups: readonly { readonly rejected: readonly unknown[] }[] };
  expect(code).toBe(3);
  expect(lookups.map(({ rejected }) => rejected.length)).toEqual(ids.map(() => 300));
}, 180_000);
