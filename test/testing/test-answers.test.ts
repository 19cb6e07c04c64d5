import { TerraformStack, Testing } from "cdktf";
import {
  CrossRegionBackups,
  DisasterRecoveryInstance,
  LatestCrossRegionBackup,
  type LatestCrossRegionBackupProps,
  OnStale,
  RestoreVia,
} from "../../lib";
import { AlicloudProvider } from "../../lib/alicloud";
import { TestAnswers, type TestBackup, type TestRestore } from "../../lib/testing";
import { hoursAgo, isolateEnvironment, lookupErrorOf, outputsOf, testingSynth, type StackJson } from "../fixtures";

isolateEnvironment();

const props = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" };
const backup: TestBackup = { crossBackupId: "14562", hoursAgo: 2 };

const stackWith = (answers: TestAnswers, onStale?: OnStale): TerraformStack =>
  new TerraformStack(Testing.app({ context: answers.toContext(onStale) }), "dr");

function synthesised(answers: TestAnswers, lookUp: LatestCrossRegionBackupProps = props, onStale?: OnStale): StackJson {
  const stack = stackWith(answers, onStale);
  new LatestCrossRegionBackup(stack, "orders", lookUp);
  return testingSynth(stack);
}

describe("the answer to a lookup of the latest backup", () => {
  it("is found by the props of the construct, without an API", () => {
    const given = { ...backup, engine: "mysql", engineVersion: "8.0", dbInstanceStorageType: "local_ssd" };

    expect(outputsOf(synthesised(new TestAnswers().latest(props, given)))).toMatchObject({
      orders_cross_backup_id: "14562",
      orders_restore_regions: ["cn-shanghai"],
      orders_backup: { engine: "mysql", engine_version: "8.0", db_instance_storage_type: "local_ssd" },
    });
  });

  it.each<[string, LatestCrossRegionBackupProps]>([
    ["only the instance", { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" }],
    [
      "everything that is part of the question",
      {
        ...props,
        ...{ crossBackupRegion: "cn-shanghai", resourceGroupId: "rg-acfmyxxxx", recoveryWindow: true },
        notAfter: "2026-03-05T02:22:54Z",
        preflight: { instanceClass: "rds.mysql.s3.large", storageGb: 100, storageType: "local_ssd" },
      },
    ],
    [
      "what is not part of it",
      { ...props, endpoint: "vpc", profile: "drill", maxAgeHours: 26, outputs: true, outputPrefix: "a" },
    ],
  ])("fits props with %s", (_, given) => {
    const { crossBackupId } = backup;
    const facts = { crossBackupId, crossBackupRegion: "cn-shanghai" };

    const stack = stackWith(new TestAnswers().latest(given, facts));

    expect(new LatestCrossRegionBackup(stack, "orders", given).lookUp()).toMatchObject(facts);
  });

  it("is an hour old by default, or of the last instant that the lookup allows", () => {
    const lookUp = (given: LatestCrossRegionBackupProps): string =>
      new LatestCrossRegionBackup(
        stackWith(new TestAnswers().latest(given, { crossBackupId: "1" })),
        "a",
        given,
      ).lookUp().dataTime;

    expect(Math.abs(Date.parse(lookUp(props)) - Date.parse(hoursAgo(1)))).toBeLessThan(30_000);
    expect(lookUp({ ...props, notAfter: "2026-03-05T02:22:54Z" })).toBe("2026-03-05T02:22:54Z");
  });

  it("may be too old, which is an error unless the context or the construct says otherwise", () => {
    const limited = { ...props, maxAgeHours: 26 };
    const answers = new TestAnswers().latest(limited, { crossBackupId: "14562", dataTime: "2026-03-05T02:22:54Z" });

    expect(lookupErrorOf(() => synthesised(answers, limited)).code).toBe("BackupTooOld");
    expect(outputsOf(synthesised(answers, limited, OnStale.WARN))).toHaveProperty("orders_cross_backup_id", "14562");
  });

  it("may be that there is none", () => {
    const answers = new TestAnswers().noBackup(props);

    expect(lookupErrorOf(() => synthesised(answers)).code).toBe("NoValidBackup");
    expect(new LatestCrossRegionBackup(stackWith(answers), "orders", props).tryLookUp()).toBeUndefined();
  });

  it("comes to those before it, and changes nothing", () => {
    const before = new TestAnswers().latest(props, backup);
    before.latest(props, { crossBackupId: "14563" });

    expect(outputsOf(synthesised(before))).toHaveProperty("orders_cross_backup_id", "14562");
  });

  it("is the last one of those to the same question, and never another question's", () => {
    const answers = new TestAnswers().latest(props, backup).latest(props, { crossBackupId: "14563" });
    const elsewhere = { ...props, restoreRegion: "cn-beijing" };

    expect(outputsOf(synthesised(answers))).toHaveProperty("orders_cross_backup_id", "14563");
    expect(lookupErrorOf(() => synthesised(answers, elsewhere)).code).toBe("NotLocked");
  });

  it("does not know a fact that the test omits, nor does an explicit undefined hide a default", () => {
    const given = { ...backup, restoreRegions: undefined, engine: undefined } as unknown as TestBackup;
    const stack = stackWith(new TestAnswers().latest(props, given));
    const { restoreRegions, engine } = new LatestCrossRegionBackup(stack, "orders", props).lookUp();

    expect({ restoreRegions, engine }).toEqual({ restoreRegions: ["cn-shanghai"], engine: undefined });
  });
});

describe("the answer to a list", () => {
  const listProps = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };

  it("has the records of the test, valid or not", () => {
    const failed = { crossBackupId: "2", hoursAgo: 1, backupSetStatus: 1, restoreRegions: ["cn-shanghai"] };
    const dated = { crossBackupId: "1", dataTime: "2026-03-05T02:22:54Z", recoverableUntil: "2026-03-06T02:22:54Z" };

    const records = new CrossRegionBackups(
      stackWith(new TestAnswers().list(listProps, [failed, dated])),
      "all",
      listProps,
    ).lookUp();

    expect(records).toEqual([
      {
        ...{ crossBackupId: "2", backupSetStatus: 1, restoreRegions: ["cn-shanghai"], unreadable: [] },
        consistentTime: expect.any(String) as string,
      },
      {
        ...{ crossBackupId: "1", consistentTime: "2026-03-05T02:22:54Z" },
        ...{ restoreRegions: ["cn-hangzhou"], unreadable: [] },
      },
    ]);
  });

  it("may be empty", () => {
    const stack = stackWith(new TestAnswers().list(listProps, []));

    expect(new CrossRegionBackups(stack, "all", listProps).lookUp()).toEqual([]);
  });
});

describe("a restored instance", () => {
  const ledger = { dbInstanceId: "pgm-ledger", regionId: "cn-beijing", restoreRegion: "cn-zhangjiakou" };
  const restore: TestRestore = {
    ...ledger,
    path: "dr/ledger-dr",
    restoredInstanceId: "pgm-restored",
    crossBackupId: "20771897",
  };
  const facts = { engine: "PostgreSQL", engineVersion: "15.0", dbInstanceStorageType: "cloud_essd" };

  it("is imported by the construct at its path", () => {
    const answers = new TestAnswers().latest(ledger, { crossBackupId: "20771897", ...facts }).restored(restore);
    const stack = stackWith(answers);
    new AlicloudProvider(stack, "alicloud", { region: "cn-zhangjiakou" });
    new DisasterRecoveryInstance(stack, "ledger-dr", {
      ...{ backup: new LatestCrossRegionBackup(stack, "ledger", ledger), regionId: "cn-zhangjiakou" },
      ...{ via: RestoreVia.IMPORT, instanceClass: "pg.n2.medium.2c", storageGb: 100 },
      ...{ vpcId: "vpc-1", vswitchId: "vsw-1", zoneId: "cn-zhangjiakou-a", securityIps: ["10.0.0.0/8"] },
    });

    const { import: imported } = testingSynth(stack) as { readonly import?: unknown };

    expect(imported).toEqual([{ id: "pgm-restored", to: "alicloud_db_instance.ledger-dr" }]);
  });

  it.each<[string, object, string]>([
    ["a misspelt prop", { generaton: 2 }, "there is no prop generaton"],
    ["no path", { path: undefined }, "path must be the path of a construct, but is missing"],
    ["a region that is none", { restoreRegion: "Shanghai" }, "restoreRegion must be"],
    ["an id that is none", { restoredInstanceId: "${file(1)}" }, "must be the id of an RDS instance"],
    ["a generation before the first", { generation: 0 }, "generation must be a whole number from 1"],
    ["a time that is none", { restoreTime: "yesterday" }, 'restoreTime"] must be'],
  ])("with %s is an error", (_, wrong, message) => {
    const error = lookupErrorOf(() => new TestAnswers().restored({ ...restore, ...wrong }));

    expect(error.message).toContain("TestAnswers.restored(pgm-ledger): ");
    expect(error.message).toContain(message);
  });
});

describe("an answer that is wrong is an error that names what is, and what is allowed", () => {
  it.each<[string, object, object, string]>([
    ["a misspelt prop", { restoreRegoin: "cn-shanghai" }, {}, "there is no prop restoreRegoin"],
    ["a prop that is no region", { restoreRegion: "Shanghai" }, {}, "restoreRegion must be"],
    ["no instance", { dbInstanceId: undefined }, {}, "dbInstanceId must be"],
    ["a misspelt fact", {}, { enginVersion: "8.0" }, "there is no prop enginVersion"],
    ["an id that is a number", {}, { crossBackupId: 14562 }, "crossBackupId must be"],
    ["an id that no backup has", {}, { crossBackupId: "0" }, "crossBackupId must be"],
    ["no id", {}, { crossBackupId: undefined }, "crossBackupId must be"],
    ["no age", {}, { hoursAgo: -1 }, "hoursAgo must be a number of hours above 0, but is -1"],
    ["two ages", {}, { dataTime: "2026-03-05T02:22:54Z" }, "both hoursAgo and dataTime are given"],
    ["a time that is none", {}, { hoursAgo: undefined, dataTime: "yesterday" }, "dataTime must be"],
    ["no region to restore to", {}, { restoreRegions: [] }, "must be a list of at least one region"],
    [
      "a misspelt prop of the preflight",
      { preflight: { instanceClas: "a" } },
      {},
      "there is no prop preflight.instanceClas",
    ],
  ])("%s", (_, wrongProps, wrongFacts, message) => {
    const answer = (): unknown => new TestAnswers().latest({ ...props, ...wrongProps }, { ...backup, ...wrongFacts });

    expect(lookupErrorOf(answer).message).toContain(message);
  });

  it("without props, or without a backup", () => {
    const none = undefined as unknown;

    expect(
      lookupErrorOf(() => new TestAnswers().latest(none as LatestCrossRegionBackupProps, backup)).message,
    ).toContain("there are no props");
    expect(lookupErrorOf(() => new TestAnswers().list(props, [none as TestBackup])).message).toContain("restoreRegion");
  });
});
