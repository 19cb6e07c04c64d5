import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Lazy, TerraformLocal, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { DiscoveredInstances, type DiscoveredInstancesProps, LatestCrossRegionBackup, TestAnswers } from "../../lib";
import { readLockFile } from "../../lib/lock/lock-file";
import { FaultKind, type SimulatorThread, startSimulatorThread, type WorldInstance } from "../../lib/simulator";
import {
  environmentOf,
  errorOf,
  hoursOld,
  instance as withBackups,
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

const policy = { BackupEnabled: "Enable", LogBackupEnabled: "Enable", CrossBackupRegion: "cn-shanghai", Retention: 30 };

function instance(dbInstanceId: string, more: Partial<WorldInstance> = {}): WorldInstance {
  return { ...withBackups(dbInstanceId, [hoursOld(2, 101)]), policy, tags: { dr: "true" }, ...more };
}

const orders = instance("rm-orders", { attributes: { DBInstanceDescription: '${file("/etc/passwd")}' } });
const billing = instance("rm-billing", { policy: { ...policy, LogBackupEnabled: "Disable" } });
const others = [
  instance("rm-other", { tags: { dr: "false" } }),
  { ...withBackups("rm-bare", []), tags: { dr: "true" } },
  instance("pgm-north", { regionId: "cn-beijing" }),
];

const tagged: DiscoveredInstancesProps = { regionId, tags: { dr: "true" } };
const key = "instances cn-hangzhou tag:dr=true";

beforeEach(async () => {
  simulator = await startSimulatorThread({ world: { instances: [orders, billing, ...others] } });
  Object.assign(process.env, environmentOf(simulator.url));
});

afterEach(() => simulator.stop());

function idsOf(props: DiscoveredInstancesProps = tagged): readonly string[] {
  const stack = new TerraformStack(new App(), "lookup");
  return new DiscoveredInstances(stack, "fleet", props).lookUp().map(({ dbInstanceId }) => dbInstanceId);
}

describe("the instances", () => {
  test("are those of the region whose backups are copied and that have the tag, sorted", () => {
    const stack = new TerraformStack(new App(), "lookup");

    expect(new DiscoveredInstances(stack, "fleet", tagged).lookUp()).toEqual([
      {
        dbInstanceId: "rm-billing",
        regionId,
        engine: "MySQL",
        engineVersion: "8.0",
        crossBackupRegion: "cn-shanghai",
        retentionDays: 30,
        backupEnabled: true,
        logBackupEnabled: false,
        isListed: true,
      },
      expect.objectContaining({ dbInstanceId: "rm-orders", logBackupEnabled: true }),
    ]);
  });

  test("are all that are copied without tags, and with all also those that are not", () => {
    expect(idsOf({ regionId })).toEqual(["rm-billing", "rm-orders", "rm-other"]);
    expect(idsOf({ regionId, all: true })).toEqual(["rm-bare", "rm-billing", "rm-orders", "rm-other"]);
  });

  test("cost one request of each list, with the tags", async () => {
    idsOf();

    const asked = (await simulator.requests()).map(({ action, parameters }) => [action, parameters["Tags"]]);
    expect(asked.sort()).toEqual([
      ["DescribeCrossRegionBackupDBInstance", undefined],
      ["DescribeDBInstances", '{"dr":"true"}'],
    ]);
  });

  test("are tokens and outputs too, without their names, which anybody may change", () => {
    const stack = new TerraformStack(new App(), "lookup");
    const fleet = new DiscoveredInstances(stack, "the-fleet", tagged);
    new TerraformLocal(stack, "ids", fleet.dbInstanceIds);
    new TerraformLocal(stack, "instances", fleet.instances);

    const json = testingSynth(stack);

    expect(json.locals?.["ids"]).toEqual(["rm-billing", "rm-orders"]);
    expect(json.locals?.["instances"]).toMatchObject([
      { db_instance_id: "rm-billing", log_backup_enabled: false, retention_days: 30 },
      { db_instance_id: "rm-orders", cross_backup_region: "cn-shanghai" },
    ]);
    expect(outputsOf(json)).toEqual({
      the_fleet_db_instance_ids: json.locals?.["ids"],
      the_fleet_instances: json.locals?.["instances"],
    });
    expect(JSON.stringify(json)).not.toContain("passwd");
  });

  test("are copies: an app may change them", () => {
    const fleet = new DiscoveredInstances(new TerraformStack(new App(), "lookup"), "fleet", tagged);
    fleet.lookUp().pop();

    expect(fleet.lookUp()).toHaveLength(2);
  });
});

describe("a wrong prop", () => {
  const stack = new TerraformStack(new App(), "lookup");

  test.each<[string, object, RegExp]>([
    ["no region", {}, /regionId must be the id of a region, .* but is missing/],
    [
      "a region that is none",
      { regionId: "oss-cn-hangzhou" },
      /regionId must be the id of a region, .* but is "oss-cn-hangzhou"/,
    ],
    [
      "no tags",
      { regionId, tags: {} },
      /tags must be 1 to 20 tags, each one line of text, such as "dr" by the key "team", but is \{\}/,
    ],
    ["tags that are a list", { regionId, tags: ["dr=true"] }, /1 to 20 tags/],
    ["a tag that is no text", { regionId, tags: { dr: true } }, /1 to 20 tags/],
    ["a tag of two lines", { regionId, tags: { dr: "a\nb" } }, /1 to 20 tags/],
    ["a blank key", { regionId, tags: { " ": "a" } }, /1 to 20 tags/],
    ["many tags", { regionId, tags: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [n, "x"])) }, /1 to 20/],
    [
      "a token as the value of a tag",
      { regionId, tags: { dr: Lazy.stringValue({ produce: () => "x" }) } },
      /tags\.dr is a token/,
    ],
    ["a token as a region", { regionId: new TerraformVariable(stack, "r", {}).stringValue }, /regionId is a token/],
    ["text for all", { regionId, all: "yes" }, /all must be true or false, but is "yes"/],
    ["an instance", { regionId, dbInstanceId: "rm-orders" }, /no prop dbInstanceId/],
  ])("is an error: %s", (id, props, message) => {
    const declare = () => new DiscoveredInstances(stack, id, props as DiscoveredInstancesProps);

    expect(lookupErrorOf(declare).message).toMatch(message);
  });
});

describe("a lock file", () => {
  let lockFile: string;

  beforeEach(() => {
    lockFile = join(temporaryFolder(), "rds-dr.lock.json");
    Object.assign(process.env, { RDS_DR_MODE: "refresh", RDS_DR_LOCK_FILE: lockFile });
  });

  /** An app with a lookup for each instance; returns its outputs. */
  function synthesise(mode: string): Record<string, unknown> {
    process.env["RDS_DR_MODE"] = mode;
    const stack = new TerraformStack(new App(), "lookup");
    const fleet = new DiscoveredInstances(stack, "fleet", { ...tagged, outputs: false });
    for (const { dbInstanceId } of fleet.lookUp()) {
      new LatestCrossRegionBackup(stack, dbInstanceId, { dbInstanceId, regionId });
    }
    return outputsOf(testingSynth(stack));
  }

  function warningsOf(mode: string): readonly string[] {
    process.env["RDS_DR_MODE"] = mode;
    const stack = new TerraformStack(new App(), "lookup");
    const fleet = new DiscoveredInstances(stack, "fleet", tagged);
    testingSynth(stack);
    return fleet.node.metadata.map(({ data }) => String(data));
  }

  test("contains the list, and the next synthesis asks nobody", async () => {
    const first = synthesise("refresh");
    await simulator.stop();

    expect(readLockFile(lockFile).answers[key]).toMatchObject({
      query: { regionId, tags: { dr: "true" } },
      instances: [{ dbInstanceId: "rm-billing" }, { dbInstanceId: "rm-orders" }],
    });
    expect(synthesise("locked")).toEqual(first);
    expect(first).toHaveProperty("rm_orders_cross_backup_id", "101");
    simulator = await startSimulatorThread();
  });

  test("stays as it is until a refresh shows a new instance, with its backup", async () => {
    synthesise("refresh");
    await simulator.setWorld({ instances: [orders, billing, instance("rm-added")] });

    expect(synthesise("locked")).not.toHaveProperty("rm_added_cross_backup_id");
    expect(synthesise("refresh")).toHaveProperty("rm_added_cross_backup_id", "101");
    expect(synthesise("locked")).toHaveProperty("rm_added_cross_backup_id", "101");
  });

  test.each(["live", "refresh"])("keeps an instance that is not listed any more, with a warning (%s)", async (mode) => {
    const first = synthesise("refresh");
    await simulator.setWorld({ instances: [billing, { ...orders, tags: {} }] });

    expect(synthesise(mode)).toEqual(first);
    expect(warningsOf(mode)).toEqual([
      expect.stringMatching(/locked, but not listed any more, are kept: rm-orders; .*refresh --accept-older/),
    ]);
    expect(readLockFile(lockFile).answers[key]?.instances).toHaveLength(2);
  });

  test("lets it go if the operator accepts that", async () => {
    synthesise("refresh");
    await simulator.setWorld({ instances: [billing] });
    process.env["RDS_DR_ACCEPT_OLDER"] = "true";

    expect(Object.keys(synthesise("refresh")).some((name) => name.includes("orders"))).toBe(false);
  });

  test("stands in during an outage", async () => {
    const first = synthesise("refresh");
    await simulator.injectFault({ kind: FaultKind.NO_ANSWER });
    process.env["RDS_DR_DEADLINE_SECONDS"] = "1";

    expect(synthesise("live")).toEqual(first);
  });

  test("is not used if it says too little, and the error names what is locked in place of it", () => {
    synthesise("refresh");
    process.env["RDS_DR_MODE"] = "locked";

    expect(() => idsOf({ regionId })).toThrow(
      `there is no locked answer "instances cn-hangzhou" in ${lockFile}, only "${key}"`,
    );
  });

  test("names what is there for a destroy, and nothing if nothing is locked", () => {
    synthesise("refresh");

    expect(Object.keys(synthesise("destroy"))).toContain("rm_orders_cross_backup_id");
    process.env["RDS_DR_LOCK_FILE"] = join(temporaryFolder(), "none.json");
    expect(synthesise("destroy")).toEqual({});
  });

  test.each<[string, object, string]>([
    ["the key of another question", { query: { regionId: "cn-beijing" } }, "the same question as its key"],
    ["no instances", { instances: undefined, backups: [] }, "instances, which is what its key asks for"],
    ["two answers", { backups: [] }, "one of backup, backups and instances"],
    ["an instance twice", { instances: [1, 2].map(() => ({ dbInstanceId: "rm-a", regionId })) }, "that stands once"],
    [
      "an instance of elsewhere",
      { instances: [{ dbInstanceId: "rm-a", regionId: "cn-beijing" }] },
      "region of its key",
    ],
    ["an expression", { instances: [{ dbInstanceId: "${x}", regionId }] }, "the id of an RDS instance"],
    ["an unknown fact", { instances: [{ dbInstanceId: "rm-a", regionId, name: "x" }] }, "has nothing of this name"],
    ["half a character in a tag", { query: { regionId, tags: { dr: "\ud800" } } }, "1 to 20 tags"],
    ["tags that are no text", { query: { regionId, tags: { dr: 1 } } }, "texts by the keys of the tags"],
  ])("is refused with %s", (_, change, allowed) => {
    const entry = { instances: [], query: { regionId, tags: { dr: "true" } }, ...change };
    writeFileSync(lockFile, JSON.stringify({ version: 1, answers: { [key]: entry } }));
    process.env["RDS_DR_MODE"] = "locked";

    expect(errorOf(() => idsOf()).message).toContain(allowed);
  });
});

test("two sets of tags have the same key only if they are the same", () => {
  const keysOf = (...tags: readonly Record<string, string>[]): unknown[] =>
    tags.map((each) => {
      const context = new TestAnswers().instances({ regionId, tags: each }, []).toContext() as Record<
        string,
        { answers: object }
      >;
      return Object.keys(context["rds-dr"]?.answers ?? {})[0];
    });

  const keys = keysOf(
    { a: "1", b: "2" },
    { b: "2", a: "1" },
    { a: "1 tag:b=2" },
    { "a=1": "" },
    { a: "=1" },
    { 名: "(é)*'!~" },
  );
  expect(keys).toEqual([
    "instances cn-hangzhou tag:a=1 tag:b=2",
    "instances cn-hangzhou tag:a=1 tag:b=2",
    "instances cn-hangzhou tag:a=1%20tag%3Ab%3D2",
    "instances cn-hangzhou tag:a%3D1=",
    "instances cn-hangzhou tag:a=%3D1",
    "instances cn-hangzhou tag:%E5%90%8D=%28%C3%A9%29%2A%27%21%7E",
  ]);
});

test("a unit test answers it, with a lookup for each instance", () => {
  const latest = { dbInstanceId: "rm-orders", regionId };
  const answers = new TestAnswers()
    .instances(tagged, [{ dbInstanceId: "rm-orders", regionId, crossBackupRegion: "cn-shanghai" }])
    .latest(latest, { crossBackupId: "14562", hoursAgo: 2 });
  const stack = new TerraformStack(Testing.app({ context: answers.toContext() }), "lookup");
  for (const { dbInstanceId } of new DiscoveredInstances(stack, "fleet", tagged).lookUp()) {
    new LatestCrossRegionBackup(stack, dbInstanceId, latest);
  }

  expect(outputsOf(testingSynth(stack))).toHaveProperty("rm_orders_cross_backup_id", "14562");
  expect(() => new TestAnswers().instances(tagged, [{ dbInstanceId: "${x}", regionId }])).toThrow(
    /TestAnswers\.instances\(cn-hangzhou\)/,
  );
});

test("an answer of another kind under its key is refused", () => {
  const app = lockedApp(temporaryFolder(), { [key]: { backups: [] } });

  expect(() => new DiscoveredInstances(new TerraformStack(app, "lookup"), "fleet", tagged).lookUp()).toThrow(
    "instances, which is what its key asks for",
  );
});
