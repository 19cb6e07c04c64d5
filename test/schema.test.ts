import { readdirSync } from "node:fs";
import { join } from "node:path";
import { rejectionReasons } from "../lib/backup/validity";
import { ErrorKind } from "../lib/rds-api/errors/error-kind";
import { type Simulator, startSimulator } from "../lib/simulator";
import { environmentOf, hoursOld, instance, projectRoot, runCli, temporaryFolders, testWorld } from "./fixtures";
import { offences, readSchema, schemaBase, validatorOf } from "./schema/schemas";

const names = readdirSync(join(projectRoot, "schema"))
  .filter((file) => file.endsWith(".schema.json"))
  .map((file) => file.replace(".schema.json", ""));

const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let cwd: string;

beforeAll(async () => {
  const odd = instance("rm-odd", [
    { ...hoursOld(1, 501), ConsistentTime: "soon", CrossBackupSetSize: "big", HasBackupTableMeta: "1" },
    { ...hoursOld(2, 502), BackupStartTime: "yesterday" },
    { BackupType: "I" },
  ]);
  const copied = { ...odd, policy: { BackupEnabled: "Enable", CrossBackupRegion: "cn-shanghai" } };
  simulator = await startSimulator({ world: { instances: [...testWorld.instances, copied] } });
  cwd = temporaryFolder();
});

afterAll(() => simulator.stop());

/** What a command line of `rds-dr` prints. */
async function outputOf(commandLine: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await runCli(commandLine.split(" "), {
    cwd,
    environment: { ...environmentOf(simulator.url), ALICLOUD_REGION: "cn-hangzhou", ...environment },
  });
  return stdout;
}

test.each(names)("%s.schema.json compiles in strict mode, under the address of npm's mirrors", (name) => {
  expect(readSchema(name)["$id"]).toBe(`${schemaBase}${name}.schema.json`);
  expect(validatorOf(name)).toBeInstanceOf(Function);
});

// A line an output: its schema, the command line, and a part by which to tell that it is the one meant.
test.each<[string, string, string, Record<string, string>?]>([
  ["lookup", "lookup --json --db-instance-id rm-orders", '"status": "found"'],
  ["lookup", "lookup --json --db-instance-id rm-failed", '"reason": "not-successful"'],
  ["lookup", "lookup --json --db-instance-id rm-empty", '"status": "none"'],
  ["lookup", "lookup --json --db-instance-id rm-stale --max-age-hours 26", '"stale": true'],
  ["lookup", "lookup --json --db-instance-id rm-odd", '"dataTimeEstimated": true'],
  ["lookup", "lookup --json --db-instance-id rm-odd rm-nowhere", '"kind": "not-found"'],
  ["lookup", "lookup --json --db-instance-id rm-orders", '"requestId": null', { RDS_DR_MODE: "locked" }],
  ["list", "list --json --db-instance-id rm-orders", '"verdict": "not-full"'],
  ["list", "list --json --db-instance-id rm-odd", '"field": "BackupStartTime"'],
  ["list", "list --json --db-instance-id rm-empty", '"records": []'],
  ["list", "list --json --db-instance-id rm-nowhere", '"kind": "not-found"'],
  ["discover", "discover --json --all", '"isListed": true'],
  ["report", "report --json --all --restore-region cn-shanghai --max-age-hours 26", '"state": "unprotected"'],
  ["report", "report --json --restore-region cn-shanghai --max-age-hours 26", '"unprotected": null'],
  ["find-instance", "find-instance --json --name rm-orders nobody", '"isInState": null'],
  ["doctor", "doctor --json --db-instance-id rm-orders rm-nowhere", '"subject": "permission"'],
  ["doctor", "doctor --json", '"status": "warning"', { RDS_DR_MODE: "lively" }],
  ["policy", "policy --db-instance-id rm-a rm-b", "acs:rds:cn-hangzhou:*:dbinstance/rm-b"],
  [
    "policy",
    "policy --db-instance-id rm-a --restore-region cn-shanghai --account-id 123 --resource-tag a=b c=d",
    "rds:ResourceTag/c",
  ],
  ["policy", "policy --db-instance-id rm-a --restore-region cn-shanghai --restore", "rds:CreateDdrInstance"],
])("%s.schema.json fits what rds-dr %s prints", async (schema, commandLine, part, environment = {}) => {
  const output = await outputOf(commandLine, environment);

  expect(output).toContain(part);
  expect(offences(schema, output)).toEqual([]);
});

const orders = "--json --db-instance-id rm-orders";

test.each<[string, string, string, string, string]>([
  ["lookup", `lookup ${orders}`, '"engine":', '"crossBackupDownloadLink": "x", "engine":', "unevaluatedProperties"],
  ["lookup", `lookup ${orders}`, '"crossBackupId": "103"', '"crossBackupId": 103', "type"],
  ["lookup", `lookup ${orders}`, '"status": "found"', '"status": "none"', "oneOf"],
  ["lookup", `lookup ${orders}`, '"not-full"', '"not-nice"', "enum"],
  ["lookup", `lookup ${orders}`, '"stale": false,', "", "required"],
  ["lookup", `lookup ${orders}`, 'Z"', '.123Z"', "pattern"],
  ["list", `list ${orders}`, '"engine":', '"crossBackupDownloadLink": "x", "engine":', "unevaluatedProperties"],
  ["list", `list ${orders}`, '"crossBackupId": "103"', '"crossBackupId": 103', "type"],
  ["list", `list ${orders}`, '"latest"', '"newest"', "anyOf"],
  ["list", `list ${orders}`, '"records":', '"more": 1, "records":', "additionalProperties"],
  ["policy", "policy --db-instance-id rm-a", '"Allow"', '"Deny"', "const"],
  ["policy", "policy --db-instance-id rm-a", "dbinstance/rm-a", "dbinstance/rm-*", "pattern"],
])("%s.schema.json refuses rds-dr %s with %s turned into %s", async (schema, commandLine, right, wrong, keyword) => {
  const output = await outputOf(commandLine, {});

  expect(output).toContain(right);
  expect(offences(schema, output.replace(right, wrong))).toContain(keyword);
});

test.each<[string, readonly string[], readonly string[]]>([
  ["record", ["$defs", "rejectionReason"], rejectionReasons],
  ["failure", ["properties", "kind"], Object.values(ErrorKind)],
])("%s.schema.json names, in %j, all that there are", (schema, path, all) => {
  const part = path.reduce<Readonly<Record<string, unknown>>>(
    (at, key) => at[key] as Readonly<Record<string, unknown>>,
    readSchema(schema),
  );

  expect(part["enum"]).toEqual(all);
});
