import {
  checkCreateDdrDbInstance,
  type CheckCreateDdrDbInstanceRequest,
} from "../../../lib/rds-api/actions/check-create-ddr-db-instance";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import type { RdsClient } from "../../../lib/rds-api/rds-client";
import { type Simulator, startSimulator } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { FakeTransport } from "../fake-transport";
import { connect, errorOf } from "../simulated";

describe("CheckCreateDdrDBInstance", () => {
  let simulator: Simulator;
  let client: RdsClient;

  const instance = {
    regionId: "cn-shanghai",
    engine: "MySQL",
    engineVersion: "8.0",
    dbInstanceClass: "rds.mysql.s3.large",
    dbInstanceStorage: 100,
  };
  const ofBackupSet = { ...instance, backupSetId: "12490124" };
  beforeEach(async () => {
    simulator = await startSimulator();
    client = connect(simulator);
  });
  afterEach(async () => {
    client.close();
    await simulator.stop();
  });

  test("of a backup set sends its parameters under their names", async () => {
    expect(await checkCreateDdrDbInstance(client, { ...ofBackupSet, resourceGroupId: "rg-acfmyorders01" })).toBe(true);
    expect(simulator.requests).toMatchObject([{ method: "POST", action: "CheckCreateDdrDBInstance" }]);
    expect(simulator.requests[0]?.parameters).toEqual({
      RegionId: "cn-shanghai",
      Engine: "MySQL",
      EngineVersion: "8.0",
      DBInstanceClass: "rds.mysql.s3.large",
      DBInstanceStorage: "100",
      RestoreType: "0",
      BackupSetId: "12490124",
      ResourceGroupId: "rg-acfmyorders01",
    });
  });

  test("is false for a backup that cannot be restored there", async () => {
    expect(await checkCreateDdrDbInstance(client, { ...ofBackupSet, regionId: "cn-beijing" })).toBe(false);
  });

  test.each<[unknown, boolean]>([
    ["true", true],
    ["True", true],
    [true, true],
    ["false", false],
    [false, false],
  ])("reads IsValid %p as %p", async (value, expected) => {
    const transport = new FakeTransport(() => ({ IsValid: value }));
    expect(await checkCreateDdrDbInstance(transport.client(), ofBackupSet)).toBe(expected);
  });

  test.each([undefined, "", "yes", 1, {}])("reads IsValid %p as no answer, and asks again", async (value) => {
    jest.spyOn(Math, "random").mockReturnValue(0);
    const transport = new FakeTransport(() => ({ RequestId: "1", IsValid: value }));
    const client = transport.client({ deadlineMs: 100 });

    const error = await errorOf(checkCreateDdrDbInstance(client, ofBackupSet), RdsApiError);
    jest.restoreAllMocks();

    expect(error).toMatchObject({
      code: "InvalidResponse",
      reason: "IsValid is neither true nor false; no try succeeded before the deadline",
    });
    expect(transport.calls.length).toBeGreaterThan(1);
  });

  test("throws the error of the API", async () => {
    const call = checkCreateDdrDbInstance(client, { ...ofBackupSet, backupSetId: "1" });

    expect((await errorOf(call, RdsApiError)).code).toBe("InvalidBackupSet");
  });

  test.each([5, 100, 2_000])("takes a storage of %d GB", async (dbInstanceStorage) => {
    expect(await checkCreateDdrDbInstance(client, { ...ofBackupSet, dbInstanceStorage })).toBe(true);
  });

  test.each<[string, Partial<CheckCreateDdrDbInstanceRequest>]>([
    ["regionId", { regionId: "" }],
    ["engine", { engine: "" }],
    ["engineVersion", { engineVersion: "" }],
    ["dbInstanceClass", { dbInstanceClass: " " }],
    ["dbInstanceStorage", { dbInstanceStorage: 0 }],
    ["dbInstanceStorage", { dbInstanceStorage: 2_005 }],
    ["dbInstanceStorage", { dbInstanceStorage: 12 }],
    ["dbInstanceStorage", { dbInstanceStorage: NaN }],
    ["backupSetId", { backupSetId: undefined }],
    ["backupSetId", { backupSetId: "0" }],
    ["resourceGroupId", { resourceGroupId: "" }],
  ])("throws for a wrong %s before it sends a request: %j", async (parameter, changes) => {
    const call = checkCreateDdrDbInstance(client, { ...ofBackupSet, ...changes });

    const error = await errorOf(call, InvalidRequestError);
    expect(error.parameter).toBe(parameter);
    expect(error.message).toContain(`${parameter} must be ${error.allowed}, but is `);
    expect(simulator.requests).toEqual([]);
  });
});
