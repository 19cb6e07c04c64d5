import { TerraformStack, TerraformVariable } from "cdktf";
import { LatestCrossRegionBackup, type LatestCrossRegionBackupProps } from "../lib";
import { FaultKind, startSimulatorThread, type Fault, type SimulatorThread } from "../lib/simulator";
import {
  appIn,
  environmentOf,
  errorOf,
  filesBelow,
  isolateEnvironment,
  regionId,
  runCli,
  temporaryFolders,
  testWorld,
} from "./fixtures";

type Props = Partial<Record<keyof LatestCrossRegionBackupProps, string | number | undefined>>;

/** What a user may get wrong, or meet, and what it must lead to by either way in. */
interface Case {
  readonly title: string;
  readonly props?: Props;
  readonly environment?: Readonly<Record<string, string>>;
  readonly fault?: Fault;
  /** The code of the error that the construct throws; may be the text of a regular expression. */
  readonly code: string;
  /** What the message must tell. */
  readonly message: RegExp;
  /** What the next step must tell. */
  readonly hint: RegExp;
  /** Exit code of the command; none if the command line cannot say this. */
  readonly exitCode?: number;
  /** What the command prints of it: the error of the JSON, or the status none; a usage error has no JSON. */
  readonly json?: "error" | "none";
}

const cases: readonly Case[] = [
  {
    title: "a missing prop",
    props: { dbInstanceId: undefined },
    code: "InvalidRequest",
    message: /dbInstanceId must be the id of an RDS instance, such as .*, but is missing/,
    hint: /correct dbInstanceId/,
    exitCode: 2,
  },
  {
    title: "a malformed prop",
    props: { restoreRegion: "Shanghai" },
    code: "InvalidRequest",
    message: /restoreRegion must be the id of a region, such as "cn-hangzhou", but is "Shanghai"/,
    hint: /correct restoreRegion/,
    exitCode: 2,
  },
  {
    title: "a token",
    props: { dbInstanceId: "${var.id}" },
    code: "TokenGiven",
    message: /dbInstanceId is a token/,
    hint: /pass dbInstanceId as a plain value/,
  },
  {
    title: "a region that does not exist",
    props: { regionId: "cn-atlantis" },
    code: "InvalidRegion.Format",
    message: /InvalidRegion\.Format.*cn-atlantis/,
    hint: /write regionId as the API does/,
    exitCode: 2,
    json: "error",
  },
  {
    title: "no credentials",
    environment: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: "",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "",
      HOME: "/nonexistent",
    },
    code: "NoCredentials",
    message: /no access key was found/,
    hint: /ALIBABA_CLOUD_ACCESS_KEY_ID.*ALICLOUD_ACCESS_KEY.*aliyun configure.*RAM role/,
    exitCode: 4,
    json: "error",
  },
  {
    title: "half of the credentials",
    environment: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" },
    code: "IncompleteCredentials",
    message: /ALIBABA_CLOUD_ACCESS_KEY_ID is set, but ALIBABA_CLOUD_ACCESS_KEY_SECRET is not/,
    hint: /set the variable/,
    exitCode: 4,
    json: "error",
  },
  {
    title: "a wrong secret",
    environment: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "not-the-secret" },
    code: "SignatureDoesNotMatch",
    message: /SignatureDoesNotMatch/,
    hint: /access key secret/,
    exitCode: 4,
    json: "error",
  },
  {
    title: "an unknown access key",
    environment: { ALIBABA_CLOUD_ACCESS_KEY_ID: "not-the-key-id" },
    code: "InvalidAccessKeyId.NotFound",
    message: /InvalidAccessKeyId\.NotFound/,
    hint: /access key id/,
    exitCode: 4,
    json: "error",
  },
  {
    title: "a permission that is missing",
    fault: { kind: FaultKind.DENIED },
    code: "Forbidden.RAM",
    message: /Forbidden\.RAM/,
    hint: /rds:DescribeCrossRegionBackups/,
    exitCode: 4,
    json: "error",
  },
  {
    title: "a skewed clock",
    fault: { kind: FaultKind.CLOCK_SKEW },
    code: "InvalidTimeStamp.Expired",
    message: /InvalidTimeStamp\.Expired/,
    hint: /clock/,
    exitCode: 4,
    json: "error",
  },
  {
    title: "an instance that does not exist",
    props: { dbInstanceId: "rm-nowhere" },
    code: "InvalidDBInstance.NotFound",
    message: /InvalidDBInstance\.NotFound.*rm-nowhere/,
    hint: /check dbInstanceId, that regionId is the region of the source instance/,
    exitCode: 4,
    json: "error",
  },
  {
    title: "no backups at all",
    props: { dbInstanceId: "rm-empty" },
    code: "NoValidBackup",
    message: /no valid full backup of "rm-empty" of cn-hangzhou: the API lists no cross-region backup at all/,
    hint: /check that cross-region backup is enabled/,
    exitCode: 3,
    json: "none",
  },
  {
    title: "only failed backups",
    props: { dbInstanceId: "rm-failed" },
    code: "NoValidBackup",
    message: /of 1 records none is valid \(1 not-successful\)\n {2}not-successful, such as 401: BackupSetStatus is 1/,
    hint: /see every record: npx rds-dr list/,
    exitCode: 3,
    json: "none",
  },
  {
    title: "only a backup that is too old",
    props: { dbInstanceId: "rm-stale", maxAgeHours: 26 },
    code: "BackupTooOld",
    message: /301, holds the data of .*, which is more than maxAgeHours \(26\) ago/,
    hint: /RDS_DR_ON_STALE=warn/,
    exitCode: 3,
  },
  {
    title: "a page that is not JSON",
    fault: { kind: FaultKind.HTML },
    environment: { RDS_DR_DEADLINE_SECONDS: "0.5" },
    code: "InvalidResponse",
    message: /InvalidResponse/,
    hint: /proxy/,
    exitCode: 5,
    json: "error",
  },
  {
    title: "throttling that does not end",
    fault: { kind: FaultKind.THROTTLING },
    environment: { RDS_DR_DEADLINE_SECONDS: "0.5" },
    code: "Throttling.User",
    message: /Throttling\.User.*deadline/,
    hint: /other programs of the account/,
    exitCode: 5,
    json: "error",
  },
  {
    title: "an endpoint where nobody listens",
    environment: { RDS_DR_DEADLINE_SECONDS: "0.5", RDS_DR_ENDPOINT: "http://127.0.0.1:1" },
    code: "ECONNREFUSED",
    message: /ECONNREFUSED/,
    hint: /RDS_DR_ENDPOINT/,
    exitCode: 5,
    json: "error",
  },
  {
    title: "an endpoint that never answers",
    fault: { kind: FaultKind.NO_ANSWER },
    environment: { RDS_DR_DEADLINE_SECONDS: "0.5" },
    // Whichever of the request's own time limit and the deadline is noticed first.
    code: "(DeadlineExceeded|RequestTimeout)",
    message: /no answer came before the deadline|did not answer in time/,
    hint: /RDS_DR_DEADLINE_SECONDS/,
    exitCode: 5,
    json: "error",
  },
  {
    title: "a locked answer that is missing",
    environment: { RDS_DR_MODE: "locked" },
    code: "NotLocked",
    message: /there is no locked answer "latest rm-orders regionId=cn-hangzhou"/,
    hint: /npx rds-dr refresh/,
    exitCode: 6,
    json: "error",
  },
];

isolateEnvironment();
const temporaryFolder = temporaryFolders();
let simulator: SimulatorThread;

beforeAll(async () => {
  simulator = await startSimulatorThread({ world: testWorld });
});

afterAll(() => simulator.stop());

describe.each(cases.map((each) => [each.title, each] as const))("%s", (_, each) => {
  const { fault, props, environment, code, message, hint } = each;
  const theCode: unknown = expect.stringMatching(new RegExp(`^${code}$`));
  const allProps: Props = { dbInstanceId: "rm-orders", regionId, ...props };

  beforeEach(async () => {
    await simulator.clearFaults();
    if (fault !== undefined) {
      await simulator.injectFault(fault);
    }
  });

  test("is one error that begins with the construct's path, and nothing is written", () => {
    // GIVEN a stack without lookups, then one with this
    Object.assign(process.env, environmentOf(simulator.url), environment);
    const app = appIn(temporaryFolder());
    new TerraformStack(app, "first");
    const stack = new TerraformStack(app, "lookup");
    const given =
      code === "TokenGiven"
        ? { ...allProps, dbInstanceId: new TerraformVariable(stack, "id", {}).stringValue }
        : allProps;

    // WHEN
    const error = errorOf(() => {
      const unchecked: unknown = given;
      new LatestCrossRegionBackup(stack, "orders", unchecked as LatestCrossRegionBackupProps);
      app.synth();
    });

    // THEN
    const [told = "", next = ""] = error.message.split("\n  -> ");
    expect(told).toMatch(/^lookup\/orders: /);
    expect(told).toMatch(message);
    expect(error).toMatchObject({ name: "LookupError", code: theCode, path: "lookup/orders" });
    expect(next).toMatch(hint);
    expect(error.stack).not.toMatch(/node_modules|[/\\]lib[/\\]/);
    expect(error.stack).not.toMatch(/not-the-secret|simulator-secret/);
    expect(filesBelow(app.outdir)).toEqual([]);
  });

  if (each.exitCode !== undefined) {
    test(`is exit code ${each.exitCode} of rds-dr lookup --json`, async () => {
      const result = await runCli(["lookup", "--json", ...flagsFor(allProps)], {
        environment: { ...environmentOf(simulator.url), ...environment },
      });

      expect(result.code).toBe(each.exitCode);
      expect(result.stdout + result.stderr).not.toMatch(/not-the-secret|simulator-secret|^\s+at /m);
      if (each.code === "InvalidRequest") {
        expect(result).toMatchObject({ stdout: "", stderr: expect.stringMatching(/error: .*--/) as unknown });
      } else {
        expect(JSON.parse(result.stdout)).toMatchObject({
          lookups: [
            {
              status: each.json ?? "found",
              error: each.json === "error" ? { code: theCode, hint: expect.stringMatching(hint) as unknown } : null,
            },
          ],
        });
      }
    });
  }
});

function flagsFor({ dbInstanceId, regionId, restoreRegion, maxAgeHours }: Props): string[] {
  const flags = {
    "--db-instance-id": dbInstanceId,
    "--region-id": regionId,
    "--restore-region": restoreRegion,
    "--max-age-hours": maxAgeHours,
  };
  return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
}
