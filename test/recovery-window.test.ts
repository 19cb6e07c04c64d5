import { join } from "node:path";
import { TerraformLocal, TerraformStack, type App } from "cdktf";
import { LatestCrossRegionBackup, type LatestCrossRegionBackupProps, OnStale } from "../lib";
import { startSimulatorThread, type SimulatorThread } from "../lib/simulator";
import {
  appIn,
  environmentOf,
  filesBelow,
  isolateEnvironment,
  lockedApp,
  loggedWorld,
  lookupErrorOf,
  outputsOf,
  readStack,
  readText,
  regionId,
  temporaryFolders,
} from "./fixtures";
import { changeAnswer } from "./cli/lock-files";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
let simulator: SimulatorThread;
let lockFile: string;

beforeAll(async () => {
  simulator = await startSimulatorThread({ world: loggedWorld });
});

afterAll(() => simulator.stop());

beforeEach(() => {
  lockFile = join(temporaryFolder(), "rds-dr.lock.json");
  Object.assign(process.env, environmentOf(simulator.url), { RDS_DR_LOCK_FILE: lockFile });
});

const instant: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const gapKey = "latest rm-gap recoveryWindow=true regionId=cn-hangzhou";

/** An app with a lookup that asks for the window, and a local that uses its end. */
function windowed(
  dbInstanceId: string,
  props: Partial<LatestCrossRegionBackupProps> = {},
): { readonly app: App; readonly backup: LatestCrossRegionBackup } {
  const app = appIn(temporaryFolder());
  const stack = new TerraformStack(app, "lookup");
  const backup = new LatestCrossRegionBackup(stack, "orders", {
    ...{ dbInstanceId, regionId, recoveryWindow: true },
    ...props,
  });
  new TerraformLocal(stack, "until", backup.recoverableUntil);
  return { app, backup };
}

function synthesise(mode: string, app: App): Record<string, unknown> {
  process.env["RDS_DR_MODE"] = mode;
  app.synth();
  return outputsOf(readStack(app.outdir, "lookup"));
}

test("the outputs, the attribute and the concrete record have the window, and gaps are a warning", () => {
  const { app, backup } = windowed("rm-gap");

  const outputs = synthesise("live", app);

  const gaps = [{ start: instant, end: instant }];
  expect(outputs["orders_backup"]).toMatchObject({
    recoverable_from: instant,
    recoverable_until: instant,
    recovery_gaps: gaps,
  });
  expect(backup.lookUp()).toMatchObject({
    crossBackupId: "202",
    recoverableUntil: instant,
    recoveryGaps: gaps,
  });
  expect(readStack(app.outdir, "lookup").locals).toEqual({ until: backup.lookUp().recoverableUntil });
  expect(readText(app.outdir, "manifest.json")).toContain("and to no later time: no log covers the time from");
});

test("maxRecoverableAgeHours judges the end of the window, and maxAgeHours the data time", () => {
  const limit = { maxRecoverableAgeHours: 2 };
  const messageOf = (instance: string, props: Partial<LatestCrossRegionBackupProps>): string =>
    lookupErrorOf(() => windowed(instance, props).backup.lookUp()).message;

  expect(windowed("rm-whole", limit).backup.lookUp()).toMatchObject({ crossBackupId: "101" });
  expect(messageOf("rm-gap", limit)).toMatch(
    /can be restored up to \S+, which is more than maxRecoverableAgeHours \(2\) ago\n.*no log covers/,
  );
  expect(messageOf("rm-whole", { maxAgeHours: 2 })).toContain("holds the data of");
});

test("onStale covers both limits", () => {
  const { app, backup } = windowed("rm-gap", {
    maxAgeHours: 2,
    maxRecoverableAgeHours: 2,
    onStale: OnStale.WARN,
  });

  app.synth();

  expect(backup.lookUp()).toMatchObject({ crossBackupId: "202" });
  expect(readText(app.outdir, "manifest.json")).toMatch(
    /more than maxAgeHours \(2\) ago, and can be restored up to \S+ which is more than maxRecoverableAgeHours \(2\) ago/,
  );
});

test("maxRecoverableAgeHours is an error without recoveryWindow", () => {
  expect(
    lookupErrorOf(() => windowed("rm-whole", { maxRecoverableAgeHours: 2, recoveryWindow: false })).message,
  ).toContain("maxRecoverableAgeHours must be omitted unless the recovery window is looked up");
});

test("without recoveryWindow its end is an error where it is used, before a file is written", () => {
  const { app } = windowed("rm-gap", { recoveryWindow: false });

  expect(
    lookupErrorOf(() => {
      app.synth();
    }).message,
  ).toMatch(/^lookup\/orders: recoverableUntil is used, .*\n {2}-> set recoveryWindow: true at the lookup/);
  expect(filesBelow(app.outdir)).toEqual([]);
});

test("the locked window is used, with its gaps, and without a request", async () => {
  const refreshed = windowed("rm-gap").app;
  const outputs = synthesise("refresh", refreshed);
  const asked = (await simulator.requests()).length;

  const locked = windowed("rm-gap").app;

  expect(synthesise("locked", locked)).toEqual(outputs);
  expect(readText(locked.outdir, "manifest.json")).toContain("no log covers the time from");
  expect(await simulator.requests()).toHaveLength(asked);
});

test("so is that of a pinned answer, in every mode, whatever its age", () => {
  synthesise("refresh", windowed("rm-gap").app);
  const pin = { reason: "the drill" };
  const pinned = { crossBackupId: "7", dataTime: "2024-03-05T02:00:00Z", restoreRegions: ["cn-shanghai"] };
  const window = {
    recoverableFrom: "2024-03-05T02:30:00Z",
    recoverableUntil: "2024-03-05T03:00:00Z",
    recoveryGaps: [],
  };
  changeAnswer(lockFile, gapKey, { backup: { ...pinned, ...window }, pin });

  for (const mode of ["live", "locked", "refresh"]) {
    const { app, backup } = windowed("rm-gap", { maxAgeHours: 1 });
    synthesise(mode, app);
    expect(backup.lookUp()).toMatchObject(window);
  }
});

test("a locked answer without a window is judged by its data time, and its end is not known", () => {
  const backup = { crossBackupId: "7", dataTime: "2024-03-05T02:00:00Z", restoreRegions: ["cn-shanghai"] };
  const props = { dbInstanceId: "rm-gap", regionId, recoveryWindow: true } as const;
  const app = lockedApp(temporaryFolder(), { [gapKey]: { backup } });
  delete process.env["RDS_DR_LOCK_FILE"];
  const stack = new TerraformStack(app, "lookup");
  const [young, old] = [
    new LatestCrossRegionBackup(stack, "young", props),
    new LatestCrossRegionBackup(stack, "old", { ...props, maxRecoverableAgeHours: 26 }),
  ];

  expect(young.lookUp()).not.toHaveProperty("recoverableUntil");
  expect(lookupErrorOf(() => old.lookUp()).message).toContain("can be restored up to 2024-03-05T02:00:00Z");
});

test("to destroy, a placeholder stands for it", () => {
  const { app } = windowed("rm-gap");

  synthesise("destroy", app);

  expect(readStack(app.outdir, "lookup").locals).toEqual({ until: "1970-01-01T00:00:00Z" });
});

test.each(["yes", 1, null])("recoveryWindow of %j is an error that names it", (recoveryWindow) => {
  const props: unknown = { recoveryWindow };

  expect(lookupErrorOf(() => windowed("rm-gap", props as Partial<LatestCrossRegionBackupProps>)).message).toMatch(
    /^lookup\/orders: recoveryWindow must be true or false/,
  );
});
