import {
  describeAvailableRecoveryTime,
  type DescribeAvailableRecoveryTimeRequest,
} from "../../../lib/rds-api/actions/describe-available-recovery-time";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import type { RdsClient } from "../../../lib/rds-api/rds-client";
import { type Simulator, startSimulator } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { FakeTransport } from "../fake-transport";
import { connect, errorOf, mysql } from "../simulated";

describe("DescribeAvailableRecoveryTime", () => {
  let simulator: Simulator;
  let client: RdsClient;

  beforeEach(async () => {
    simulator = await startSimulator();
    client = connect(simulator);
  });
  afterEach(async () => {
    client.close();
    await simulator.stop();
  });

  test("sends every parameter under its name and returns the window", async () => {
    const request = { ...mysql, crossBackupId: "12490124", resourceGroupId: "rg-acfmyorders01" };

    const { recoveryBeginTime = "", recoveryEndTime = "" } = await describeAvailableRecoveryTime(client, request);

    expect([recoveryBeginTime < recoveryEndTime, recoveryBeginTime.length]).toEqual([true, 20]);
    expect(simulator.requests).toMatchObject([{ method: "POST", action: "DescribeAvailableRecoveryTime" }]);
    expect(simulator.requests[0]?.parameters).toEqual({
      CrossBackupId: "12490124",
      RegionId: "cn-hangzhou",
      DBInstanceId: mysql.dbInstanceId,
      ResourceGroupId: "rg-acfmyorders01",
    });
  });

  test("needs only the id of the backup", async () => {
    await describeAvailableRecoveryTime(client, { crossBackupId: "12490124" });

    expect(simulator.requests[0]?.parameters).toEqual({ CrossBackupId: "12490124" });
  });

  test("omits a bound that RDS does not name", async () => {
    const transport = new FakeTransport(() => ({
      RecoveryBeginTime: "2024-03-05T02:22Z",
      RecoveryEndTime: "",
    }));

    expect(await describeAvailableRecoveryTime(transport.client(), { crossBackupId: "1" })).toEqual({
      recoveryBeginTime: "2024-03-05T02:22:00Z",
    });
  });

  test("says that there is no such backup", async () => {
    const call = describeAvailableRecoveryTime(client, { ...mysql, crossBackupId: "1" });

    expect((await errorOf(call, RdsApiError)).code).toBe("InvalidBackupSet");
  });

  test.each<[string, Partial<DescribeAvailableRecoveryTimeRequest>]>([
    ["crossBackupId", { crossBackupId: "0" }],
    ["crossBackupId", { crossBackupId: undefined }],
    ["regionId", { regionId: "" }],
    ["dbInstanceId", { dbInstanceId: "?" }],
    ["resourceGroupId", { resourceGroupId: "" }],
  ])("throws for a wrong %s before it sends a request: %j", async (parameter, changes) => {
    const call = describeAvailableRecoveryTime(client, { crossBackupId: "12490124", ...changes });

    expect((await errorOf(call, InvalidRequestError)).parameter).toBe(parameter);
    expect(simulator.requests).toEqual([]);
  });
});
