import { join } from "node:path";
import { TerraformLocal, TerraformStack, type App } from "cdktf";
import { LatestCrossRegionBackup, OnStale } from "../../lib";
import { LookupErrors } from "../../lib/errors";
import {
  appIn,
  environmentOf,
  errorOf,
  filesBelow,
  isolateEnvironment,
  lockedApp,
  outputsOf,
  projectRoot,
  readText,
  regionId,
  runNode,
  temporaryFolders,
  testingSynth,
} from "../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

const backup = {
  crossBackupId: "14562",
  dataTime: "2024-03-05T02:22:54Z",
  restoreRegions: ["cn-shanghai"],
  engine: "mysql",
};
const key = "latest rm-orders regionId=cn-hangzhou restoreRegion=cn-shanghai";
const orders = { dbInstanceId: "rm-orders", regionId, restoreRegion: "cn-shanghai" } as const;

function ordersIn(app: App): LatestCrossRegionBackup {
  return new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", orders);
}

test("an answer in the app's context stands for the lookup, in a user's unit test", () => {
  const app = lockedApp(temporaryFolder(), { [key]: { backup } });
  const found = ordersIn(app);

  expect(found.canRestoreTo("cn-shanghai")).toBe(true);
  expect(found.tryLookUp()).toMatchObject(backup);
  expect(outputsOf(testingSynth(TerraformStack.of(found)))).toEqual({
    orders_cross_backup_id: "14562",
    orders_restore_regions: ["cn-shanghai"],
    orders_backup: {
      data_time: "2024-03-05T02:22:54Z",
      data_time_estimated: false,
      db_instance_id: "rm-orders",
      engine: "mysql",
      region_id: "cn-hangzhou",
    },
  });
});

test("an answer whose data time its own facts rule out is an error that names it, whatever its age limit", () => {
  const late = { ...backup, backupStartTime: "2024-03-01T02:22:45Z", backupEndTime: "2024-03-01T02:23:37Z" };
  const app = lockedApp(temporaryFolder(), { [key]: { backup: late } });

  expect(errorOf(() => ordersIn(app).lookUp()).message).toMatch(
    /"dataTime" of the locked answer "latest rm-orders .*" must be at or before its own backupEndTime, "2024-03-01T02:23:37Z", but is "2024-03-05T02:22:54Z"\s.*correct it, or /,
  );
});

test("it uses no network, starts no thread and loads nothing for either", async () => {
  const script = `
    require("node:net").Socket.prototype.connect = () => { throw new Error("a connection"); };
    require("node:worker_threads").Worker = class { constructor() { throw new Error("a thread"); } };
    const { App, TerraformStack } = require("cdktf");
    const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
    const answers = { [${JSON.stringify(key)}]: { backup: ${JSON.stringify(backup)} } };
    const app = new App({ outdir: process.env.OUTDIR, context: { "rds-dr": { mode: "locked", answers } } });
    const stack = new TerraformStack(app, "lookup");
    new LatestCrossRegionBackup(stack, "orders", ${JSON.stringify(orders)});
    app.synth();
    const loaded = Object.keys(require.cache).filter((file) => /pop-core|@alicloud|synckit|commander/.test(file));
    console.log(JSON.stringify(loaded));
  `;
  const OUTDIR = temporaryFolder();

  const finished = await runNode(["-e", script], { cwd: projectRoot, environment: { OUTDIR } });

  expect(finished).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
  expect(readText(OUTDIR, "stacks", "lookup", "cdk.tf.json")).toContain('"14562"');
});

test("two syntheses write the same files, byte for byte", () => {
  const [first, second] = ["a", "b"].map(() => {
    const app = lockedApp(temporaryFolder(), { [key]: { backup } });
    new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", {
      ...orders,
      maxAgeHours: 26,
      onStale: OnStale.WARN,
    });
    app.synth();
    const manifest = JSON.parse(readText(app.outdir, "manifest.json")) as {
      stacks: { lookup: { annotations: { stacktrace: unknown }[] } };
    };
    return {
      stack: readText(app.outdir, "stacks", "lookup", "cdk.tf.json"),
      // A stack trace names the lines of this test.
      manifest: JSON.stringify(manifest, (name, value: unknown) => (name === "stacktrace" ? null : value)),
    };
  });

  expect(first?.manifest).toContain("holds the data of 2024-03-05T02:22:54Z");
  expect(second).toEqual(first);
});

test("one error names all missing answers with their keys, and nothing is written", () => {
  const app = lockedApp(temporaryFolder(), { [key]: { backup } });
  const stack = new TerraformStack(app, "lookup");
  new LatestCrossRegionBackup(stack, "orders", orders);
  new LatestCrossRegionBackup(stack, "billing", { dbInstanceId: "rm-billing", regionId });
  new LatestCrossRegionBackup(stack, "stock", { dbInstanceId: "rm-stock", regionId, maxAgeHours: 5 });

  const error = errorOf(() => {
    app.synth();
  });

  expect(error).toBeInstanceOf(LookupErrors);
  expect(error.message).toBe(
    [
      "2 lookups failed",
      ...["billing", "stock"].map((name) =>
        [
          `lookup/${name}: there is no locked answer "latest rm-${name} regionId=cn-hangzhou"`,
          '  -> add it under that key to "answers" in the context "rds-dr" (in a test, by TestAnswers with the props of the construct), or look it up with RDS_DR_MODE=live',
        ].join("\n"),
      ),
    ].join("\n\n"),
  );
  expect(filesBelow(app.outdir)).toEqual([]);
});

test("an answer of another endpoint is refused, with the endpoint of this run", () => {
  process.env["RDS_DR_ENDPOINT"] = "rds.example";
  const answers = { [key]: { backup, endpoint: "http://127.0.0.1:8080" } };

  expect(() => ordersIn(lockedApp(temporaryFolder(), answers)).lookUp()).toThrow(
    `lookup/orders: the locked answer "${key}" came from http://127.0.0.1:8080, not from https://rds.example\n  -> `,
  );
});

test("a broken answer is one error that says where it is, for the first construct that waits", () => {
  const app = lockedApp(temporaryFolder(), { [key]: { backup: { ...backup, dataTime: "yesterday" } } });
  ordersIn(app);

  expect(
    errorOf(() => {
      app.synth();
    }).message,
  ).toBe(
    `lookup/orders: ["${key}"]["backup"]["dataTime"] of "answers" in the context "rds-dr" must be yyyy-MM-ddTHH:mm:ssZ, but is "yesterday"\n  -> correct ["${key}"]["backup"]["dataTime"] of "answers" in the context "rds-dr"`,
  );
  expect(filesBelow(app.outdir)).toEqual([]);
});

test.each<[Record<string, string>, unknown, RegExp]>([
  [
    { RDS_DR_MODE: "frozen" },
    {},
    /^lookup\/orders: RDS_DR_MODE must be "live" or "locked" or "refresh" or "destroy", but is "frozen"\n {2}-> correct RDS_DR_MODE$/,
  ],
  [{ RDS_DR_DEADLINE_SECONDS: "soon" }, {}, /^lookup\/orders: RDS_DR_DEADLINE_SECONDS must be a number of seconds/],
  [{ RDS_DR_ON_STALE: "shrug" }, {}, /^lookup\/orders: RDS_DR_ON_STALE must be "fail" or "warn"/],
  [{}, { modus: "locked" }, /^lookup\/orders: a key in the context "rds-dr" must be .*mode.*, but is "modus"/],
])("a wrong setting (%j, %j) is one error that names it", (environment, settings, message) => {
  Object.assign(process.env, environment);
  const app = appIn(temporaryFolder(), settings);
  ordersIn(app);

  const error = errorOf(() => {
    app.synth();
  });

  expect(error).toMatchObject({ name: "LookupError", path: "lookup/orders" });
  expect(error.message).toMatch(message);
  expect(filesBelow(app.outdir)).toEqual([]);
});

test("RDS_DR_MODE wins over the mode in the context", () => {
  const answers = { [key]: { backup } };
  process.env["RDS_DR_MODE"] = "locked";
  expect(ordersIn(appIn(temporaryFolder(), { mode: "live", answers })).lookUp().crossBackupId).toBe("14562");

  Object.assign(process.env, environmentOf("http://127.0.0.1:1"), {
    RDS_DR_MODE: "live",
    RDS_DR_DEADLINE_SECONDS: "0.5",
  });
  const live = lockedApp(temporaryFolder(), answers);
  ordersIn(live);
  live.synth();
  expect(readText(live.outdir, "manifest.json")).toContain(
    'the API gave no answer for \\"rm-orders\\" of cn-hangzhou (ECONNREFUSED): the locked backup 14562',
  );
});

test("a value of a locked answer reaches the other elements of the stack", () => {
  const app = lockedApp(temporaryFolder(), { [key]: { backup } });
  const found = ordersIn(app);
  new TerraformLocal(TerraformStack.of(found), "id", found.crossBackupId);

  app.synth();

  expect(readText(join(app.outdir, "stacks", "lookup", "cdk.tf.json"))).toContain('"id": "14562"');
});
