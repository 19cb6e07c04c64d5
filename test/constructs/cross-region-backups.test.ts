import { App, TerraformLocal, TerraformStack, TerraformVariable } from "cdktf";
import { CrossRegionBackups, type CrossRegionBackupsProps } from "../../lib";
import { FaultKind, type SimulatorThread, startSimulatorThread } from "../../lib/simulator";
import {
  environmentOf,
  hoursAgo,
  hoursOld,
  instance,
  isolateEnvironment,
  lockedApp,
  lookupErrorOf,
  outputsOf,
  regionId,
  temporaryFolders,
  testingSynth,
} from "../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
let simulator: SimulatorThread;

const world = {
  instances: [
    {
      resourceGroupId: "rg-acfmyorders01",
      ...instance("rm-orders", [
        { ...hoursOld(30, 101), "x-backup-id": "7001" },
        { ...hoursOld(2, 103), BackupSetStatus: 1, "x-backup-id": "7003" },
        { ...hoursOld(5, "9007199254740993"), CrossBackupRegion: "cn-beijing", "x-backup-id": "7002" },
      ]),
    },
    instance("rm-odd", [
      { ...hoursOld(1, 5), "x-omit": ["CrossBackupId"] },
      { ...hoursOld(2, 6), Category: [] },
    ]),
    instance("rm-many", [{ ...hoursOld(1, 9000), "x-repeat": { count: 250, every: "1h" } }]),
    instance("rm-empty", []),
  ],
};

beforeEach(async () => {
  simulator = await startSimulatorThread({ world });
  Object.assign(process.env, environmentOf(simulator.url));
});

afterEach(() => simulator.stop());

const orders = { dbInstanceId: "rm-orders", regionId } as const;

function newStack(): TerraformStack {
  return new TerraformStack(new App(), "lookup");
}

function idsOf(props: CrossRegionBackupsProps): unknown[] {
  return new CrossRegionBackups(newStack(), "orders", props).lookUp().map(({ crossBackupId }) => crossBackupId);
}

async function parametersAsked(): Promise<unknown[]> {
  return (await simulator.requests()).map(({ parameters }) => parameters);
}

test("returns every record, valid or not, newest first", () => {
  expect(idsOf(orders)).toEqual(["103", "9007199254740993", "101"]);
});

test("its tokens and outputs contain ids and facts, and no download link", () => {
  const stack = newStack();
  const backups = new CrossRegionBackups(stack, "orders-db", orders);
  new TerraformLocal(stack, "ids", backups.crossBackupIds);
  new TerraformLocal(stack, "records", backups.backups);

  const json = testingSynth(stack);

  const ids = ["103", "9007199254740993", "101"];
  expect(outputsOf(json)).toMatchObject({ orders_db_cross_backup_ids: ids });
  expect(json.locals?.["ids"]).toEqual(ids);
  expect(JSON.stringify(json)).not.toMatch(/link|FAKE|unreadable/i);
  expect(json.output?.["orders_db_backups"]?.value).toEqual(json.locals?.["records"]);
  expect(json.locals?.["records"]).toMatchObject([
    { cross_backup_id: "103", backup_set_status: 1, engine: "mysql" },
    { cross_backup_id: "9007199254740993", cross_backup_region: "cn-beijing" },
    { cross_backup_id: "101", restore_regions: ["cn-hangzhou", "cn-shanghai"] },
  ]);
});

test("a record without an id is among the records, but not among the ids", () => {
  const stack = newStack();
  new CrossRegionBackups(stack, "odd", { dbInstanceId: "rm-odd", regionId });

  const outputs = outputsOf(testingSynth(stack));

  expect(outputs).toMatchObject({ odd_cross_backup_ids: ["6"] });
  expect(outputs["odd_backups"]).toHaveLength(2);
});

test("no records are an answer, not an error", () => {
  const stack = newStack();
  const backups = new CrossRegionBackups(stack, "empty", { dbInstanceId: "rm-empty", regionId });

  expect(backups.lookUp()).toEqual([]);
  expect(outputsOf(testingSynth(stack))).toEqual({ empty_cross_backup_ids: [], empty_backups: [] });
});

test("sends every request parameter of the API", async () => {
  const [startTime, endTime] = [hoursAgo(48), hoursAgo(1)];

  const ids = idsOf({
    ...orders,
    crossBackupRegion: "cn-shanghai",
    backupId: "7001",
    resourceGroupId: "rg-acfmyorders01",
    startTime,
    endTime,
    pageSize: 30,
    pageNumber: 1,
  });

  expect(await parametersAsked()).toEqual([
    {
      DBInstanceId: "rm-orders",
      RegionId: "cn-hangzhou",
      CrossBackupRegion: "cn-shanghai",
      BackupId: "7001",
      ResourceGroupId: "rg-acfmyorders01",
      StartTime: startTime,
      EndTime: endTime,
      PageSize: "30",
      PageNumber: "1",
    },
  ]);
  expect(ids).toEqual(["101"]);
});

test("an id alone needs no window", async () => {
  expect(idsOf({ ...orders, crossBackupId: "101" })).toEqual(["101"]);
  expect(await parametersAsked()).toEqual([
    {
      DBInstanceId: "rm-orders",
      RegionId: "cn-hangzhou",
      CrossBackupId: "101",
      PageSize: "100",
      PageNumber: "1",
    },
  ]);
});

test("reads a list of three pages in three requests, and only the page that pageNumber names in one", async () => {
  expect(idsOf({ dbInstanceId: "rm-many", regionId })).toHaveLength(250);
  expect(await parametersAsked()).toHaveLength(3);
  expect(idsOf({ dbInstanceId: "rm-many", regionId, pageNumber: 3 })).toHaveLength(50);
  expect(await parametersAsked()).toHaveLength(4);
});

test("a lookup that fails is an error that begins with the path", async () => {
  await simulator.injectFault({ kind: FaultKind.DENIED });

  expect(() => testingSynth(stackWith(orders))).toThrow(/^lookup\/orders: .*Forbidden\.RAM/);
});

test("a locked answer needs no network", async () => {
  const answers = {
    "list rm-orders crossBackupId=101 regionId=cn-hangzhou": {
      backups: [{ crossBackupId: "101", restoreRegions: ["cn-shanghai"] }],
    },
  };
  const stack = new TerraformStack(lockedApp(temporaryFolder(), answers), "lookup");
  new CrossRegionBackups(stack, "orders", { ...orders, crossBackupId: "101" });

  expect(outputsOf(testingSynth(stack))).toEqual({
    orders_cross_backup_ids: ["101"],
    orders_backups: [{ cross_backup_id: "101", restore_regions: ["cn-shanghai"] }],
  });
  expect(await simulator.requests()).toEqual([]);
});

test("outputs: false adds none, and outputPrefix names them", () => {
  const stack = newStack();
  new CrossRegionBackups(stack, "a", { ...orders, outputs: false });
  new CrossRegionBackups(stack, "b", { ...orders, outputPrefix: "all" });

  expect(Object.keys(outputsOf(testingSynth(stack)))).toEqual(["all_backups", "all_cross_backup_ids"]);
});

function stackWith(props: unknown): TerraformStack {
  const stack = newStack();
  new CrossRegionBackups(stack, "orders", props as CrossRegionBackupsProps);
  return stack;
}

test.each<[string, unknown, string]>([
  ["no props at all", undefined, "props"],
  ["no dbInstanceId", { regionId }, "dbInstanceId"],
  ["a malformed regionId", { ...orders, regionId: "hangzhou" }, "regionId"],
  ["an id with letters", { ...orders, crossBackupId: "12a" }, "crossBackupId"],
  ["an id that is a number", { ...orders, crossBackupId: 101 }, "crossBackupId"],
  ["a start without an end", { ...orders, startTime: "2024-03-05T02:21:00Z" }, "endTime"],
  ["an end without a start", { ...orders, endTime: "2024-03-05T02:21:00Z" }, "startTime"],
  [
    "a start after the end",
    { ...orders, startTime: "2024-03-06T00:00:00Z", endTime: "2024-03-05T00:00:00Z" },
    "startTime",
  ],
  ["a date that does not exist", { ...orders, startTime: "2023-02-29T00:00:00Z", endTime: hoursAgo(0) }, "startTime"],
  ["a page size of 40", { ...orders, pageSize: 40 }, "pageSize"],
  ["text for pageSize", { ...orders, pageSize: "100" }, "pageSize"],
  ["the page 0", { ...orders, pageNumber: 0 }, "pageNumber"],
  ["half a page", { ...orders, pageNumber: 1.5 }, "pageNumber"],
  ["a backupId with letters", { ...orders, backupId: "b7001" }, "backupId"],
  ["a resourceGroupId with a blank", { ...orders, resourceGroupId: "my group" }, "resourceGroupId"],
  ["a number for endpoint", { ...orders, endpoint: 5 }, "endpoint"],
  ["text for outputs", { ...orders, outputs: "no" }, "outputs"],
])("%s is one error that names the prop", (_, props, name) => {
  const error = lookupErrorOf(() => stackWith(props));

  expect(error.path).toBe("lookup/orders");
  expect(error.message).toMatch(new RegExp(`^lookup/orders: .*\\b${name}\\b[^]*\\n {2}-> .`));
});

test.each(["crossBackupId", "startTime", "endTime", "backupId", "crossBackupRegion", "resourceGroupId"])(
  "a token for %s is refused",
  (name) => {
    const { stringValue } = new TerraformVariable(newStack(), "variable", {});

    expect(lookupErrorOf(() => stackWith({ ...orders, [name]: stringValue })).message).toContain(
      `lookup/orders: ${name} is a token`,
    );
  },
);
