import { App, Aspects, TerraformOutput, TerraformStack, type IAspect } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { LatestCrossRegionBackup, OnStale } from "../../lib";
import {
  filesBelow,
  isolateEnvironment,
  lockedApp,
  lookupErrorOf,
  readStack,
  readText,
  temporaryFolders,
} from "../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

const props = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
const answers = {
  "latest rm-orders regionId=cn-hangzhou": {
    backup: { crossBackupId: "14562", dataTime: "2024-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] },
  },
};

test("a fact that is used, but that the record does not contain, fails the synthesis before a file is written", () => {
  const app = lockedApp(temporaryFolder(), answers);
  const first = new TerraformStack(app, "first");
  const backup = new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", props);
  new TerraformOutput(first, "version", { value: `v-${backup.engineVersion}` });

  const error = lookupErrorOf(() => {
    app.synth();
  });

  expect(error.code).toBe("UnknownFact");
  expect(error.message).toMatch(
    /^lookup\/orders: engineVersion is used, but the record of the backup does not contain it\n {2}-> do without engineVersion/,
  );
  expect(filesBelow(app.outdir)).toEqual([]);
});

test("a missing fact that is used after the lookup has settled fails the synthesis as well", () => {
  const app = lockedApp(temporaryFolder(), answers);
  const stack = new TerraformStack(app, "lookup");
  const backup = new LatestCrossRegionBackup(stack, "orders", props);
  backup.lookUp();
  new TerraformOutput(stack, "size", { value: backup.crossBackupSetSize });

  expect(
    lookupErrorOf(() => {
      app.synth();
    }).message,
  ).toMatch(/^lookup\/orders: crossBackupSetSize is used, but the record of the backup does not contain it\n/);
  expect(filesBelow(app.outdir)).toEqual([]);
});

test("facts that nothing uses may be missing: the output of the facts omits them", () => {
  const app = lockedApp(temporaryFolder(), answers);
  new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", props);

  app.synth();

  expect(readStack(app.outdir, "lookup").output?.["orders_backup"]?.value).toEqual({
    data_time: "2024-03-05T02:22:54Z",
    data_time_estimated: false,
    db_instance_id: "rm-orders",
    region_id: "cn-hangzhou",
  });
});

test("without restoreRegion, a backup that can be restored only to the region of its source is a warning", () => {
  const [key, answer] = Object.entries(answers)[0] ?? [];
  const homebound = { backup: { ...answer?.backup, restoreRegions: ["cn-hangzhou"] } };
  const app = lockedApp(temporaryFolder(), { [key ?? ""]: homebound });
  const backup = new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", props);

  app.synth();

  expect(backup.node.metadata.map(({ data }) => data as unknown)).toEqual([
    expect.stringContaining("14562, can be restored only to cn-hangzhou, the region of its source: set restoreRegion"),
  ]);
});

test("a construct outside of an app's stack is refused", () => {
  expect(() => new LatestCrossRegionBackup(new App(), "orders", props)).toThrow(/stack/i);
});

test("two reads of an attribute are equal, as they are for any other data source", () => {
  const backup = new LatestCrossRegionBackup(new TerraformStack(new App(), "lookup"), "orders", props);

  expect(backup.crossBackupId).toBe(backup.crossBackupId);
  expect(backup.crossBackupId).not.toBe(backup.dataTime);
});

test("whoever changes a concrete record changes a copy, not the record of others that ask for the same", () => {
  const app = lockedApp(temporaryFolder(), answers);
  const stack = new TerraformStack(app, "lookup");
  const [backup, other] = ["orders", "again"].map((id) => new LatestCrossRegionBackup(stack, id, props));

  backup?.lookUp().restoreRegions.push("cn-beijing");

  expect([backup, other].map((each) => each?.canRestoreTo("cn-beijing"))).toEqual([false, false]);
});

test("a construct that was removed from the tree is not looked up", () => {
  const app = lockedApp(temporaryFolder(), answers);
  const stack = new TerraformStack(app, "lookup");
  new LatestCrossRegionBackup(stack, "orders", props);
  const group = new Construct(stack, "old");
  new LatestCrossRegionBackup(group, "gone", { ...props, dbInstanceId: "rm-gone" });
  stack.node.tryRemoveChild("old");

  app.synth();

  expect(Object.keys(readStack(app.outdir, "lookup").output ?? {})).toHaveLength(3);
});

test("warnings of a lookup that an aspect declares reach the manifest, as those of any other", () => {
  class Declares implements IAspect {
    visit(node: IConstruct): void {
      if (node instanceof TerraformStack && node.node.tryFindChild("orders") === undefined) {
        new LatestCrossRegionBackup(node, "orders", { ...props, maxAgeHours: 1, onStale: OnStale.WARN });
      }
    }
  }
  const app = lockedApp(temporaryFolder(), answers);
  Aspects.of(new TerraformStack(app, "lookup")).add(new Declares());

  app.synth();

  expect(readText(app.outdir, "manifest.json")).toContain("which is more than maxAgeHours (1) ago");
});
