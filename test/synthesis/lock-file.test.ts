import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformLocal, TerraformStack, type App } from "cdktf";
import { CrossRegionBackups, LatestCrossRegionBackup, type LatestCrossRegionBackupProps } from "../../lib";
import { startSimulatorThread, type SimulatorThread } from "../../lib/simulator";
import {
  appIn,
  environmentOf,
  errorOf,
  filesBelow,
  hoursOld,
  instance,
  isolateEnvironment,
  lookupErrorOf,
  outputsOf,
  readStack,
  readText,
  regionId,
  temporaryFolders,
  testWorld,
} from "../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
let simulator: SimulatorThread;
let lockFile: string;

beforeEach(async () => {
  simulator = await startSimulatorThread({ world: testWorld });
  lockFile = join(temporaryFolder(), "rds-dr.lock.json");
  Object.assign(process.env, environmentOf(simulator.url), {
    RDS_DR_LOCK_FILE: lockFile,
    RDS_DR_DEADLINE_SECONDS: "5",
  });
});

afterEach(() => simulator.stop());

const ordersKey = "latest rm-orders regionId=cn-hangzhou";

/** An app with a lookup of each instance, in a stack of its own. */
function appOf(...ids: readonly string[]): App {
  const app = appIn(temporaryFolder());
  for (const id of ids) {
    lookupIn(new TerraformStack(app, `stack-${id}`), id);
  }
  return app;
}

function lookupIn(
  stack: TerraformStack,
  id: string,
  props: Partial<LatestCrossRegionBackupProps> = {},
): LatestCrossRegionBackup {
  return new LatestCrossRegionBackup(stack, id, { dbInstanceId: `rm-${id}`, regionId, ...props });
}

function synthesise(mode: string, app: App): string {
  process.env["RDS_DR_MODE"] = mode;
  app.synth();
  return readText(app.outdir, "manifest.json");
}

/** Locks the answers to the lookups of these instances. */
function lock(...ids: readonly string[]): string {
  synthesise("refresh", appOf(...ids));
  return readFileSync(lockFile, "utf8");
}

/** Changes an entry of the lock file. */
function edit(key: string, changes: object): void {
  const file = JSON.parse(readFileSync(lockFile, "utf8")) as { answers: Record<string, object> };
  file.answers[key] = { ...file.answers[key], ...changes };
  writeFileSync(lockFile, JSON.stringify(file));
}

test("live and locked write nothing", () => {
  synthesise("live", appOf("orders"));
  expect(existsSync(lockFile)).toBe(false);

  const text = lock("orders");
  synthesise("live", appOf("orders", "billing"));
  synthesise("locked", appOf("orders"));
  expect(readFileSync(lockFile, "utf8")).toBe(text);
});

test("a refresh locks each answer under its key, with the query and without a link; the next refresh keeps its bytes", () => {
  const text = lock("orders", "billing");

  expect(JSON.parse(text)).toMatchObject({
    version: 1,
    answers: {
      [ordersKey]: {
        query: { dbInstanceId: "rm-orders", regionId },
        backup: { crossBackupId: "9007199254740993", restoreRegions: ["cn-hangzhou", "cn-shanghai"] },
        endpoint: simulator.url,
      },
      "latest rm-billing regionId=cn-hangzhou": { backup: { crossBackupId: "201" } },
    },
  });
  expect(text).not.toMatch(/link|Signature|simulator-secret/i);
  expect(lock("billing", "orders")).toBe(text);
});

test("a locked synthesis writes what the refresh wrote, without a request", async () => {
  const refreshed = appOf("orders");
  synthesise("refresh", refreshed);
  const asked = (await simulator.requests()).length;

  const locked = appOf("orders");
  synthesise("locked", locked);

  expect(readStack(locked.outdir, "stack-orders").output).toEqual(readStack(refreshed.outdir, "stack-orders").output);
  expect(await simulator.requests()).toHaveLength(asked);
});

test("if the API does not answer, the locked answers are used, with their data time and the cause as a warning", async () => {
  const stale = {
    dbInstanceId: "rm-stale",
    regionId,
    startTime: "2020-01-01T00:00:00Z",
    endTime: "2020-01-02T00:00:00Z",
  };
  const withList = (): App => {
    const app = appOf("orders");
    const stack = new TerraformStack(app, "others");
    new CrossRegionBackups(stack, "all", stale);
    lookupIn(stack, "empty").tryLookUp();
    return app;
  };
  process.env["RDS_DR_MODE"] = "refresh";
  withList().synth();
  await simulator.stop();

  process.env["RDS_DR_MODE"] = "live";
  process.env["RDS_DR_DEADLINE_SECONDS"] = "0.3";
  const app = withList();
  app.synth();

  expect(outputsOf(readStack(app.outdir, "stack-orders"))).toMatchObject({
    orders_cross_backup_id: "9007199254740993",
  });
  const manifest = readText(app.outdir, "manifest.json");
  expect(manifest).toMatch(
    /the API gave no answer for \\"rm-orders\\" of cn-hangzhou \(ECONNREFUSED\): the locked backup 9007199254740993 \(data of \d{4}-[^)]*Z\) takes its place/,
  );
  expect(manifest).toMatch(/the API gave no answer for \\"rm-stale\\" .*: the locked answer takes its place/);
  expect(manifest).toMatch(/no valid full backup of \\"rm-empty\\".*: the locked answer says so since \d{4}-/);
});

test("the error for a locked backup that is too old says that it is locked, and why it is used at all", async () => {
  lock("stale");
  await simulator.stop();
  process.env["RDS_DR_DEADLINE_SECONDS"] = "0.3";
  process.env["RDS_DR_MODE"] = "live";
  const stale = (): LatestCrossRegionBackup =>
    lookupIn(new TerraformStack(appIn(temporaryFolder()), "lookup"), "stale", { maxAgeHours: 26 });

  const { code, message } = lookupErrorOf(() => stale().lookUp());

  expect(code).toBe("BackupTooOld");
  expect(message).toMatch(/more than maxAgeHours \(26\) ago\n {2}the API gave no answer for "rm-stale"/);
  process.env["RDS_DR_ON_STALE"] = "warn";
  expect(stale().lookUp().crossBackupId).toBe("301");
});

test("an instance that no longer exists is an error that names the locked backup, and how to use it", () => {
  lock("orders");
  const file = readFileSync(lockFile, "utf8").replaceAll("rm-orders", "rm-gone");
  writeFileSync(lockFile, file);
  process.env["RDS_DR_MODE"] = "live";

  const { code, message } = lookupErrorOf(() =>
    lookupIn(new TerraformStack(appIn(temporaryFolder()), "lookup"), "gone").lookUp(),
  );

  expect(code).toBe("InvalidDBInstance.NotFound");
  expect(message).toMatch(/; the locked backup is 9007199254740993 \(data of /);
  expect(message).toMatch(/-> .*restore from the locked backup with RDS_DR_MODE=locked/);
});

test.each(["live", "refresh", "locked"])(
  "in mode %s a pinned backup is used as it is, and its reason told",
  async (mode) => {
    lock("orders", "stale");
    const staleKey = "latest rm-stale regionId=cn-hangzhou";
    edit(staleKey, { pin: { reason: "the drill of March" } });
    const text = readFileSync(lockFile, "utf8");
    const asked = (await simulator.requests()).length;

    const app = appIn(temporaryFolder());
    const stack = new TerraformStack(app, "lookup");
    const { crossBackupId } = lookupIn(stack, "stale", { maxAgeHours: 1 });
    new TerraformLocal(stack, "id", crossBackupId);
    const manifest = synthesise(mode, app);

    expect(readStack(app.outdir, "lookup").locals).toEqual({ id: "301" });
    expect(manifest).toContain("is pinned, and used without lookup or age check: the drill of March");
    const ids = (await simulator.requests()).slice(asked).map(({ parameters }) => parameters["CrossBackupId"]);
    expect(ids).toEqual(mode === "refresh" ? ["301"] : []);
    expect(readFileSync(lockFile, "utf8")).toBe(text);
  },
);

test("a locked backup that expires soon, or has expired, is a warning", () => {
  lock("stale");
  const key = "latest rm-stale regionId=cn-hangzhou";

  edit(key, { retentionDays: 5 });
  expect(synthesise("locked", appOf("stale"))).toMatch(/the locked backup 301, kept for 5 days, expires at /);
  edit(key, { retentionDays: 4 });
  expect(synthesise("locked", appOf("stale"))).toMatch(/301, kept for 4 days, has expired at /);
  edit(key, { retentionDays: 30 });
  expect(synthesise("locked", appOf("stale"))).not.toContain("kept for");
});

test("the error names every missing answer with its key, the file and the command that fills it; nothing is written", () => {
  lock("orders");
  const app = appOf("orders", "billing", "stale");

  const { message } = errorOf(() => synthesise("locked", app));

  expect(message).toContain("2 lookups failed");
  for (const id of ["billing", "stale"]) {
    expect(message).toContain(`there is no locked answer "latest rm-${id} regionId=cn-hangzhou" in ${lockFile}`);
  }
  expect(message).toContain('-> fill it with "npx rds-dr refresh"');
  expect(filesBelow(app.outdir)).toEqual([]);
});

test("the error of the first concrete value names every missing answer", () => {
  lock("orders");
  const stack = new TerraformStack(appIn(temporaryFolder()), "lookup");
  const [orders, billing] = ["orders", "billing", "stale"].map((id) => lookupIn(stack, id));
  process.env["RDS_DR_MODE"] = "locked";

  expect(orders?.lookUp().crossBackupId).toBe("9007199254740993");
  expect(errorOf(() => billing?.lookUp()).message).toMatch(/rm-billing/);
  const again = new TerraformStack(appIn(temporaryFolder()), "lookup");
  const [first] = ["billing", "stale"].map((id) => lookupIn(again, id));
  expect(errorOf(() => first?.lookUp()).message).toMatch(/^2 lookups failed[^]*rm-billing[^]*rm-stale/);
});

test("an answer of a stand-in does not replace one of Alibaba Cloud", () => {
  lock("orders");
  edit(ordersKey, { endpoint: undefined, retentionDays: undefined });
  const text = readFileSync(lockFile, "utf8");

  expect(synthesise("refresh", appOf("orders"))).toContain(
    "a simulator or another host gave this answer, so the locked one",
  );
  expect(readFileSync(lockFile, "utf8")).toBe(text);
});

test("a list that lacks the newest locked record, which exists, does not replace the locked list unless that is accepted", async () => {
  const list = (): string => {
    const app = appIn(temporaryFolder());
    new CrossRegionBackups(new TerraformStack(app, "lookup"), "list", {
      dbInstanceId: "rm-orders",
      regionId,
    });
    return synthesise("refresh", app);
  };
  list();
  const text = readFileSync(lockFile, "utf8");
  const unlisted = { ...hoursOld(2, 103), BackupType: "I", "x-listed": false };
  await simulator.setWorld({ instances: [instance("rm-orders", [hoursOld(30, 101), unlisted])] });

  expect(text).toContain('"103"');
  expect(list()).toContain("has lost its newest record, 103 (started");
  expect(readFileSync(lockFile, "utf8")).toBe(text);
  process.env["RDS_DR_ACCEPT_OLDER"] = "true";
  list();
  expect(readFileSync(lockFile, "utf8")).not.toContain('"103"');
});

test("a new list replaces the locked one if RDS has no record with the id of its newest record", () => {
  const app = (): App => {
    const app = appIn(temporaryFolder());
    const stack = new TerraformStack(app, "lookup");
    new CrossRegionBackups(stack, "list", { dbInstanceId: "rm-orders", regionId });
    return app;
  };
  synthesise("refresh", app());
  const key = "list rm-orders regionId=cn-hangzhou";
  const { answers } = JSON.parse(readFileSync(lockFile, "utf8")) as {
    answers: Record<string, { backups: object[] }>;
  };
  const backups = answers[key]?.backups ?? [];
  const backupStartTime = new Date().toISOString().replace(/\.\d+/, "");
  edit(key, { backups: [{ ...backups[0], crossBackupId: "999", backupStartTime }, ...backups] });

  expect(synthesise("refresh", app())).toContain("has lost its newest record, 999 (started");
  expect(readFileSync(lockFile, "utf8")).not.toContain('"999"');
});

test("a broken lock file is an error in every mode but destroy, which goes on without it", () => {
  writeFileSync(lockFile, "{\n<<<<<<< HEAD\n");

  for (const mode of ["live", "refresh", "locked"]) {
    expect(errorOf(() => synthesise(mode, appOf("orders"))).message).toMatch(
      /^stack-orders\/orders: .*rds-dr\.lock\.json must be free of merge conflicts.*"in conflict at line 2"/,
    );
  }
  expect(synthesise("destroy", appOf("orders"))).toContain("RDS_DR_MODE=destroy");
});

test("a refresh that cannot write its file fails, and says which and why", () => {
  process.env["RDS_DR_LOCK_FILE"] = join(temporaryFolder(), "nowhere", "lock.json");
  const app = appOf("orders");

  expect(errorOf(() => synthesise("refresh", app)).message).toMatch(
    /^stack-orders\/orders: .*nowhere\/lock\.json must be a file that can be written.*, but is "ENOENT"/,
  );
  expect(filesBelow(app.outdir)).toEqual([]);
});

test("a refresh without a place for the lock file writes none, and says so", () => {
  delete process.env["RDS_DR_LOCK_FILE"];
  const here = process.cwd();
  process.chdir(temporaryFolder());
  try {
    expect(synthesise("refresh", appOf("orders"))).toContain(
      "no lock file was written, as there is no cdktf.json in this folder, nor above it up to the root of its repository (files of other users do not count): name one with RDS_DR_LOCK_FILE",
    );
    expect(filesBelow(process.cwd())).toEqual([]);
  } finally {
    process.chdir(here);
  }
});

describe("to destroy", () => {
  const unlocked = (): { readonly app: App; readonly found: LatestCrossRegionBackup } => {
    const app = appIn(temporaryFolder());
    const found = lookupIn(new TerraformStack(app, "lookup"), "orders", {
      restoreRegion: "cn-shanghai",
      maxAgeHours: 1,
    });
    new TerraformLocal(new TerraformStack(app, "dr"), "facts", [
      found.crossBackupId,
      found.engine,
      found.dbInstanceStorageType,
      found.dataTime,
    ]);
    return { app, found };
  };

  test("nothing is asked, and every fact is a placeholder that no restore would accept", async () => {
    const { app } = unlocked();

    synthesise("destroy", app);

    const placeholder = "placeholder-of-RDS_DR_MODE-destroy";
    expect(readStack(app.outdir, "dr").locals).toEqual({
      facts: ["0", placeholder, placeholder, "1970-01-01T00:00:00Z"],
    });
    expect(await simulator.requests()).toEqual([]);
  });

  test("what is locked is used, whatever its age", () => {
    process.env["RDS_DR_ON_STALE"] = "warn";
    synthesise("refresh", unlocked().app);
    process.env["RDS_DR_ON_STALE"] = "fail";
    edit(`${ordersKey} restoreRegion=cn-shanghai`, { retentionDays: 1 });
    const { app, found } = unlocked();
    process.env["RDS_DR_MODE"] = "destroy";

    expect(found.canRestoreTo("cn-hangzhou")).toBe(true);
    app.synth();
    expect(outputsOf(readStack(app.outdir, "lookup"))).toMatchObject({
      orders_cross_backup_id: "9007199254740993",
    });
  });

  test("every stack of the app has a guard that allows nothing else; in another mode none has", () => {
    const guards = (app: App): unknown[] =>
      ["lookup", "dr"].map((stack) =>
        readText(app.outdir, "stacks", stack, "cdk.tf.json").includes("rds_dr_destroy_only"),
      );
    const destroyed = unlocked().app;
    const refreshed = unlocked().app;

    synthesise("destroy", destroyed);
    process.env["RDS_DR_ON_STALE"] = "warn";
    synthesise("refresh", refreshed);

    expect(guards(destroyed)).toEqual([true, true]);
    expect(guards(refreshed)).toEqual([false, false]);
  });

  test("is an error with HCL, because the guard would be missing", () => {
    process.env["SYNTH_HCL_OUTPUT"] = "true";
    try {
      const { app } = unlocked();
      expect(errorOf(() => synthesise("destroy", app)).message).toMatch(
        /^lookup\/orders: RDS_DR_MODE must be omitted with HCL, but is "destroy": /,
      );
      expect(filesBelow(app.outdir)).toEqual([]);
    } finally {
      delete process.env["SYNTH_HCL_OUTPUT"];
    }
  });

  test("broken answers in the context do not matter", () => {
    delete process.env["RDS_DR_LOCK_FILE"];
    const app = appIn(temporaryFolder(), { mode: "locked", answers: { nonsense: 1 } });
    lookupIn(new TerraformStack(app, "lookup"), "orders");

    expect(synthesise("destroy", app)).toContain("RDS_DR_MODE=destroy");
  });

  test("is the operator's word alone: the context cannot say it", () => {
    const app = appIn(temporaryFolder(), { mode: "destroy" });
    lookupIn(new TerraformStack(app, "lookup"), "orders");

    expect(
      errorOf(() => {
        app.synth();
      }).message,
    ).toContain('"mode" in the context "rds-dr" must be');
  });
});
