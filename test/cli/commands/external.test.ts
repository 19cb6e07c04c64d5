import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { LatestCrossRegionBackup } from "../../../lib";
import { type Simulator, startSimulator } from "../../../lib/simulator";
import {
  environmentOf,
  type Finished,
  hoursAgo,
  isolateEnvironment,
  lockedApp,
  loggedWorld,
  outputsOf,
  runCli,
  temporaryFolders,
  testingSynth,
  testWorld,
} from "../../fixtures";
import { readSchema, validatorOf } from "../../schema/schemas";
import { runOnTerminal, testOnTerminal } from "../terminal-session";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  simulator = await startSimulator({ world: testWorld });
  folder = temporaryFolder();
});

afterAll(() => simulator.stop());

/** Runs the command as Terraform's provider does: the query on standard input. */
function external(query: unknown, environment: Record<string, string> = {}): Promise<Finished> {
  return externalOf(JSON.stringify(query), { ...environmentOf(simulator.url), ...environment });
}

function externalOf(input: string, environment: Record<string, string>, cwd = folder): Promise<Finished> {
  return runCli(["external"], { cwd, input, environment });
}

function resultOf({ stdout }: Finished): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}

const orders = { db_instance_id: "rm-orders", region_id: "cn-hangzhou" };

const [isQuery, isResult] = [validatorOf("external-query"), validatorOf("external-result")];

/** The key of the question for `orders`, and a folder whose cdktf.json holds an answer to it. */
const ordersKey = "latest rm-orders regionId=cn-hangzhou";
function lockedProject(backup: object): string {
  const project = temporaryFolder();
  const settings = { mode: "locked", answers: { [ordersKey]: { backup } } };
  writeFileSync(join(project, "cdktf.json"), JSON.stringify({ context: { "rds-dr": settings } }));
  return project;
}

const shortBackup = {
  crossBackupId: "14562",
  dataTime: "2024-03-05T02:22:54Z",
  restoreRegions: ["cn-beijing", "cn-shanghai"],
};

test("the result is a flat map of text, of every fact of the record", async () => {
  const finished = await external(orders);

  const instant: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(finished).toMatchObject({ code: 0, stderr: "" });
  expect(resultOf(finished)).toEqual({
    db_instance_id: "rm-orders",
    region_id: "cn-hangzhou",
    cross_backup_id: "9007199254740993",
    restore_regions: "cn-hangzhou,cn-shanghai",
    data_time: instant,
    data_time_estimated: "false",
    recoverable_from: "",
    recoverable_until: "",
    recovery_gaps: "",
    backup_start_time: instant,
    backup_end_time: instant,
    consistent_time: instant,
    backup_type: "F",
    backup_method: "P",
    backup_set_status: "0",
    backup_set_scale: "0",
    category: "HighAvailability",
    cross_backup_region: "cn-shanghai",
    cross_backup_set_file: "file_qp.xb",
    cross_backup_set_location: "oss",
    cross_backup_set_size: "5312836",
    db_instance_storage_type: "ssd",
    engine: "mysql",
    engine_version: "8.0",
    has_backup_table_meta: "",
    instance_id: "8161047",
    warnings: "",
  });
  expect(finished.stdout).not.toMatch(/link|FAKE|simulator/i);
});

test("recovery_window returns and judges the recoverable window, with its gaps as intervals", async () => {
  simulator.setWorld(loggedWorld);
  const query = { db_instance_id: "rm-gap", region_id: "cn-hangzhou" };

  const [asked, not, stale] = await Promise.all([
    external({ ...query, recovery_window: "true", max_recoverable_age_hours: "4.5" }),
    external({ ...query, recovery_window: "false" }),
    external({ ...query, recovery_window: "true", max_recoverable_age_hours: "3.5" }),
  ]);
  simulator.setWorld(testWorld);

  const [from, until] = [/^\S+Z$/, /^\S+Z\/\S+Z$/].map((form) => expect.stringMatching(form) as unknown);
  expect(resultOf(asked)).toMatchObject({ recoverable_until: from, recovery_gaps: until });
  expect(resultOf(asked)["warnings"]).toContain("no log covers the time from");
  expect(isResult(resultOf(asked))).toBe(true);
  expect(resultOf(not)).toMatchObject({ recoverable_until: "", recovery_gaps: "" });
  expect(stale.code).toBe(3);
});

test("a fact that the record does not contain is an empty text: no key is ever missing", async () => {
  const [whole, short] = await Promise.all([
    external(orders),
    externalOf(JSON.stringify(orders), {}, lockedProject(shortBackup)),
  ]);

  const { cross_backup_id, restore_regions, data_time, engine, ...others } = resultOf(short);
  expect({ cross_backup_id, restore_regions, data_time, engine }).toEqual({
    cross_backup_id: "14562",
    restore_regions: "cn-beijing,cn-shanghai",
    data_time: "2024-03-05T02:22:54Z",
    engine: "",
  });
  expect(others).not.toHaveProperty("unreadable");
  expect(Object.keys(resultOf(short))).toEqual(Object.keys(resultOf(whole)));
});

test("it has the names and values of a construct's outputs", async () => {
  const backup = { ...shortBackup, dataTimeEstimated: true, crossBackupSetSize: 12, engine: "mysql" };
  const stack = new TerraformStack(lockedApp(temporaryFolder(), { [ordersKey]: { backup } }), "lookup");
  new LatestCrossRegionBackup(stack, "orders", { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" });
  const outputs = outputsOf(testingSynth(stack));

  const result = resultOf(await externalOf(JSON.stringify(orders), {}, lockedProject(backup)));

  expect(Object.fromEntries(Object.entries(result).filter(([, text]) => text !== ""))).toEqual({
    cross_backup_id: outputs["orders_cross_backup_id"],
    restore_regions: (outputs["orders_restore_regions"] as string[]).join(","),
    ...Object.fromEntries(
      Object.entries(outputs["orders_backup"] as object).map(([name, value]) => [name, String(value)]),
    ),
  });
});

test("null and empty text count as not given", async () => {
  const finished = await external(
    {
      ...{ ...orders, region_id: "", cross_backup_region: "", restore_region: null, resource_group_id: "" },
      ...{ not_after: null, max_age_hours: "", on_stale: "", endpoint: "", profile: null },
    },
    { ALICLOUD_REGION: "cn-hangzhou" },
  );

  expect(finished.code).toBe(0);
  expect(resultOf(finished)).toMatchObject({
    cross_backup_id: "9007199254740993",
    region_id: "cn-hangzhou",
  });
});

test("the keys narrow the choice as the props of the construct do", async () => {
  const [notAfter, stored, restorable] = await Promise.all([
    external({ ...orders, not_after: hoursAgo(10) }),
    external({ ...orders, cross_backup_region: "cn-beijing" }),
    external({ ...orders, restore_region: "cn-beijing" }),
    external({ ...orders, resource_group_id: "rg-acfmyxxxxxxxx" }),
    external({
      ...{ ...orders, restore_region: "cn-shanghai" },
      ...{ db_instance_class: "rds.mysql.s3.large", db_instance_storage: "100" },
    }),
  ]);

  expect(resultOf(notAfter)).toMatchObject({ cross_backup_id: "101" });
  expect(stored).toMatchObject({ code: 3, stdout: "" });
  expect(restorable).toMatchObject({ code: 3, stdout: "" });
  expect(restorable.stderr).toMatch(/^error: no valid full backup of "rm-orders" .*other-restore-region/);
  expect(simulator.requests.map(({ parameters }) => parameters["DBInstanceStorage"])).toContain("100");
  expect(simulator.requests.map(({ parameters }) => parameters["ResourceGroupId"])).toContain("rg-acfmyxxxxxxxx");
});

test("endpoint and profile say how the API is reached", async () => {
  const home = temporaryFolder();
  mkdirSync(join(home, ".aliyun"));
  writeFileSync(
    join(home, ".aliyun", "config.json"),
    JSON.stringify({
      current: "other",
      profiles: [
        { name: "other", mode: "AK", access_key_id: "other", access_key_secret: "other" },
        { name: "dr", mode: "AK", access_key_id: "simulator", access_key_secret: "simulator-secret" },
      ],
    }),
  );

  const reached = await externalOf(
    JSON.stringify({ ...orders, endpoint: simulator.url, profile: "dr" }),
    { RDS_DR_ENDPOINT: "http://127.0.0.1:1" },
    home,
  );

  expect(resultOf(reached)).toMatchObject({ cross_backup_id: "9007199254740993" });
});

describe("data that is too old", () => {
  const stale = { db_instance_id: "rm-stale", region_id: "cn-hangzhou", max_age_hours: "26" };

  test.each<[string, object, Record<string, string>, number]>([
    ["by itself", {}, {}, 3],
    ["with on_stale warn", { on_stale: "warn" }, {}, 0],
    ["with RDS_DR_ON_STALE=warn", {}, { RDS_DR_ON_STALE: "warn" }, 0],
    ["with RDS_DR_ON_STALE=warn beside on_stale fail", { on_stale: "fail" }, { RDS_DR_ON_STALE: "warn" }, 0],
    ["with max_age_hours 100.5", { max_age_hours: "100.5" }, {}, 0],
  ])("%s", async (_, more, environment, code) => {
    const finished = await external({ ...stale, ...more }, environment);

    expect({ code: finished.code, hasResult: finished.stdout !== "" }).toEqual({
      code,
      hasResult: code === 0,
    });
  });

  test("is an error on standard error, or a warning there and in the result", async () => {
    const [error, warning] = await Promise.all([external(stale), external({ ...stale, on_stale: "warn" })]);

    expect(error.stderr).toMatch(/^error: the latest valid backup of "rm-stale" .* ago\n {2}-> find out/);
    expect(warning.stderr).toMatch(/^warning: the latest valid backup of "rm-stale" .* ago\n$/);
    expect(`warning: ${String(resultOf(warning)["warnings"])}\n`).toBe(warning.stderr);
  });
});

test.each<[string, object, Record<string, string>, number, RegExp]>([
  ["no such instance", { db_instance_id: "rm-nowhere" }, {}, 4, /InvalidDBInstance\.NotFound/],
  ["an endpoint that is down", { endpoint: "http://127.0.0.1:1" }, {}, 5, /ECONNREFUSED/],
  ["no locked answer", {}, { RDS_DR_MODE: "locked" }, 6, /"latest rm-orders regionId=cn-hangzhou"/],
])("%s fails with the exit code of lookup, and no result", async (_, more, environment, code, message) => {
  const finished = await external({ ...orders, ...more }, { RDS_DR_DEADLINE_SECONDS: "1", ...environment });

  expect(finished).toMatchObject({ code, stdout: "" });
  expect(finished.stderr).toMatch(new RegExp(`^error: .*${message.source}`, "m"));
});

describe("what is no query", () => {
  test.each<[string, string, RegExp]>([
    ["nothing at all", "", /^error: the query on standard input must be a JSON object .* but is missing\n$/],
    ["broken JSON", '{"db_instance_id":', /^error: the query on standard input must be .* but is "{/],
    ["a list", "[]", /^error: the query on standard input must be a JSON object/],
    ["null", "null", /^error: the query on standard input must be a JSON object/],
  ])("%s is a usage error", async (_, input, message) => {
    const { code, stdout, stderr } = await externalOf(input, environmentOf(simulator.url));

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test.each<[object, RegExp]>([
    [
      { regoin_id: "x" },
      /a key of the query must be db_instance_id, .*, recovery_window, .*, restore_endpoint, but is "regoin_id"/,
    ],
    [{ max_age_hours: 26 }, /"max_age_hours" of the query must be text, .* but is 26/],
    [{ restore_region: ["cn-shanghai"] }, /"restore_region" of the query must be text, /],
    [{ db_instance_id: "" }, /"db_instance_id" of the query must be the id of .* but is missing/],
    [{ db_instance_id: "rm orders" }, /"db_instance_id" of the query must be the id of .* but is "rm orders"/],
    [{ region_id: "hangzhou" }, /"region_id" of the query must be the id of .* but is "hangzhou"/],
    [{ cross_backup_region: "x" }, /"cross_backup_region" of the query must be the id of a region/],
    [{ restore_region: "x" }, /"restore_region" of the query must be the id of a region/],
    [{ resource_group_id: "r g" }, /"resource_group_id" of the query must be the id of a resource group/],
    [{ not_after: "yesterday" }, /"not_after" of the query must be a real date and time/],
    [
      { db_instance_class: "rds.mysql.s3.large", db_instance_storage: "7" },
      /"db_instance_storage" of the query must be 5 to 2000 GB in steps of 5, but is "7"/,
    ],
    [{ max_age_hours: "a day" }, /"max_age_hours" of the query must be a number .* but is "a day"/],
    [{ max_age_hours: "0" }, /"max_age_hours" of the query must be a number of hours above 0, but is "0"/],
    [{ recovery_window: "yes" }, /"recovery_window" of the query must be "true" or "false", but is "yes"/],
    [{ on_stale: "ignore" }, /"on_stale" of the query must be "fail" or "warn", but is "ignore"/],
  ])("%j is a usage error, by the schema as well", async (more, message) => {
    const query = { ...orders, ...more };
    const { code, stdout, stderr } = await external(query);

    expect({ code, stdout, bySchema: isQuery(query) }).toEqual({ code: 2, stdout: "", bySchema: false });
    expect(stderr).toMatch(new RegExp(`^error: ${message.source}`));
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each<[object, RegExp]>([
    [{ db_instance_class: "a" }, /^error: "db_instance_storage" of the query must be 5 to .* but is missing/],
    [{ restore_endpoint: "vpc" }, /^error: "restore_endpoint" of the query must be omitted/],
  ])("%j, half a preflight, is a usage error", async (more, message) => {
    const { code, stdout, stderr } = await external({ ...orders, ...more });

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test("a missing region, a bad setting and an argument are usage errors too", async () => {
    const [region, mode, argument] = await Promise.all([
      external({ db_instance_id: "rm-orders" }),
      external(orders, { RDS_DR_MODE: "x" }),
      runCli(["external", "rm-orders"], { cwd: folder, input: "{}" }),
    ]);

    expect([region, mode, argument].map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      Array(3).fill({ code: 2, stdout: "" }),
    );
    expect(region.stderr).toMatch(/^error: "region_id" of the query must be .* but is missing/);
    expect(mode.stderr).toMatch(/^error: RDS_DR_MODE must be /);
    expect(argument.stderr).toMatch(/^error: too many arguments/);
  });

  testOnTerminal(
    "a terminal gets the error at once, as nobody types a query (needs script of util-linux)",
    async () => {
      // A command that reads the terminal would wait for good.
      const failed = await runOnTerminal(["external"]).catch((error: unknown) => error);

      expect(failed).toMatchObject({
        code: 2,
        stdout: expect.stringMatching(/^error: the query on standard input must be .* but is missing/) as string,
      });
    },
  );
});

describe("the schemas", () => {
  test("take every query that the command takes", async () => {
    const queries = [
      orders,
      { ...orders, cross_backup_region: "", restore_region: null, on_stale: "", max_age_hours: null },
      {
        ...{ ...orders, cross_backup_region: "cn-shanghai", restore_region: "cn-shanghai", on_stale: "warn" },
        ...{ resource_group_id: "rg-acfmyxxxxxxxx", not_after: "2026-03-01T04:00:00Z", max_age_hours: "0.5" },
        ...{ endpoint: "vpc", profile: "dr", role_arn: "acs:ram::1234567890123456:role/drill" },
      },
      {
        ...{ ...orders, restore_region: "cn-shanghai", restore_endpoint: "vpc" },
        ...{ db_instance_class: "rds.mysql.s3.large", db_instance_storage: "100" },
        db_instance_storage_type: "local_ssd",
      },
    ];

    // Without a network: 6 says that the query was fine, and the answer missing.
    const finished = await Promise.all(queries.map((query) => external(query, { RDS_DR_MODE: "locked" })));

    expect(finished.map(({ code }) => code)).toEqual([6, 6, 6, 6]);
    expect(queries.map((query) => isQuery(query))).toEqual([true, true, true, true]);
    for (const gb of ["5", "10", "105", "1995", "2000"]) {
      expect(isQuery({ ...orders, db_instance_storage: gb })).toBe(true);
    }
    for (const gb of ["0", "7", "05", "101", "2005", "10.0"]) {
      expect(isQuery({ ...orders, db_instance_storage: gb })).toBe(false);
    }
  });

  test("take every result, and no map that lacks a key, has another one, or holds anything but text", async () => {
    const results = await Promise.all([
      external(orders),
      external({
        db_instance_id: "rm-stale",
        region_id: "cn-hangzhou",
        max_age_hours: "26",
        on_stale: "warn",
      }),
      externalOf(JSON.stringify(orders), {}, lockedProject(shortBackup)),
    ]);
    const [whole = {}] = results.map(resultOf);
    const { engine, ...lacking } = whole;

    expect(results.map((finished) => isResult(resultOf(finished)))).toEqual([true, true, true]);
    expect([lacking, { ...whole, link: "" }, { ...whole, cross_backup_set_size: 1 }].map((no) => isResult(no))).toEqual(
      [false, false, false],
    );
  });
});

test("--help names every key of the query, and ends with an example that works", async () => {
  const { code, stdout } = await runCli(["external", "--help"]);

  const { properties } = readSchema("external-query") as { readonly properties: object };
  const [, query = ""] = /\nExample:\n {2}echo '(.+)' \| rds-dr external\n$/.exec(stdout) ?? [];
  expect(code).toBe(0);
  expect(Object.keys(properties).filter((key) => !stdout.includes(`\n  ${key}\n`))).toEqual([]);
  expect(await externalOf(query, { RDS_DR_MODE: "locked" })).toMatchObject({ code: 6 });
});
