import { App, Lazy, TerraformLocal, TerraformOutput, TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import {
  type ICrossRegionBackup,
  LatestCrossRegionBackup,
  type LatestCrossRegionBackupProps,
  OnStale,
} from "../../lib";
import { LookupError } from "../../lib/errors";
import { type SimulatorThread, startSimulatorThread } from "../../lib/simulator";
import {
  appIn,
  environmentOf,
  errorOf,
  filesBelow,
  hoursAgo,
  isolateEnvironment,
  lookupErrorOf,
  outputsOf,
  readStack,
  readText,
  regionId,
  temporaryFolders,
  testingSynth,
  testWorld,
} from "../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
let simulator: SimulatorThread;

beforeAll(async () => {
  simulator = await startSimulatorThread({ world: testWorld });
});

afterAll(() => simulator.stop());

beforeEach(() => {
  Object.assign(process.env, environmentOf(simulator.url));
});

const orders = { dbInstanceId: "rm-orders", regionId } as const;
const instant: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

test("lookUp and tryLookUp return copies: whoever changes one changes nothing else", () => {
  const stack = new TerraformStack(new App(), "lookup");
  const backup = new LatestCrossRegionBackup(stack, "orders", orders);
  const first: { crossBackupId: string; restoreRegions: string[] } = backup.lookUp();

  first.crossBackupId = "1";
  first.restoreRegions.push("cn-beijing");
  backup.tryLookUp()?.restoreRegions.push("cn-beijing");

  expect(backup.lookUp()).toMatchObject({
    crossBackupId: "9007199254740993",
    restoreRegions: ["cn-hangzhou", "cn-shanghai"],
  });
  expect(backup.canRestoreTo("cn-beijing")).toBe(false);
  expect(outputsOf(testingSynth(stack))).toMatchObject({
    orders_cross_backup_id: "9007199254740993",
    orders_restore_regions: ["cn-hangzhou", "cn-shanghai"],
  });
});

describe("the outputs", () => {
  test("app.synth() writes the id, the regions and the other facts of the latest valid backup", () => {
    const app = appIn(temporaryFolder());
    new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders-db", orders);

    app.synth();

    const { output } = readStack(app.outdir, "lookup");
    expect(output).toEqual({
      orders_db_cross_backup_id: {
        description: "Id of the cross-region backup to restore from",
        value: "9007199254740993",
      },
      orders_db_restore_regions: {
        description: "Regions to which the cross-region backup can be restored",
        value: ["cn-hangzhou", "cn-shanghai"],
      },
      orders_db_backup: {
        description: "The other facts of the cross-region backup",
        value: {
          backup_end_time: instant,
          backup_method: "P",
          backup_set_scale: 0,
          backup_set_status: 0,
          backup_start_time: instant,
          backup_type: "F",
          category: "HighAvailability",
          consistent_time: instant,
          cross_backup_region: "cn-shanghai",
          cross_backup_set_file: "file_qp.xb",
          cross_backup_set_location: "oss",
          cross_backup_set_size: 5_312_836,
          data_time: instant,
          data_time_estimated: false,
          db_instance_id: "rm-orders",
          db_instance_storage_type: "ssd",
          engine: "mysql",
          engine_version: "8.0",
          instance_id: "8161047",
          region_id: "cn-hangzhou",
        },
      },
    });
  });

  test("Testing.synth writes them too", () => {
    const stack = new TerraformStack(new App(), "lookup");
    new LatestCrossRegionBackup(stack, "orders", orders);

    expect(outputsOf(testingSynth(stack))).toMatchObject({
      orders_cross_backup_id: "9007199254740993",
      orders_restore_regions: ["cn-hangzhou", "cn-shanghai"],
    });
  });

  test("Testing.synthHcl writes them as text, because digits alone would be a number in HCL", () => {
    const stack = new TerraformStack(new App(), "lookup");
    new LatestCrossRegionBackup(stack, "orders", orders);

    expect(Testing.synthHcl(stack)).toMatch(
      /output "orders_cross_backup_id" \{\n\s*value\s+= "\$\{"9007199254740993"\}"\n/,
    );
    expect(outputsOf(testingSynth(stack))).toMatchObject({ orders_cross_backup_id: "9007199254740993" });
  });

  test("a construct within others gives them the same names", () => {
    const app = appIn(temporaryFolder());
    const stack = new TerraformStack(app, "lookup");
    const inner = new Construct(new Construct(stack, "databases"), "first-region");
    new LatestCrossRegionBackup(inner, "orders", { ...orders, restoreRegion: "cn-shanghai" });

    app.synth();

    expect(Object.keys(readStack(app.outdir, "lookup").output ?? {})).toEqual([
      "orders_backup",
      "orders_cross_backup_id",
      "orders_restore_regions",
    ]);
  });

  test("none of them, nor any file of the synthesis, contains a download link", () => {
    const app = appIn(temporaryFolder());
    new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", orders);

    app.synth();

    const written = [readText(app.outdir, "stacks", "lookup", "cdk.tf.json"), readText(app.outdir, "manifest.json")];
    expect(written.join("")).toContain("9007199254740993");
    expect(written.join("")).not.toMatch(/link|FAKE|Signature|simulator/i);
  });
});

describe("the attributes", () => {
  test("are tokens that any element of the stack may contain", () => {
    const stack = new TerraformStack(new App(), "lookup");
    const backup = new LatestCrossRegionBackup(stack, "orders", {
      ...orders,
      recoveryWindow: true,
      outputs: false,
    });

    new TerraformLocal(stack, "facts", everyAttributeOf(backup));

    expect(testingSynth(stack)).toMatchObject({
      locals: {
        facts: {
          crossBackupId: "9007199254740993",
          restoreRegions: ["cn-hangzhou", "cn-shanghai"],
          dbInstanceId: "rm-orders",
          regionId: "cn-hangzhou",
          dataTime: instant,
          recoverableFrom: instant,
          recoverableUntil: instant,
          backupStartTime: instant,
          backupEndTime: instant,
          crossBackupRegion: "cn-shanghai",
          crossBackupSetFile: "file_qp.xb",
          crossBackupSetSize: 5_312_836,
          engine: "mysql",
          engineVersion: "8.0",
          category: "HighAvailability",
          dbInstanceStorageType: "ssd",
        },
      },
    });
  });

  test("are inlined in another stack of the app, without any state of the first", () => {
    const app = appIn(temporaryFolder());
    const backup = new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", orders);
    const other = new TerraformStack(app, "restore");
    new TerraformLocal(other, "id", backup.crossBackupId);
    new TerraformLocal(other, "regions", backup.restoreRegions);
    new TerraformLocal(other, "text", `restore ${backup.crossBackupId} of ${backup.engine}`);

    app.synth();

    const { locals, terraform } = readStack(app.outdir, "restore");
    expect(locals).toEqual({
      id: "9007199254740993",
      regions: ["cn-hangzhou", "cn-shanghai"],
      text: "restore 9007199254740993 of mysql",
    });
    expect(JSON.stringify(terraform)).not.toContain("remote_state");
    expect(readStack(app.outdir, "lookup").output).toHaveProperty("orders_cross_backup_id");
  });

  test("pass unmodified through the props of another construct", () => {
    class Restore extends Construct {
      constructor(scope: Construct, id: string, props: { readonly backup: ICrossRegionBackup }) {
        super(scope, id);
        new TerraformLocal(this, "arguments", {
          backup_set_id: props.backup.crossBackupId,
          regions: props.backup.restoreRegions,
        });
      }
    }
    const stack = new TerraformStack(new App(), "lookup");
    const backup = new LatestCrossRegionBackup(stack, "orders", orders);
    new Restore(stack, "restore", { backup });

    expect(Object.values(testingSynth(stack).locals ?? {})).toEqual([
      { backup_set_id: "9007199254740993", regions: ["cn-hangzhou", "cn-shanghai"] },
    ]);
  });

  test("belong to a construct that cdktf does not mistake for a token", () => {
    const stack = new TerraformStack(new App(), "lookup");
    const backup = new LatestCrossRegionBackup(stack, "orders", orders);

    expect(Token.isUnresolved(backup)).toBe(false);
    expect("resolve" in backup).toBe(false);
    expect(Token.isUnresolved(backup.crossBackupId)).toBe(true);
  });
});

describe("concrete values", () => {
  test("lookUp returns the whole record at once, for TypeScript that branches", () => {
    const stack = new TerraformStack(new App(), "lookup");
    const backup = new LatestCrossRegionBackup(stack, "orders", { ...orders, notAfter: hoursAgo(10) });

    expect(backup.lookUp()).toMatchObject({
      crossBackupId: "101",
      restoreRegions: ["cn-hangzhou", "cn-shanghai"],
      crossBackupRegion: "cn-shanghai",
      dataTimeEstimated: false,
    });
  });

  test("the endpoint of the props wins over that of the environment", () => {
    process.env["RDS_DR_ENDPOINT"] = "http://127.0.0.1:1";
    const stack = new TerraformStack(new App(), "lookup");
    const backup = new LatestCrossRegionBackup(stack, "orders", { ...orders, endpoint: simulator.url });

    expect(backup.lookUp().crossBackupId).toBe("9007199254740993");
  });

  test("canRestoreTo says whether the record contains a region", () => {
    const stack = new TerraformStack(new App(), "lookup");
    const backup = new LatestCrossRegionBackup(stack, "orders", orders);

    expect(backup.canRestoreTo("cn-shanghai")).toBe(true);
    expect(backup.canRestoreTo("cn-beijing")).toBe(false);
  });

  test.each(["shanghai", "CN-SHANGHAI", ""])("canRestoreTo(%j) is an error, not a no", (region) => {
    const stack = new TerraformStack(new App(), "lookup");
    const backup = new LatestCrossRegionBackup(stack, "orders", orders);

    expect(lookupErrorOf(() => backup.canRestoreTo(region)).message).toContain(
      `lookup/orders: the region of canRestoreTo must be the id of a region, such as "cn-hangzhou", but is ${JSON.stringify(region)}`,
    );
  });

  test("lookUp throws if there is no valid backup, and says why, record by record", () => {
    const stack = new TerraformStack(new App(), "lookup");
    const backup = new LatestCrossRegionBackup(stack, "failed", { dbInstanceId: "rm-failed", regionId });

    expect(errorOf(() => backup.lookUp()).message).toMatch(
      /^lookup\/failed: no valid full backup of "rm-failed" of cn-hangzhou: of 1 records none is valid \(1 not-successful\)\n {2}not-successful, such as 401: BackupSetStatus is 1.*\n {2}-> see every record: npx rds-dr list --db-instance-id rm-failed --region-id cn-hangzhou$/,
    );
  });

  test("tryLookUp returns undefined if there is none; the synthesis goes on without the outputs", () => {
    // GIVEN
    const app = appIn(temporaryFolder());
    const stack = new TerraformStack(app, "lookup");
    const none = new LatestCrossRegionBackup(stack, "empty", { dbInstanceId: "rm-empty", regionId });
    new LatestCrossRegionBackup(stack, "orders", orders);

    // WHEN
    const backup = none.tryLookUp();
    app.synth();

    // THEN
    expect(backup).toBeUndefined();
    expect(Object.keys(readStack(app.outdir, "lookup").output ?? {})).toEqual([
      "orders_backup",
      "orders_cross_backup_id",
      "orders_restore_regions",
    ]);
  });

  test("and a warning says why there is none", () => {
    const app = appIn(temporaryFolder());
    const none = new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "empty", {
      dbInstanceId: "rm-empty",
      regionId,
    });

    none.tryLookUp();
    app.synth();

    expect(none.node.metadata.map(({ data }) => data as unknown)).toEqual([
      'no valid full backup of "rm-empty" of cn-hangzhou: the API lists no cross-region backup at all',
    ]);
  });

  test("the map of outputs that cdktf keeps does not name them either", () => {
    const stack = new TerraformStack(new App(), "lookup");
    new LatestCrossRegionBackup(stack, "empty", { dbInstanceId: "rm-empty", regionId }).tryLookUp();
    new LatestCrossRegionBackup(stack, "orders", orders);

    const json = JSON.stringify(stack.toTerraform());

    expect(json).toContain("orders_backup");
    expect(json).not.toContain("empty_");
  });

  test("without tryLookUp, a lookup that finds none fails the synthesis", () => {
    const app = appIn(temporaryFolder());
    new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "empty", {
      dbInstanceId: "rm-empty",
      regionId,
    });

    expect(() => {
      app.synth();
    }).toThrow(/^lookup\/empty: no valid full backup .* the API lists no cross-region backup at all\n {2}-> /);
    expect(filesBelow(app.outdir)).toEqual([]);
  });

  test("an attribute of a backup that tryLookUp did not find fails the synthesis before a file is written", () => {
    const app = appIn(temporaryFolder());
    new TerraformStack(app, "first");
    const stack = new TerraformStack(app, "lookup");
    const none = new LatestCrossRegionBackup(stack, "empty", { dbInstanceId: "rm-empty", regionId });
    none.tryLookUp();
    new TerraformOutput(stack, "mine", { value: none.crossBackupId });

    expect(() => {
      app.synth();
    }).toThrow(/^lookup\/empty: crossBackupId is used, but tryLookUp\(\) found no valid backup/);
    expect(filesBelow(app.outdir)).toEqual([]);
  });

  test("tryLookUp still throws if the data is too old", () => {
    const stack = new TerraformStack(new App(), "lookup");
    const stale = new LatestCrossRegionBackup(stack, "stale", {
      dbInstanceId: "rm-stale",
      regionId,
      maxAgeHours: 26,
    });

    expect(errorOf(() => stale.tryLookUp())).toMatchObject({ code: "BackupTooOld" });
  });

  test("tryLookUp still throws if the lookup fails", () => {
    process.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "wrong-secret";
    const stack = new TerraformStack(new App(), "lookup");
    const backup = new LatestCrossRegionBackup(stack, "orders", orders);

    expect(errorOf(() => backup.tryLookUp())).toMatchObject({
      code: "SignatureDoesNotMatch",
      kind: "access",
    });
  });
});

describe("props that are missing, malformed or tokens", () => {
  const make = (props: unknown) => (): unknown =>
    new LatestCrossRegionBackup(
      new TerraformStack(new App(), "lookup"),
      "orders",
      props as LatestCrossRegionBackupProps,
    );

  test.each<[string, unknown, string]>([
    ["no props at all", undefined, "props"],
    ["no dbInstanceId", { regionId }, "dbInstanceId"],
    ["an empty dbInstanceId", { ...orders, dbInstanceId: "" }, "dbInstanceId"],
    ["a number for dbInstanceId", { ...orders, dbInstanceId: 5 }, "dbInstanceId"],
    ["a list for dbInstanceId", { ...orders, dbInstanceId: ["rm-orders"] }, "dbInstanceId"],
    ["a blank in dbInstanceId", { ...orders, dbInstanceId: "rm orders" }, "dbInstanceId"],
    ["no regionId", { dbInstanceId: "rm-orders" }, "regionId"],
    ["a regionId in capitals", { ...orders, regionId: "CN-HANGZHOU" }, "regionId"],
    ["a blank in regionId", { ...orders, regionId: "cn hangzhou" }, "regionId"],
    ["null for regionId", { ...orders, regionId: null }, "regionId"],
    ["an empty crossBackupRegion", { ...orders, crossBackupRegion: "" }, "crossBackupRegion"],
    ["null for crossBackupRegion", { ...orders, crossBackupRegion: null }, "crossBackupRegion"],
    ["a malformed restoreRegion", { ...orders, restoreRegion: "shanghai" }, "restoreRegion"],
    ["a number for resourceGroupId", { ...orders, resourceGroupId: 7 }, "resourceGroupId"],
    ["a notAfter without a zone", { ...orders, notAfter: "2024-03-05T02:21:00" }, "notAfter"],
    ["a notAfter that is no date", { ...orders, notAfter: "2024-02-30T02:21:00Z" }, "notAfter"],
    ["a Date for notAfter", { ...orders, notAfter: new Date() }, "notAfter"],
    ["NaN for maxAgeHours", { ...orders, maxAgeHours: NaN }, "maxAgeHours"],
    ["a negative maxAgeHours", { ...orders, maxAgeHours: -1 }, "maxAgeHours"],
    ["0 for maxAgeHours", { ...orders, maxAgeHours: 0 }, "maxAgeHours"],
    ["text for maxAgeHours", { ...orders, maxAgeHours: "26" }, "maxAgeHours"],
    ["an unknown onStale", { ...orders, onStale: "ignore" }, "onStale"],
    ["null for onStale", { ...orders, onStale: null }, "onStale"],
    ["an endpoint with a path", { ...orders, endpoint: "https://rds.example/api" }, "endpoint"],
    ["an empty endpoint", { ...orders, endpoint: "" }, "endpoint"],
    ["a number for endpoint", { ...orders, endpoint: 8080 }, "endpoint"],
    ["an object for endpoint", { ...orders, endpoint: {} }, "endpoint"],
    ["an empty profile", { ...orders, profile: "" }, "profile"],
    ["a number for profile", { ...orders, profile: 5 }, "profile"],
    ["a name for roleArn", { ...orders, roleArn: "drill" }, "roleArn"],
    ["an empty roleArn", { ...orders, roleArn: "" }, "roleArn"],
    ["text for outputs", { ...orders, outputs: "false" }, "outputs"],
    ["a number for outputPrefix", { ...orders, outputPrefix: 5 }, "outputPrefix"],
    ["an empty outputPrefix", { ...orders, outputPrefix: "" }, "outputPrefix"],
    ["an outputPrefix with a blank", { ...orders, outputPrefix: "my orders" }, "outputPrefix"],
  ])("%s is one error that names the prop", (_, props, name) => {
    const error = errorOf(make(props));

    expect(error).toBeInstanceOf(LookupError);
    expect(error).toMatchObject({ kind: "misuse", path: "lookup/orders" });
    expect(error.message).toMatch(/^lookup\/orders: /);
    expect(error.message).toMatch(new RegExp(`\\b${name}\\b`));
    expect(error.message).toMatch(/\n {2}-> ./);
  });

  test("the message does not repeat a secret in an endpoint", () => {
    const { message } = errorOf(make({ ...orders, endpoint: "https://user:pass-word@rds.example" }));

    expect(message).not.toContain("pass-word");
  });

  const stack = new TerraformStack(new App(), "elsewhere");
  const variable = new TerraformVariable(stack, "variable", { type: "string" });
  const lazy = Lazy.anyValue({ produce: () => "late" });

  test.each([
    "dbInstanceId",
    "regionId",
    "crossBackupRegion",
    "restoreRegion",
    "resourceGroupId",
    "notAfter",
    "onStale",
    "endpoint",
    "profile",
    "roleArn",
    "outputPrefix",
  ])("a token for %s is one error that says why it cannot be", (name) => {
    for (const token of [variable.stringValue, `x-${variable.stringValue}`, variable.fqn, lazy]) {
      expect(errorOf(make({ ...orders, [name]: token })).message).toBe(
        `lookup/orders: ${name} is a token: it gets its value when Terraform runs, but the synthesis needs the value\n  -> pass ${name} as a plain value, from the code, cdktf.json or an environment variable (TF_VAR_… and attributes of resources come too late)`,
      );
    }
  });

  test("a token for maxAgeHours or outputs is refused", () => {
    const maxAgeHours: unknown = variable.numberValue;
    const outputs: unknown = variable.booleanValue;

    expect(errorOf(make({ ...orders, maxAgeHours })).message).toContain("maxAgeHours is a token");
    expect(errorOf(make({ ...orders, outputs })).message).toContain("outputs is a token");
  });

  test("a refused lookup is not made later", () => {
    const app = appIn(temporaryFolder());
    const lookups = new TerraformStack(app, "lookup");
    for (const [id, props] of Object.entries({
      one: { ...orders, maxAgeHours: -1 },
      two: { ...orders, outputPrefix: "my orders" },
      three: { ...orders, dbInstanceId: "" },
    })) {
      errorOf(() => new LatestCrossRegionBackup(lookups, id, props));
    }
    process.env["RDS_DR_ENDPOINT"] = "http://127.0.0.1:1";
    process.env["RDS_DR_DEADLINE_SECONDS"] = "0.5";

    app.synth();

    expect(readStack(app.outdir, "lookup").output).toBeUndefined();
  });
});

test("onStale may be the enum or its text", () => {
  const stack = new TerraformStack(new App(), "lookup");
  const stale = { dbInstanceId: "rm-stale", regionId, maxAgeHours: 26 } as const;
  const asEnum = new LatestCrossRegionBackup(stack, "a", { ...stale, onStale: OnStale.WARN });
  const textProps: unknown = { ...stale, onStale: "warn" };
  const asText = new LatestCrossRegionBackup(stack, "b", textProps as LatestCrossRegionBackupProps);

  expect([asEnum.lookUp().crossBackupId, asText.lookUp().crossBackupId]).toEqual(["301", "301"]);
});

function everyAttributeOf(backup: ICrossRegionBackup): Omit<ICrossRegionBackup, keyof IConstruct> {
  return {
    crossBackupId: backup.crossBackupId,
    restoreRegions: backup.restoreRegions,
    dbInstanceId: backup.dbInstanceId,
    regionId: backup.regionId,
    dataTime: backup.dataTime,
    recoverableFrom: backup.recoverableFrom,
    recoverableUntil: backup.recoverableUntil,
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
}
