import { join } from "node:path";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { LatestCrossRegionBackup, type LatestCrossRegionBackupProps, OnStale } from "../../lib";
import { FaultKind, type SimulatorThread, startSimulatorThread, type WorldRecord } from "../../lib/simulator";
import {
  appIn,
  environmentOf,
  filesBelow,
  hoursOld,
  instance,
  isolateEnvironment,
  lookupErrorOf,
  outputsOf,
  readStack,
  readText,
  temporaryFolders,
} from "../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
let simulator: SimulatorThread;

beforeAll(async () => {
  simulator = await startSimulatorThread();
});

afterAll(() => simulator.stop());

const props = {
  dbInstanceId: "rm-orders",
  regionId: "cn-hangzhou",
  restoreRegion: "cn-shanghai",
  preflight: { instanceClass: "rds.mysql.s3.large", storageGb: 100 },
} as const;

/** Serves two backups, of 5 and of 30 hours ago. */
async function serve(newest: WorldRecord): Promise<void> {
  await simulator.clearFaults();
  await simulator.setWorld({
    instances: [instance("rm-orders", [{ ...hoursOld(5, 102), ...newest }, hoursOld(30, 101)])],
  });
  Object.assign(process.env, environmentOf(simulator.url));
}

function declare(changes: Partial<LatestCrossRegionBackupProps> = {}): {
  readonly app: App;
  readonly backup: LatestCrossRegionBackup;
} {
  const app = appIn(temporaryFolder());
  const backup = new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", {
    ...props,
    ...changes,
  });
  return { app, backup };
}

test("a backup that the region of the restore accepts is in the outputs", async () => {
  await serve({});
  const { app } = declare();

  app.synth();

  expect(outputsOf(readStack(app.outdir, "lookup"))).toMatchObject({ orders_cross_backup_id: "102" });
});

test("if the backup is the cause of the refusal, the next older one is used, with a warning", async () => {
  await serve({ "x-check-error": "CrossRegionUnsupportTDE" });
  const { app } = declare({ maxAgeHours: 48 });

  app.synth();

  expect(outputsOf(readStack(app.outdir, "lookup"))).toMatchObject({ orders_cross_backup_id: "101" });
  expect(readText(app.outdir, "manifest.json")).toMatch(
    /the preflight of .+ refused 102 .+CrossRegionUnsupportTDE.+ the older 101 .+ takes its place/,
  );
});

test.each<[string, Partial<LatestCrossRegionBackupProps>, Record<string, string>]>([
  ["the default", {}, {}],
  ["the code", { onStale: OnStale.WARN }, {}],
  ["the operator", {}, { RDS_DR_ON_STALE: "warn" }],
])("the next older one is never older than maxAgeHours, whatever %s says of onStale", async (_, changes, variables) => {
  await serve({ "x-check-error": "CrossRegionUnsupportTDE" });
  Object.assign(process.env, variables);
  const { app } = declare({ maxAgeHours: 26, ...changes });

  const error = lookupErrorOf(() => {
    app.synth();
  });

  expect(error.code).toBe("BackupTooOld");
  expect(error.message).toMatch(
    /^lookup\/orders: the preflight refused 102; of the others, the latest valid backup of .+, 101, .+more than maxAgeHours \(26\) ago\n.+CrossRegionUnsupportTDE/,
  );
  expect(filesBelow(app.outdir)).toEqual([]);
});

describe("the next older one is locked with the refused ones, and is never older than maxAgeHours", () => {
  beforeEach(async () => {
    process.env["RDS_DR_LOCK_FILE"] = join(temporaryFolder(), "rds-dr.lock.json");
    await serve({ "x-check-error": "CrossRegionUnsupportTDE" });
    process.env["RDS_DR_MODE"] = "refresh";
    declare().app.synth();
    process.env["RDS_DR_ON_STALE"] = "warn";
    process.env["RDS_DR_DEADLINE_SECONDS"] = "1";
  });

  const circumstances: readonly [string, () => Promise<unknown>][] = [
    ["in locked mode", () => Promise.resolve((process.env["RDS_DR_MODE"] = "locked"))],
    [
      "in an outage",
      () => {
        process.env["RDS_DR_MODE"] = "live";
        return simulator.injectFault({ kind: FaultKind.UNAVAILABLE });
      },
    ],
    [
      "in a refresh in an outage",
      () => simulator.injectFault({ kind: FaultKind.UNAVAILABLE, action: "DescribeCrossRegionBackups" }),
    ],
  ];

  test.each(circumstances)("%s, whatever onStale says", async (_, begin) => {
    await begin();
    const { app } = declare({ maxAgeHours: 26 });

    const error = lookupErrorOf(() => {
      app.synth();
    });

    expect(error.code).toBe("BackupTooOld");
    expect(error.message).toMatch(
      /^lookup\/orders: the preflight refused 102; of the others, the latest valid backup of .+, 101, .+\n[^]+the preflight refused 102: in cn-shanghai, .+CrossRegionUnsupportTDE/,
    );
  });

  test.each(circumstances)("%s, and is used with a warning if it is young enough", async (_, begin) => {
    await begin();
    const { app } = declare({ maxAgeHours: 48 });

    app.synth();

    expect(outputsOf(readStack(app.outdir, "lookup"))).toMatchObject({ orders_cross_backup_id: "101" });
    expect(readText(app.outdir, "manifest.json")).toMatch(
      /the preflight refused 102: in cn-shanghai, .+CrossRegionUnsupportTDE/,
    );
  });
});

test("a refusal of the instance to be restored fails the synthesis, and no older backup is tried", async () => {
  await serve({});
  await simulator.injectFault({
    kind: FaultKind.REFUSED,
    action: "CheckCreateDdrDBInstance",
    code: "OperationDenied.ZoneResource",
  });
  const { app } = declare();

  const error = lookupErrorOf(() => {
    app.synth();
  });

  expect(error.code).toBe("OperationDenied.ZoneResource");
  expect(error.message).toContain("whether cn-shanghai accepts 102");
});

test("the preflight asks the region of the restore at its own endpoint", async () => {
  await serve({});
  process.env["RDS_DR_DEADLINE_SECONDS"] = "1";
  const { app } = declare({ restoreEndpoint: "http://127.0.0.1:1" });

  const error = lookupErrorOf(() => {
    app.synth();
  });

  expect(error.code).toBe("ECONNREFUSED");
  expect(error.message).toContain("whether cn-shanghai accepts 102");
});

describe("a wrong preflight is one error that names the prop:", () => {
  const variable = new TerraformVariable(new TerraformStack(new App(), "elsewhere"), "v", { type: "string" });

  test.each<[string, object, string]>([
    ["no restoreRegion", { restoreRegion: undefined }, "restoreRegion must be given with a preflight"],
    ["an endpoint alone", { preflight: undefined, restoreEndpoint: "vpc" }, "restoreEndpoint must be omitted"],
    ["an endpoint that is none", { restoreEndpoint: "a b" }, "restoreEndpoint must be a host"],
    ["null", { preflight: null }, "preflight is no object with props"],
    ["a list", { preflight: [] }, "preflight.instanceClass must be an instance type"],
    ["a token", { preflight: variable.fqn }, "preflight is a token"],
    [
      "a token in it",
      { preflight: { ...props.preflight, instanceClass: variable.stringValue } },
      "preflight.instanceClass is a token",
    ],
    ["no class", { preflight: { storageGb: 100 } }, "preflight.instanceClass must be an instance type"],
    ["no storage", { preflight: { instanceClass: "a" } }, "preflight.storageGb must be 5 to 2000 GB in steps"],
    ["too much", { preflight: { ...props.preflight, storageGb: 2_005 } }, "preflight.storageGb must be 5 to"],
    ["text", { preflight: { ...props.preflight, storageGb: "100" } }, "preflight.storageGb must be 5 to 2000"],
    [
      "a storage type of records",
      { preflight: { ...props.preflight, storageType: "ssd" } },
      'preflight.storageType must be "local_ssd" or "cloud_ssd"',
    ],
    ["a misspelt prop", { preflight: { ...props.preflight, storage: 5 } }, "there is no prop preflight.storage"],
  ])("%s", (_, changes, message) => {
    const error = lookupErrorOf(() => declare(changes));

    expect(error.kind).toBe("misuse");
    expect(error.message).toContain(`lookup/orders: ${message}`);
  });
});
