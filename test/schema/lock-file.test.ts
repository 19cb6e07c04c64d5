import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatLockFile, readLockFile } from "../../lib/lock/lock-file";
import { type LatestRequest, queryKey } from "../../lib/lookup/query";
import { startSimulator } from "../../lib/simulator";
import { environmentOf, errorOf, readText, runCli, temporaryFolders } from "../fixtures";
import { shortBackup as backup, wholeBackup as whole } from "../lock/locked-backups";
import { looseEnds, readSchema, validatorOf } from "./schemas";

const temporaryFolder = temporaryFolders();
const validate = validatorOf("lock-file");

const key = "latest rm-orders regionId=cn-hangzhou";
const listKey = "list rm-orders regionId=cn-hangzhou";

function parse(file: unknown): unknown {
  const path = join(temporaryFolder(), "rds-dr.lock.json");
  writeFileSync(path, JSON.stringify(file));
  return readLockFile(path);
}

test("the schema is strict at every depth, describes every property, and is found where it says", () => {
  const schema = readSchema("lock-file");

  expect(schema["$id"]).toBe("https://unpkg.com/cdktf-alicloud-rds-dr/schema/lock-file.schema.json");
  expect(looseEnds(schema)).toEqual([]);
});

test("what the package writes is valid: of every engine, of records that are odd, and of none", async () => {
  const simulator = await startSimulator();
  const folder = temporaryFolder();
  const environment = {
    ...environmentOf(simulator.url),
    RDS_DR_MODE: "refresh",
    RDS_DR_LOCK_FILE: "rds-dr.lock.json",
  };
  const instances = simulator.world.instances.map(({ dbInstanceId, regionId }) => [
    ...["--db-instance-id", dbInstanceId],
    ...["--region-id", regionId],
  ]);
  for (const instance of instances) {
    for (const command of ["lookup", "list"]) {
      await runCli([command, ...instance], { cwd: folder, environment });
    }
  }
  await simulator.stop();

  const file = JSON.parse(readText(folder, "rds-dr.lock.json")) as { readonly answers: object };
  expect(Object.keys(file.answers)).toHaveLength(2 * instances.length);
  expect(JSON.stringify(file)).toContain('"backup":null');
  validate(file);
  expect(validate.errors).toBeNull();
});

const query = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
const boundedKey =
  "latest rm-orders crossBackupRegion=cn-shanghai dbInstanceClass=rds.mysql.s3.large dbInstanceStorage=100 dbInstanceStorageType=local_ssd notAfter=2024-03-05T02:22:54Z regionId=cn-hangzhou resourceGroupId=rg-1 restoreRegion=cn-shanghai";
const windowKey = "latest rm-orders recoveryWindow=true regionId=cn-hangzhou";
const bounds = {
  ...query,
  crossBackupRegion: "cn-shanghai",
  notAfter: "2024-03-05T02:22:54Z",
  resourceGroupId: "rg-1",
  restoreRegion: "cn-shanghai",
  dbInstanceClass: "rds.mysql.s3.large",
  dbInstanceStorage: 100,
  dbInstanceStorageType: "local_ssd",
};

/** A lock file with one answer, whose key is what its question says. */
function withQuestion(changes: object): unknown {
  const given = Object.entries({ ...bounds, ...changes }).filter(([, value]: [string, unknown]) => value !== undefined);
  const question = Object.fromEntries(given) as unknown as LatestRequest;
  const own = queryKey({ kind: "latest", request: question, connection: {} });
  return { version: 1, answers: { [own]: { backup, query: question } } };
}

test.each<[string, unknown]>([
  ["is empty", { version: 1, answers: {} }],
  ["names a schema", { $schema: "./x.json", version: 1, answers: {} }],
  ["holds the least", { version: 1, answers: { [key]: { backup } } }],
  ["holds none", { version: 1, answers: { [key]: { backup: null } } }],
  ["holds every fact", { version: 1, answers: { [key]: { backup: whole } } }],
  ["holds every bound", { version: 1, answers: { [boundedKey]: { backup, query: bounds } } }],
  [
    "asks for the window",
    { version: 1, answers: { [windowKey]: { backup, query: { ...query, recoveryWindow: true } } } },
  ],
  ["holds a list of nothing", { version: 1, answers: { [listKey]: { backups: [] } } }],
  ["holds a record without facts", { version: 1, answers: { [listKey]: { backups: [{ restoreRegions: [] }] } } }],
  ["holds no instances", { version: 1, answers: { "instances cn-hangzhou": { instances: [] } } }],
  [
    "holds instances with every fact, and tags",
    {
      version: 1,
      answers: {
        "instances cn-hangzhou all=true tag:dr=true tag:%E5%90%8D=a%20b": {
          query: { regionId: "cn-hangzhou", all: true, tags: { dr: "true", 名: "a b" } },
          instances: [
            {
              dbInstanceId: "rm-orders",
              regionId: "cn-hangzhou",
              engine: "SQL Server",
              engineVersion: "8.0",
              dbInstanceClass: "rds.mysql.s3.large",
              crossBackupRegion: "cn-shanghai",
              retentionDays: 30,
              backupEnabled: true,
              logBackupEnabled: false,
              isListed: false,
            },
          ],
          changedAt: "2024-03-05T03:00:00Z",
          endpoint: "http://127.0.0.1:8080",
        },
      },
    },
  ],
  [
    "holds all else",
    {
      version: 1,
      answers: {
        [key]: {
          query,
          backup,
          changedAt: "2024-03-05T03:00:00Z",
          endpoint: "http://127.0.0.1:8080",
          refused: [{ crossBackupId: "14563", detail: "in cn-shanghai, it failed" }],
          retentionDays: 30,
          pin: { reason: "the drill" },
        },
      },
    },
  ],
])("the schema and the package take a lock file that %s", (_, file) => {
  validate(file);

  expect(validate.errors).toBeNull();
  expect(() => parse(file)).not.toThrow();
  const written: unknown = JSON.parse(formatLockFile(parse(file) as ReturnType<typeof readLockFile>));
  validate(written);
  expect(validate.errors).toBeNull();
});

const restoreKey = "dr/ledger-dr dbInstanceId=pgm-1 regionId=cn-beijing restoreRegion=cn-shanghai generation=1";
const restored = { dbInstanceId: "pgm-2", at: "2026-03-05T10:00:00Z" };
const intent = {
  at: "2026-03-05T09:00:00Z",
  parameters: {
    ...{ RegionId: "cn-shanghai", Engine: "PostgreSQL", EngineVersion: "15.0", DBInstanceClass: "pg.n2.medium.2c" },
    ...{ DBInstanceStorage: "100", DBInstanceStorageType: "cloud_essd", DBInstanceNetType: "Intranet" },
    ...{ InstanceNetworkType: "VPC", ZoneId: "cn-shanghai-b", VPCId: "vpc-1", VSwitchId: "vsw-1" },
    ...{ SecurityIPList: "10.0.0.0/8", PayType: "Postpaid", DBInstanceDescription: "ledger" },
    ...{ RestoreType: "BackupSet", BackupSetId: "101", ClientToken: "f".repeat(64) },
  },
};
const withRestore = (entry: unknown, own = restoreKey): unknown => ({
  version: 1,
  answers: {},
  restores: { [own]: entry },
});

test.each<[string, unknown]>([
  ["an intent", { intent }],
  ["an instance", { instance: restored }],
  [
    "all",
    {
      intent: { ...intent, accountId: "1234567890123456", endpoint: "http://127.0.0.1:8080" },
      instance: {
        ...restored,
        ...{ crossBackupId: "101", restoreTime: "2026-03-05T09:00:00Z", zoneId: "cn-shanghai-MAZ5(b,c)" },
        ...{ accountId: "1234567890123456", endpoint: "rds.example.com", createdAt: "2026-03-05T09:00:05Z" },
      },
    },
  ],
])("the schema and the package take a restore with %s, and write it as it is", (_, entry) => {
  const file = withRestore(entry);

  validate(file);
  expect(validate.errors).toBeNull();
  const written: unknown = JSON.parse(formatLockFile(parse(file) as ReturnType<typeof readLockFile>));
  expect(written).toMatchObject(file as object);
});

test.each<[string, unknown]>([
  ["without anything", withRestore({})],
  ["that is text", withRestore("pgm-2")],
  ["under a key of no restore", withRestore({ instance: restored }, "dr/ledger-dr")],
  ["of no region", withRestore({ instance: restored }, restoreKey.replace("cn-beijing", "Beijing"))],
  ["of no generation", withRestore({ instance: restored }, restoreKey.replace("generation=1", "generation=0"))],
  ["with an instance without an id", withRestore({ instance: { at: restored.at } })],
  ["with an instance without a time", withRestore({ instance: { dbInstanceId: "pgm-2" } })],
  ["with an id that is an expression", withRestore({ instance: { ...restored, dbInstanceId: "${file(1)}" } })],
  ["with more than is known", withRestore({ instance: { ...restored, password: "x" } })],
  ["with an account that is none", withRestore({ instance: { ...restored, accountId: "me" } })],
  ["with an intent without parameters", withRestore({ intent: { at: intent.at } })],
  ["with a credential", withRestore({ intent: { ...intent, parameters: { ...intent.parameters, AccessKeyId: "x" } } })],
  ["without a token", withRestore({ intent: { ...intent, parameters: { ...intent.parameters, ClientToken: "" } } })],
])("neither the schema nor the package takes a restore %s", (_, file) => {
  expect(validate(file)).toBe(false);
  expect(errorOf(() => parse(file))).toMatchObject({ name: "InvalidRequestError" });
});

const found = { dbInstanceId: "rm-a", regionId: "cn-a" };
const withInstances = (fields: object): unknown => ({
  version: 1,
  answers: { "instances cn-a": { instances: [found], ...fields } },
});
const entry = (fields: object): unknown => ({ version: 1, answers: { [key]: { backup, ...fields } } });
const fact = (fields: object): unknown => entry({ backup: { ...backup, ...fields } });

test.each<[string, unknown]>([
  ["is no object", []],
  ["has no version", { answers: {} }],
  ["is of another version", { version: 2, answers: {} }],
  ["has a version that is text", { version: "1", answers: {} }],
  ["has no answers", { version: 1 }],
  ["has a list of answers", { version: 1, answers: [] }],
  ["has an unknown key", { version: 1, answers: {}, note: "" }],
  ["has a $schema that is no text", { $schema: 1, version: 1, answers: {} }],
  ["has a key of no kind", { version: 1, answers: { "rm-orders": { backup } } }],
  ["has an entry that is text", { version: 1, answers: { [key]: "14562" } }],
  ["has an entry without an answer", { version: 1, answers: { [key]: {} } }],
  ["has an entry with both answers", entry({ backups: [] })],
  ["has a list for instances", withInstances({ instances: undefined, backups: [] })],
  ["has instances for a list", { version: 1, answers: { [listKey]: { instances: [] } } }],
  ["has an instance that is an expression", withInstances({ instances: [{ dbInstanceId: "${x}", regionId: "cn-a" }] })],
  ["has an instance without a region", withInstances({ instances: [{ dbInstanceId: "rm-a" }] })],
  ["has an instance with a name", withInstances({ instances: [{ ...found, description: "x" }] })],
  ["asks for instances with no tags", withInstances({ query: { regionId: "cn-a", tags: {} } })],
  ["asks for instances with a tag that is no text", withInstances({ query: { regionId: "cn-a", tags: { a: 1 } } })],
  ["asks for all instances in words", withInstances({ query: { regionId: "cn-a", all: "true" } })],
  ["has a list for a latest", { version: 1, answers: { [key]: { backups: [] } } }],
  ["has a backup for a list", { version: 1, answers: { [listKey]: { backup } } }],
  ["has an unknown field in an entry", entry({ note: "" })],
  ["has a changedAt that is none", entry({ changedAt: "2024-02-30T00:00:00Z" })],
  ["has a changedAt of another form", entry({ changedAt: "2024-03-05T02:22:54.000Z" })],
  ["has an empty endpoint", entry({ endpoint: "" })],
  ["has a refusal without an id", entry({ refused: [{ detail: "no" }] })],
  ["has a refusal without a detail", entry({ refused: [{ crossBackupId: "1" }] })],
  ["has a refusal of an id that is a number", entry({ refused: [{ crossBackupId: 1, detail: "no" }] })],
  ["has a refusal that says more", entry({ refused: [{ crossBackupId: "1", detail: "no", reason: "x" }] })],
  ["has refusals that are text", entry({ refused: "14563" })],
  ["has refusals of a list", { version: 1, answers: { [listKey]: { backups: [], refused: [] } } }],
  ["has a retention of no day", entry({ retentionDays: 0 })],
  ["has a pin without a reason", entry({ pin: {} })],
  ["has a pin with a blank reason", entry({ pin: { reason: " " } })],
  ["has a pin that says more", entry({ pin: { reason: "x", until: "y" } })],
  ["has a query that is text", entry({ query: "rm-orders" })],
  ["has a query with an object", entry({ query: { ...query, restoreRegion: {} } })],
  [
    "asks for the window in words",
    { version: 1, answers: { [windowKey]: { backup, query: { ...query, recoveryWindow: "true" } } } },
  ],
  ["asks for no window in so many words", entry({ query: { ...query, recoveryWindow: false } })],
  ["has a first recoverable time that is none", fact({ recoverableFrom: "now" })],
  ["has a recoverable time that is none", fact({ recoverableUntil: "now" })],
  ["has a gap without a start", fact({ recoveryGaps: [{ end: "2024-03-05T12:00:00Z" }] })],
  ["has a gap that says more", fact({ recoveryGaps: [{ start: "2024-03-05T12:00:00Z", why: "" }] })],
  ["has gaps that are text", fact({ recoveryGaps: "none" })],
  ["asks about a class without a storage", withQuestion({ dbInstanceStorage: undefined })],
  ["asks about a class in no region", withQuestion({ restoreRegion: undefined })],
  ["asks about a storage without a class", withQuestion({ dbInstanceClass: undefined })],
  ["asks about a storage that is text", withQuestion({ dbInstanceStorage: "100" })],
  ["asks about a storage between two steps", withQuestion({ dbInstanceStorage: 102 })],
  ["asks about a storage type of no resource", withQuestion({ dbInstanceStorageType: "ssd" })],
  ["has no id", fact({ crossBackupId: undefined })],
  ["has an id that is a number", fact({ crossBackupId: 14562 })],
  ["has the id 0", fact({ crossBackupId: "0" })],
  ["has an id that is no number", fact({ crossBackupId: "last" })],
  ["has no data time", fact({ dataTime: undefined })],
  ["has a data time that is none", fact({ dataTime: "yesterday" })],
  ["has no region", fact({ restoreRegions: [] })],
  ["has an empty region", fact({ restoreRegions: [""] })],
  ["has regions that are text", fact({ restoreRegions: "cn-shanghai" })],
  ["has a size that is text", fact({ crossBackupSetSize: "5" })],
  ["has a flag that is text", fact({ dataTimeEstimated: "no" })],
  ["has an unknown fact", fact({ note: "" })],
  ["has a download link", fact({ crossBackupDownloadLink: "https://oss.example/f" })],
  [
    "has a download link in a list",
    {
      version: 1,
      answers: {
        [listKey]: { backups: [{ restoreRegions: [], crossBackupDownloadLink: "https://oss.example/f" }] },
      },
    },
  ],
  ["has an unreadable field without its value", fact({ unreadable: [{ field: "Category" }] })],
])("neither the schema nor the package takes a lock file that %s", (_, file) => {
  // As it stands in the file: what has no value is not there.
  expect(validate(JSON.parse(JSON.stringify(file)))).toBe(false);
  expect(errorOf(() => parse(file))).toMatchObject({ name: "InvalidRequestError" });
});
