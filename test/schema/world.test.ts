import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseWorld } from "../../lib/simulator";
import { worldSchema } from "../../lib/simulator/world-schema";
import { loggedWorld, projectRoot, readText, testWorld } from "../fixtures";
import { readSchema, validatorOf } from "./schemas";

const validate = validatorOf("world");
const instance = { dbInstanceId: "rm-1", regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "8.0" };
const withBackup = (backup: unknown): unknown => ({ instances: [{ ...instance, backups: [backup] }] });
const with_ = (fields: object): unknown => ({ instances: [], ...fields });

const shipped = readdirSync(join(projectRoot, "lib", "simulator", "worlds"));

test.each(shipped)("the world %s says where its schema is, and fits it", (file) => {
  const world = JSON.parse(readText(projectRoot, "lib", "simulator", "worlds", file)) as { readonly $schema: string };

  expect(join("lib", "simulator", "worlds", world.$schema)).toBe(join("schema", "world.schema.json"));
  validate(world);
  expect(validate.errors).toBeNull();
});

test("the worlds of the documents fit it, and the simulator takes them", () => {
  const blocks = readdirSync(join(projectRoot, "docs"))
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => [...readText(projectRoot, "docs", file).matchAll(/^```json\n(.*?)^```$/gms)])
    .map(([, text = ""]) => text)
    .filter((text) => text.includes('"instances"'));

  expect(blocks).not.toEqual([]);
  for (const block of blocks) {
    const world: unknown = JSON.parse(block);
    validate(world);
    expect(validate.errors).toBeNull();
    expect(() => parseWorld(world)).not.toThrow();
  }
});

test.each<[string, unknown]>([
  ["those of the tests", testWorld],
  ["logs", loggedWorld],
  ["its schema named", with_({ $schema: "https://unpkg.com/cdktf-alicloud-rds-dr/schema/world.schema.json" })],
  [
    "every field of an instance",
    { instances: [{ ...instance, localDisks: true, resourceGroupId: "rg-1", policy: {} }] },
  ],
  [
    "the oddest records",
    withBackup({ BackupStartTime: "yesterday", RestoreRegions: [null], CrossBackupId: "x", Engine: 7 }),
  ],
  ["text that only begins like a time", withBackup({ Engine: "nowhere" })],
  ["a time of each form", withBackup({ A: "now", B: "now-1d2h30m", C: "now+1d" })],
  ["an id beyond 2^53 as text", withBackup({ CrossBackupId: "9007199254740993" })],
  [
    "every switch",
    withBackup({
      "x-restorable": false,
      "x-check-error": "E",
      "x-backup-id": "1",
      "x-listed": false,
      "x-omit": ["Engine"],
    }),
  ],
  ["a series", withBackup({ "x-repeat": { count: 3, every: "1d2h", idStep: -7 } })],
  ["a canned answer", { instances: [{ ...instance, cannedAnswers: { DescribeCrossRegionBackups: { Items: {} } } }] }],
  [
    "restores",
    with_({ restores: { creationMs: 0.5, statuses: ["Creating"], finalStatus: "Failed", tokenMemoryMs: 0 } }),
  ],
  [
    "all settings",
    with_({ accountId: "1", regions: ["a"], windowFilters: "end", order: "shuffled", emptyItems: "absent" }),
  ],
])("the schema and the simulator take a world with %s", (_, world) => {
  validate(world);

  expect(validate.errors).toBeNull();
  expect(() => parseWorld(world)).not.toThrow();
});

test.each<[string, unknown]>([
  ["nothing", null],
  ["no instances", {}],
  ["an unknown setting", with_({ speed: 1 })],
  ["an unknown order", with_({ order: "random" })],
  ["an unknown filter", with_({ windowFilters: "middle" })],
  ["an unknown emptiness", with_({ emptyItems: "null" })],
  ["an account that is none", with_({ accountId: "me" })],
  ["a region without a name", with_({ regions: [""] })],
  ["a schema that is no text", with_({ $schema: 1 })],
  ["an instance without an id", { instances: [{ ...instance, dbInstanceId: "" }] }],
  ["an instance without a region", { instances: [{ ...instance, regionId: undefined }] }],
  ["a misspelt field", { instances: [{ ...instance, backup: [] }] }],
  ["disks in words", { instances: [{ ...instance, localDisks: "yes" }] }],
  ["a record that is text", withBackup("full")],
  ["a relative time in words", withBackup({ BackupStartTime: "now - 1 day" })],
  ["a relative time without a unit", withBackup({ BackupStartTime: "now-26" })],
  ["an id that lost digits", withBackup({ CrossBackupId: 2 ** 53 })],
  ["a log id that is a fraction", { instances: [{ ...instance, logs: [{ CrossLogBackupId: 1.5 }] }] }],
  ["an unknown switch", withBackup({ "x-restoreable": true })],
  ["a switch of the wrong type", withBackup({ "x-restorable": "no" })],
  ["a record that is listed by halves", withBackup({ "x-listed": "no" })],
  ["an omission that is text", withBackup({ "x-omit": "Engine" })],
  ["a series without end", withBackup({ "x-repeat": { count: 0, every: "1d" } })],
  ["a series without step", withBackup({ "x-repeat": { count: 2, every: "daily" } })],
  ["a series with more", withBackup({ "x-repeat": { count: 2, every: "1d", until: "now" } })],
  ["a canned answer that is text", { instances: [{ ...instance, cannedAnswers: { DescribeCrossRegionBackups: "" } }] }],
  ["a creation before its time", with_({ restores: { creationMs: -1 } })],
  ["no status", with_({ restores: { statuses: [] } })],
  ["an unknown fate", with_({ restores: { fate: "gone" } })],
])("the schema and the simulator refuse a world with %s", (_, world) => {
  expect(() => parseWorld(world)).toThrow("the world is wrong at");
  expect(validate(JSON.parse(JSON.stringify(world)))).toBe(false);
});

test("the schema has the fields that the simulator knows, each with a description", () => {
  const { properties, $defs } = readSchema("world") as unknown as {
    readonly properties: Fields;
    readonly $defs: Readonly<Record<"instance" | "record" | "restores", { readonly properties: Fields }>>;
  };
  const { instances, restores } = worldSchema.entries;
  const [record] = instances.item.entries.policy.wrapped.pipe;
  const pairs: readonly (readonly [Fields, object])[] = [
    [properties, worldSchema.entries],
    [$defs.instance.properties, instances.item.entries],
    [$defs.record.properties, record.entries],
    [$defs.restores.properties, restores.wrapped.entries],
  ];

  for (const [described, known] of pairs) {
    expect(Object.keys(described).sort()).toEqual(Object.keys(known).sort());
    expect(Object.values(described).filter(({ description = "" }) => description === "")).toEqual([]);
  }
});

type Fields = Readonly<Record<string, { readonly description?: string }>>;
