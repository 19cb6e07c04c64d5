import { TerraformLocal, TerraformOutput, TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { type CrossRegionBackupAttributes, LatestCrossRegionBackup } from "../../lib";
import {
  appIn,
  errorOf,
  filesBelow,
  isolateEnvironment,
  lookupErrorOf,
  outputsOf,
  temporaryFolders,
  testingSynth,
} from "../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

const known = { crossBackupId: "9007199254740993", restoreRegions: ["cn-hangzhou", "cn-shanghai"] };

const everything: CrossRegionBackupAttributes = {
  ...known,
  dbInstanceId: "rm-orders",
  regionId: "cn-hangzhou",
  dataTime: "2024-03-05T02:22:54Z",
  recoverableFrom: "2024-03-05T02:30:00Z",
  recoverableUntil: "2024-03-05T11:30:00Z",
  backupStartTime: "2024-03-05T02:22:45Z",
  backupEndTime: "2024-03-05T02:23:37Z",
  crossBackupRegion: "cn-shanghai",
  crossBackupSetFile: "file_qp.xb",
  crossBackupSetSize: 5_312_836,
  engine: "mysql",
  engineVersion: "8.0",
  category: "HighAvailability",
  dbInstanceStorageType: "ssd",
};

function newStack(): TerraformStack {
  return new TerraformStack(appIn(temporaryFolder()), "restore");
}

function fixed(
  stack: TerraformStack,
  attributes: unknown,
): ReturnType<typeof LatestCrossRegionBackup.fromCrossRegionBackupAttributes> {
  return LatestCrossRegionBackup.fromCrossRegionBackupAttributes(
    stack,
    "orders",
    attributes as CrossRegionBackupAttributes,
  );
}

test("adds the outputs that a lookup adds, without any network or setting", () => {
  process.env["RDS_DR_MODE"] = "nonsense";
  const stack = newStack();
  fixed(stack, { ...known, engine: "mysql", crossBackupSetSize: 7 });

  expect(outputsOf(testingSynth(stack))).toEqual({
    orders_cross_backup_id: "9007199254740993",
    orders_restore_regions: ["cn-hangzhou", "cn-shanghai"],
    orders_backup: { engine: "mysql", cross_backup_set_size: 7 },
  });
});

test("writes its outputs as text into HCL too, because digits alone would be a number", () => {
  const stack = newStack();
  fixed(stack, { ...known, crossBackupId: "14562", engineVersion: "13" });

  const hcl: unknown = Testing.synthHcl(stack);

  expect(hcl).toContain('output "orders_cross_backup_id" {\nvalue = "${"14562"}"');
  expect(hcl).toContain('engine_version = "${"13"}"');
});

describe("in an app that writes HCL", () => {
  beforeEach(() => {
    process.env["SYNTH_HCL_OUTPUT"] = "true";
  });

  afterEach(() => {
    delete process.env["SYNTH_HCL_OUTPUT"];
  });

  test("only a fact that HCL would write as a number is a token, the same at each read", () => {
    const backup = fixed(newStack(), { ...everything, engineVersion: "13" });

    expect(backup.engine).toBe("mysql");
    expect(backup.dataTime).toBe("2024-03-05T02:22:54Z");
    expect([backup.crossBackupId, backup.engineVersion].map((fact) => Token.isUnresolved(fact))).toEqual([true, true]);
    expect(backup.crossBackupId).toBe(backup.crossBackupId);
  });
});

test("gives every fact that the attributes contain", () => {
  const backup = fixed(newStack(), everything);

  for (const [name, value] of Object.entries(everything)) {
    expect(backup).toHaveProperty(name, value);
  }
});

test("gives a copy of its list, which users may change", () => {
  const backup = fixed(newStack(), known);

  backup.restoreRegions.push("cn-beijing");

  expect(backup.restoreRegions).toEqual(["cn-hangzhou", "cn-shanghai"]);
});

test("the use of a missing fact is an error, with the next step", () => {
  const stack = newStack();
  const backup = fixed(stack, known);

  expect(() => new TerraformLocal(stack, "engine", backup.engine)).toThrow(
    'restore/orders: engine of the backup 9007199254740993 is not known\n  -> pass engine to fromCrossRegionBackupAttributes; "rds-dr list" shows it',
  );
  expect(() => backup.crossBackupSetSize).toThrow("crossBackupSetSize of the backup");
  expect(() => backup.recoverableFrom).toThrow('"rds-dr list --window" shows it');
  expect(() => backup.recoverableUntil).toThrow('"rds-dr list --window" shows it');
});

test("outputs: false adds none, and outputPrefix names them", () => {
  const stack = newStack();
  LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, "a", { ...known, outputs: false });
  LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack, "b", { ...known, outputPrefix: "dr" });

  expect(Object.keys(outputsOf(testingSynth(stack)))).toEqual([
    "dr_backup",
    "dr_cross_backup_id",
    "dr_restore_regions",
  ]);
});

test("an output of the same name fails the synthesis before a file is written", () => {
  const app = appIn(temporaryFolder());
  const stack = new TerraformStack(app, "restore");
  fixed(stack, known);
  new TerraformOutput(stack, "orders_backup", { value: "mine" });

  expect(
    errorOf(() => {
      app.synth();
    }).message,
  ).toMatch(/^restore\/orders: the stack "restore" has two outputs named "orders_backup"/);
  expect(filesBelow(app.outdir)).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["no attributes at all", undefined, "props"],
  ["no id", { restoreRegions: ["cn-shanghai"] }, "crossBackupId"],
  ["an id that is a number", { ...known, crossBackupId: 14562 }, "crossBackupId"],
  ["the id 0", { ...known, crossBackupId: "0" }, "crossBackupId"],
  ["no regions", { crossBackupId: "14562" }, "restoreRegions"],
  ["an empty list of regions", { ...known, restoreRegions: [] }, "restoreRegions"],
  ["text for the regions", { ...known, restoreRegions: "cn-shanghai" }, "restoreRegions"],
  ["a malformed region", { ...known, restoreRegions: ["Shanghai"] }, "restoreRegions"],
  ["a malformed instance", { ...known, dbInstanceId: "rm orders" }, "dbInstanceId"],
  ["a malformed region of the source", { ...known, regionId: "hangzhou" }, "regionId"],
  ["a malformed region of the file", { ...known, crossBackupRegion: "" }, "crossBackupRegion"],
  ["a data time without a zone", { ...known, dataTime: "2024-03-05 02:22" }, "dataTime"],
  ["a first recoverable time that is a number", { ...known, recoverableFrom: 5 }, "recoverableFrom"],
  ["a recoverable time that is a number", { ...known, recoverableUntil: 5 }, "recoverableUntil"],
  ["a start that is a number", { ...known, backupStartTime: 5 }, "backupStartTime"],
  ["an end that is no date", { ...known, backupEndTime: "2024-02-31T00:00:00Z" }, "backupEndTime"],
  ["a size that is text", { ...known, crossBackupSetSize: "7" }, "crossBackupSetSize"],
  ["a size of NaN", { ...known, crossBackupSetSize: NaN }, "crossBackupSetSize"],
  ["an engine that is a number", { ...known, engine: 8 }, "engine"],
  ["an empty engine version", { ...known, engineVersion: "" }, "engineVersion"],
  ["a list for the file", { ...known, crossBackupSetFile: [] }, "crossBackupSetFile"],
  ["text for outputs", { ...known, outputs: "no" }, "outputs"],
])("%s is one error that names the attribute", (_, attributes, name) => {
  const error = lookupErrorOf(() => fixed(newStack(), attributes));

  expect(error.message).toMatch(new RegExp(`^restore/orders: .*\\b${name}\\b[^]*\\n {2}-> .`));
});

test.each(["crossBackupId", "dataTime", "engine", "outputPrefix"])("a token for %s is refused", (name) => {
  const { stringValue } = new TerraformVariable(newStack(), "variable", {});

  expect(lookupErrorOf(() => fixed(newStack(), { ...known, [name]: stringValue })).message).toContain(
    `restore/orders: ${name} is a token`,
  );
});

test("a list token, or a list with a token, is refused for restoreRegions", () => {
  const variable = new TerraformVariable(newStack(), "variable", {});

  for (const restoreRegions of [variable.listValue, ["cn-shanghai", variable.stringValue]]) {
    expect(lookupErrorOf(() => fixed(newStack(), { ...known, restoreRegions })).message).toContain(
      "restore/orders: restoreRegions is a token",
    );
  }
});
