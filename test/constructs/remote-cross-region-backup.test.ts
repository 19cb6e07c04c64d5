import { join } from "node:path";
import {
  DataTerraformRemoteStateHttp,
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateOss,
  DataTerraformRemoteStateS3,
  LocalBackend,
  TerraformOutput,
  type TerraformRemoteState,
  TerraformStack,
  TerraformVariable,
} from "cdktf";
import { type ICrossRegionBackup, LatestCrossRegionBackup, type RemoteCrossRegionBackupProps } from "../../lib";
import { startSimulatorThread } from "../../lib/simulator";
import { framework } from "../../lib/validation/own-package";
import {
  appIn,
  environmentOf,
  type Finished,
  hoursAgo,
  instance,
  isolateEnvironment,
  lookupErrorOf,
  outputsOf,
  regionId,
  run,
  temporaryFolders,
  testingSynth,
} from "../fixtures";
import { terraform } from "../terraform";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

function newStack(): TerraformStack {
  return new TerraformStack(appIn(temporaryFolder()), "restore");
}

function localState(stack: TerraformStack): TerraformRemoteState {
  return new DataTerraformRemoteStateLocal(stack, "primary", { path: "/state/lookup.tfstate" });
}

function remote(stack: TerraformStack, props: unknown, id = "orders"): ICrossRegionBackup {
  return LatestCrossRegionBackup.fromRemoteState(stack, id, props as RemoteCrossRegionBackupProps);
}

/** Writes every fact of a backup as an output of its own. */
function outputFacts(stack: TerraformStack, backup: ICrossRegionBackup): void {
  const facts: Record<string, unknown> = {
    crossBackupId: backup.crossBackupId,
    restoreRegions: backup.restoreRegions,
    dbInstanceId: backup.dbInstanceId,
    regionId: backup.regionId,
    dataTime: backup.dataTime,
    backupStartTime: backup.backupStartTime,
    backupEndTime: backup.backupEndTime,
    crossBackupRegion: backup.crossBackupRegion,
    crossBackupSetFile: backup.crossBackupSetFile,
    crossBackupSetSize: backup.crossBackupSetSize,
    engine: backup.engine,
    engineVersion: backup.engineVersion,
    category: backup.category,
    dbInstanceStorageType: backup.dbInstanceStorageType,
  };
  for (const [name, value] of Object.entries(facts)) {
    new TerraformOutput(stack, name, { value });
  }
}

test("gives every fact as an expression of the outputs of a lookup with the same id, and adds no outputs", () => {
  const stack = newStack();
  outputFacts(stack, remote(stack, { remoteState: localState(stack) }, "orders-of-the-shop"));

  const outputs = "data.terraform_remote_state.primary.outputs";
  const facts = `${outputs}.orders_of_the_shop_backup`;
  expect(outputsOf(testingSynth(stack))).toEqual({
    crossBackupId: `\${${outputs}.orders_of_the_shop_cross_backup_id}`,
    restoreRegions: `\${${outputs}.orders_of_the_shop_restore_regions}`,
    dbInstanceId: `\${${facts}.db_instance_id}`,
    regionId: `\${${facts}.region_id}`,
    dataTime: `\${${facts}.data_time}`,
    backupStartTime: `\${${facts}.backup_start_time}`,
    backupEndTime: `\${${facts}.backup_end_time}`,
    crossBackupRegion: `\${${facts}.cross_backup_region}`,
    crossBackupSetFile: `\${${facts}.cross_backup_set_file}`,
    crossBackupSetSize: `\${${facts}.cross_backup_set_size}`,
    engine: `\${${facts}.engine}`,
    engineVersion: `\${${facts}.engine_version}`,
    category: `\${${facts}.category}`,
    dbInstanceStorageType: `\${${facts}.db_instance_storage_type}`,
  });
});

test.each<[string, (stack: TerraformStack) => TerraformRemoteState]>([
  ["local", localState],
  ["oss", (stack) => new DataTerraformRemoteStateOss(stack, "primary", { bucket: "states" })],
  ["s3", (stack) => new DataTerraformRemoteStateS3(stack, "primary", { bucket: "states", key: "lookup" })],
  ["http", (stack) => new DataTerraformRemoteStateHttp(stack, "primary", { address: "https://state" })],
])("reads the outputs of an outputPrefix from the backend %s", (backend, stateIn) => {
  const stack = newStack();
  const backup = remote(stack, { remoteState: stateIn(stack), outputPrefix: "dr-shop" });
  new TerraformOutput(stack, "id", { value: backup.crossBackupId });

  const json = testingSynth(stack);

  expect(outputsOf(json)).toEqual({
    id: "${data.terraform_remote_state.primary.outputs.dr-shop_cross_backup_id}",
  });
  expect(json).toMatchObject({ data: { terraform_remote_state: { primary: { backend } } } });
});

test("two reads of one fact are equal, as they are for a lookup", () => {
  const stack = newStack();
  const backup = remote(stack, { remoteState: localState(stack) });

  expect(backup.engine).toBe(backup.engine);
  expect(backup.engine).not.toBe(backup.category);
});

test("accepts a remote state of a second copy of cdktf", () => {
  const stack = newStack();
  let remoteState: TerraformRemoteState | undefined;
  jest.isolateModules(() => {
    const copy = jest.requireActual<typeof import("cdktf")>("cdktf");
    expect(copy.DataTerraformRemoteStateLocal).not.toBe(DataTerraformRemoteStateLocal);
    remoteState = new copy.DataTerraformRemoteStateLocal(stack, "primary", {});
  });

  const backup = remote(stack, { remoteState });
  new TerraformOutput(stack, "engine", { value: backup.engine });

  expect(outputsOf(testingSynth(stack))).toEqual({
    engine: "${data.terraform_remote_state.primary.outputs.orders_backup.engine}",
  });
});

test("a prop it does not know is refused", () => {
  const stack = newStack();
  const props = { remoteState: localState(stack), outputs: false };

  expect(lookupErrorOf(() => remote(stack, props)).message).toBe(
    "restore/orders: there is no prop outputs\n  -> correct its name; the props are outputPrefix, remoteState",
  );
});

test.each<[string, (stack: TerraformStack) => unknown, string]>([
  ["nothing", () => undefined, "missing"],
  ["null", () => null, "something else"],
  ["the arguments of a backend", () => ({ bucket: "states", secretKey: "SECRET" }), "something else"],
  ["a backend", (stack) => new LocalBackend(stack, {}), "something else"],
  ["a path", () => "/state/lookup.tfstate", "something else"],
])("%s for remoteState is refused, and the message does not show it", (_, given, what) => {
  const stack = newStack();

  expect(lookupErrorOf(() => remote(stack, { remoteState: given(stack) })).message).toBe(
    `restore/orders: remoteState must be a remote state of ${framework}, but is ${what}\n  -> pass the construct that reads the state, such as new DataTerraformRemoteStateOss(…)`,
  );
});

test.each([["9orders"], [""], [7], [null]])("the outputPrefix %j is refused", (outputPrefix) => {
  const stack = newStack();

  // The id of the construct stands in for null.
  const make = () => remote(stack, { remoteState: localState(stack), outputPrefix }, "orders.db");
  expect(lookupErrorOf(make).message).toMatch(
    /^restore\/orders\.db: the names of the outputs cannot begin with .*\n {2}-> set outputPrefix to a letter or underscore, then letters, digits, underscores and hyphens$/,
  );
});

test("a token for outputPrefix is refused", () => {
  const stack = newStack();
  const { stringValue: outputPrefix } = new TerraformVariable(stack, "variable", {});
  const make = () => remote(stack, { remoteState: localState(stack), outputPrefix });

  expect(lookupErrorOf(make).message).toContain("restore/orders: outputPrefix is a token");
});

describe("with Terraform", () => {
  const testWithTerraform = terraform === undefined ? test.skip : test;
  const times = { start: hoursAgo(5), consistent: hoursAgo(4), end: hoursAgo(3) };
  const inStack = (outdir: string, stack: string, ...args: string[]): Promise<Finished> =>
    run(terraform ?? "", [...args, "-no-color"], { cwd: join(outdir, "stacks", stack) });

  testWithTerraform(
    "every fact arrives in the other app with its type, and one that is missing stops the plan (needs terraform or tofu)",
    async () => {
      const folder = temporaryFolder();
      const path = join(folder, "lookup.tfstate");
      await deployLookup(folder, path);
      const outdir = temporaryFolder();
      const app = appIn(outdir);
      const [restore, wrong] = ["restore", "wrong"].map((id) => {
        const stack = new TerraformStack(app, id);
        new LocalBackend(stack, { path: join(outdir, `${id}.tfstate`) });
        return stack;
      }) as [TerraformStack, TerraformStack];
      const stateIn = (stack: TerraformStack) => new DataTerraformRemoteStateLocal(stack, "primary", { path });
      outputFacts(restore, remote(restore, { remoteState: stateIn(restore) }));
      outputFacts(wrong, remote(wrong, { remoteState: stateIn(wrong) }, "billing"));
      app.synth();

      for (const stack of ["restore", "wrong"]) {
        expect(await inStack(outdir, stack, "init", "-input=false")).toMatchObject({ code: 0 });
      }
      const apply = await inStack(outdir, "restore", "apply", "-auto-approve", "-input=false");
      const output = await inStack(outdir, "restore", "output", "-json");
      const failed = await inStack(outdir, "wrong", "plan", "-input=false");

      expect(apply).toMatchObject({ code: 0, stderr: "" });
      expect(outputsOf({ output: JSON.parse(output.stdout) as Record<string, { value: unknown }> })).toEqual({
        crossBackupId: "9007199254740993",
        restoreRegions: ["cn-hangzhou", "cn-shanghai"],
        dbInstanceId: "rm-orders",
        regionId: "cn-hangzhou",
        dataTime: times.consistent,
        backupStartTime: times.start,
        backupEndTime: times.end,
        crossBackupRegion: "cn-shanghai",
        crossBackupSetFile: "file_qp.xb",
        crossBackupSetSize: 5_312_836,
        engine: "mysql",
        engineVersion: "8.0",
        category: "HighAvailability",
        dbInstanceStorageType: "ssd",
      });
      expect(failed.code).toBe(1);
      expect(failed.stderr).toContain("Error: Unsupported attribute");
      expect(failed.stderr).toContain('"billing_cross_backup_id"');
    },
  );

  /** Deploys the app of the primary: a lookup, and nothing but its outputs. */
  async function deployLookup(outdir: string, path: string): Promise<void> {
    const backup = {
      CrossBackupId: "9007199254740993",
      BackupStartTime: times.start,
      ConsistentTime: times.consistent,
      BackupEndTime: times.end,
    };
    const simulator = await startSimulatorThread({ world: { instances: [instance("rm-orders", [backup])] } });
    Object.assign(process.env, environmentOf(simulator.url));
    const app = appIn(outdir);
    const stack = new TerraformStack(app, "lookup");
    new LocalBackend(stack, { path });
    new LatestCrossRegionBackup(stack, "orders", { dbInstanceId: "rm-orders", regionId });
    app.synth();
    await simulator.stop();
    expect(await inStack(outdir, "lookup", "init", "-input=false")).toMatchObject({ code: 0 });
    expect(await inStack(outdir, "lookup", "apply", "-auto-approve", "-input=false")).toMatchObject({
      code: 0,
    });
  }
});
