import { join } from "node:path";
import { FaultKind, startSimulator, type Simulator, type WorldRecord } from "../../lib/simulator";
import { environmentOf, hoursOld, instance, runCli, temporaryFolders, type Finished } from "../fixtures";
import { offences } from "../schema/schemas";
import { answersIn, refresh } from "./lock-files";

const temporaryFolder = temporaryFolders();
const action = "CheckCreateDdrDBInstance";
const preflight = ["--db-instance-class", "rds.mysql.s3.large", "--db-instance-storage", "100"] as const;
const question = [
  ...["lookup", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"],
  ...["--restore-region", "cn-shanghai", ...preflight],
] as const;
const key =
  "latest rm-orders dbInstanceClass=rds.mysql.s3.large dbInstanceStorage=100 regionId=cn-hangzhou restoreRegion=cn-shanghai";

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(() => simulator.stop());

beforeEach(() => {
  simulator.clearFaults();
});

/** Serves backups, the newest first, a day between them. */
function serve(...backups: readonly WorldRecord[]): void {
  const records = backups.map((changes, index) => ({ ...hoursOld(5 + 24 * index, 102 - index), ...changes }));
  simulator.setWorld({ instances: [instance("rm-orders", records)] });
}

function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  return runCli(args, {
    cwd: temporaryFolder(),
    environment: { ...environmentOf(simulator.url), ...environment },
  });
}

/** The one result of a lookup, whose JSON fits its schema. */
function resultIn({ stdout }: Finished): unknown {
  expect(offences("lookup", stdout)).toEqual([]);
  return (JSON.parse(stdout) as { readonly lookups: readonly unknown[] }).lookups[0];
}

const refused = { "x-check-error": "InvalidBackupSetID.NotFound" };
const no = { "x-restorable": false };

test("--json contains each refusal; the warning goes to standard error", async () => {
  serve(refused, {});

  const finished = await run([...question, "--json"]);

  expect(finished.code).toBe(0);
  expect(resultIn(finished)).toMatchObject({
    status: "found",
    backup: { crossBackupId: "101" },
    rejected: [
      {
        crossBackupId: "102",
        reason: "preflight-refused",
        detail: expect.stringContaining("InvalidBackupSetID.NotFound") as unknown,
      },
    ],
  });
  expect(finished.stderr).toMatch(/^warning: the preflight of "rm-orders" of cn-hangzhou refused 102 .+\n$/);
});

test("the text counts the refused ones among those that are not valid", async () => {
  serve(refused, {});

  expect((await run(question)).stdout).toMatch(/: 101\n[^]+not valid {8}1 preflight-refused\n$/);
});

test.each<[string, readonly WorldRecord[], object]>([
  ["accepted by nothing", [no, no], { status: "error", error: { kind: "unsupported", code: "PreflightRefused" } }],
  ["the only one", [no], { status: "error", error: { code: "PreflightRefused" } }],
  ["at fault, as are all", [refused, refused], { status: "none", error: null }],
])("a backup that is not accepted is code 3: %s", async (_, backups, expected) => {
  serve(...backups);

  const finished = await run([...question, "--json"]);

  expect(finished.code).toBe(3);
  expect(resultIn(finished)).toMatchObject({
    ...expected,
    backup: null,
    rejected: backups.map((_backup, index) => ({
      crossBackupId: String(102 - index),
      reason: "preflight-refused",
    })),
  });
});

test.each([[[]], [["--on-stale", "warn"]]])("one that stands in and is too old is code 3, with %j", async (args) => {
  serve(refused, {});

  const finished = await run([...question, "--max-age-hours", "26", ...args, "--json"]);

  expect(finished.code).toBe(3);
  expect(resultIn(finished)).toMatchObject({
    status: "found",
    stale: true,
    backup: { crossBackupId: "101" },
  });
  expect(finished.stderr).toMatch(
    /^error: the preflight refused 102; of the others, the latest valid backup of .+, 101/,
  );
});

test.each<[string, FaultKind, number]>([
  ["denies", FaultKind.DENIED, 4],
  ["does not answer", FaultKind.UNAVAILABLE, 5],
])("a destination that %s is told as such", async (_, kind, code) => {
  serve({});
  simulator.injectFault({ kind, action });

  const finished = await run([...question, "--json"], { RDS_DR_DEADLINE_SECONDS: "1" });

  expect(finished.code).toBe(code);
  expect(resultIn(finished)).toMatchObject({
    error: { message: expect.stringContaining("whether cn-shanghai accepts 102") as unknown },
  });
});

test("cloud disks are not asked about, with a warning", async () => {
  serve(no);
  // A request of the test before may still be on its way.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = simulator.requests.length;

  const { code, stderr } = await run([...question, "--db-instance-storage-type", "cloud_essd"]);

  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: no preflight can say whether 102 .+ cloud disks \(cloud_essd\)\n$/);
  expect(simulator.requests.slice(before).map((request) => request.action)).not.toContain(action);
});

test("--restore-endpoint is the endpoint that answers for the destination", async () => {
  serve({});

  const args = [...question, "--restore-endpoint", "http://127.0.0.1:1", "--json"];
  const finished = await run(args, { RDS_DR_DEADLINE_SECONDS: "1" });

  expect(finished.code).toBe(5);
  expect(resultIn(finished)).toMatchObject({ error: { code: "ECONNREFUSED" } });
});

test.each<[string, readonly string[], RegExp]>([
  [
    "a class alone",
    ["--restore-region", "cn-shanghai", ...preflight.slice(0, 2)],
    /--db-instance-storage must be 5 to/,
  ],
  ["a storage alone", ["--restore-region", "cn-shanghai", ...preflight.slice(2)], /--db-instance-class must be an/],
  ["no region", preflight, /--restore-region must be given with a preflight/],
  ["7 GB", [...question.slice(5), "--db-instance-storage", "7"], /--db-instance-storage must be 5 to .+ is 7$/m],
  ["an endpoint alone", ["--restore-endpoint", "vpc"], /--restore-endpoint must be omitted without/],
])("%s is a usage error that names it", async (_, args, message) => {
  const { code, stdout, stderr } = await run([...question.slice(0, 5), ...args]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});

describe("a locked answer", () => {
  let lockFile: string;

  beforeEach(async () => {
    lockFile = join(temporaryFolder(), "rds-dr.lock.json");
    serve({}, {});
    await refresh(lockFile, simulator.url, question);
  });

  const locked = (): unknown => answersIn(lockFile)[key]?.backup?.crossBackupId;
  const on = (args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> =>
    run(args, { RDS_DR_LOCK_FILE: lockFile, ...environment });

  test("keeps what was to be restored with its question", () => {
    expect(answersIn(lockFile)).toMatchObject({
      [key]: {
        query: {
          dbInstanceClass: "rds.mysql.s3.large",
          dbInstanceStorage: 100,
          restoreRegion: "cn-shanghai",
        },
        backup: { crossBackupId: "102" },
      },
    });
  });

  test("is looked up again with the preflight; if it is refused now, an older backup replaces it", async () => {
    serve(refused, {});

    const { code, stderr } = await on(["refresh", "--no-app"]);

    expect({ code, locked: locked() }).toEqual({ code: 0, locked: "101" });
    expect(stderr).toMatch(/^warning: the preflight of .+ refused 102 /);
  });

  test("does not come back if it is refused now, and the older one is refused for another reason", async () => {
    serve(refused, {});
    simulator.injectFault({ kind: FaultKind.UNAVAILABLE, action, after: 1 });

    const finished = await on([...question, "--json"], { RDS_DR_DEADLINE_SECONDS: "1" });

    expect(finished.code).toBe(5);
    expect(resultIn(finished)).toMatchObject({ status: "error", rejected: [{ crossBackupId: "102" }] });
  });

  test("is used if the destination cannot be reached", async () => {
    simulator.injectFault({ kind: FaultKind.UNAVAILABLE, action });

    const finished = await on([...question, "--json"], { RDS_DR_DEADLINE_SECONDS: "1" });

    expect(finished.code).toBe(0);
    expect(resultIn(finished)).toMatchObject({ status: "found", backup: { crossBackupId: "102" } });
    expect(finished.stderr).toMatch(/the locked backup 102 \(data of \S+\) takes its place/);
  });

  test("is checked for what its question says, without flags", async () => {
    serve(no, {});
    const before = simulator.requests.length;

    const { code, stdout } = await on(["check", "--json"]);

    expect(code).toBe(3);
    expect(offences("check", stdout)).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      checks: [{ key, exists: "yes", restorable: "no", restoreRegion: "cn-shanghai" }],
    });
    const sent = simulator.requests.slice(before).find((request) => request.action === action);
    expect(sent?.parameters).toMatchObject({
      DBInstanceClass: "rds.mysql.s3.large",
      DBInstanceStorage: "100",
      BackupSetId: "102",
    });
  });

  test("is checked for what the flags say, if there are any", async () => {
    const before = simulator.requests.length;

    await on(["check", "--db-instance-class", "rds.mysql.s2.large", "--db-instance-storage", "200"]);

    const sent = simulator.requests.slice(before).find((request) => request.action === action);
    expect(sent?.parameters).toMatchObject({
      DBInstanceClass: "rds.mysql.s2.large",
      DBInstanceStorage: "200",
    });
  });

  test("of cloud disks is not checked, with a warning", async () => {
    await refresh(lockFile, simulator.url, [...question, "--db-instance-storage-type", "cloud_essd"]);
    serve(no, {});

    const { code, stdout, stderr } = await on(["check", "--db-instance-id", "rm-orders", "--json"]);

    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      checks: [{ restorable: "not-asked", restoreRegion: null }, { restorable: "no" }],
    });
    expect(stderr).toMatch(/^warning: "latest rm-orders .+" is not checked: .+ cloud disks \(cloud_essd\)\n$/);
  });
});
