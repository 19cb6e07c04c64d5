import { describeInstanceCrossBackupPolicy } from "../../../lib/rds-api/actions/describe-instance-cross-backup-policy";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import type { RdsClient } from "../../../lib/rds-api/rds-client";
import { type Simulator, startSimulator } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { connect, errorOf, mysql } from "../simulated";

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

describe("DescribeInstanceCrossBackupPolicy", () => {
  test("asks once and returns for how many days copies are kept", async () => {
    expect(await describeInstanceCrossBackupPolicy(client, mysql)).toEqual({ retention: 30 });
    expect(simulator.requests).toMatchObject([{ method: "POST", action: "DescribeInstanceCrossBackupPolicy" }]);
    expect(simulator.requests[0]?.parameters).toEqual({
      RegionId: "cn-hangzhou",
      DBInstanceId: mysql.dbInstanceId,
    });
  });

  test("says that an instance does not exist", async () => {
    const call = describeInstanceCrossBackupPolicy(client, { ...mysql, dbInstanceId: "rm-gone" });

    expect((await errorOf(call, RdsApiError)).code).toBe("InvalidDBInstance.NotFound");
  });

  test.each(["regionId", "dbInstanceId"])("throws for a wrong %s before it sends a request", async (parameter) => {
    const call = describeInstanceCrossBackupPolicy(client, { ...mysql, [parameter]: "?" });

    expect((await errorOf(call, InvalidRequestError)).parameter).toBe(parameter);
    expect(simulator.requests).toEqual([]);
  });
});
