import { inspect } from "node:util";
import {
  describeCrossRegionLogBackupFiles,
  type DescribeCrossRegionLogBackupFilesRequest,
} from "../../../lib/rds-api/actions/describe-cross-region-log-backup-files";
import type { RdsClient } from "../../../lib/rds-api/rds-client";
import { type Simulator, startSimulator } from "../../../lib/simulator";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { FakeTransport } from "../fake-transport";
import { connect, errorOf, lastDays, mysql } from "../simulated";

describe("DescribeCrossRegionLogBackupFiles", () => {
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

  test("sends every parameter under its name", async () => {
    const request = {
      ...mysql,
      ...lastDays(2),
      crossBackupRegion: "cn-shanghai",
    };

    await describeCrossRegionLogBackupFiles(client, request);

    expect(simulator.requests).toMatchObject([{ method: "POST", action: "DescribeCrossRegionLogBackupFiles" }]);
    expect(simulator.requests[0]?.parameters).toEqual({
      DBInstanceId: mysql.dbInstanceId,
      RegionId: "cn-hangzhou",
      StartTime: request.startTime,
      EndTime: request.endTime,
      CrossBackupRegion: "cn-shanghai",
      PageSize: "100",
      PageNumber: "1",
    });
  });

  test("returns every file once", async () => {
    const files = await describeCrossRegionLogBackupFiles(client, { ...mysql, ...lastDays(5) });

    expect(files).toHaveLength(95);
    expect(new Set(files.map((file) => JSON.stringify(file))).size).toBe(95);
    expect(simulator.requests).toHaveLength(1);
  });

  test("reads where a file is and when its log begins and ends, but not its links", async () => {
    const transport = new FakeTransport(() => ({
      TotalRecordCount: 1,
      Items: {
        Item: [
          {
            CrossLogBackupId: "9007199254740993",
            CrossLogBackupSize: 1073741824,
            CrossBackupRegion: "cn-shanghai",
            LogBeginTime: "2024-03-05T02:00:00Z",
            LogEndTime: "2024-03-05T02:30Z",
            CrossDownloadLink: "https://x/?Signature=FAKE-LINK-1",
            CrossIntranetDownloadLink: "https://y/?Signature=FAKE-LINK-2",
          },
        ],
      },
    }));

    const files = await describeCrossRegionLogBackupFiles(transport.client(), { ...mysql, ...lastDays(1) });

    expect(files).toEqual([
      {
        crossBackupRegion: "cn-shanghai",
        logBeginTime: "2024-03-05T02:00:00Z",
        logEndTime: "2024-03-05T02:30:00Z",
      },
    ]);
    expect(inspect(files, { showHidden: true })).not.toContain("FAKE");
  });

  test.each<[string, Partial<DescribeCrossRegionLogBackupFilesRequest>]>([
    ["dbInstanceId", { dbInstanceId: "" }],
    ["regionId", { regionId: "" }],
    ["startTime", { startTime: undefined }],
    ["startTime", { startTime: "2999-01-01T00:00:00Z" }],
    ["endTime", { endTime: "now" }],
    ["crossBackupRegion", { crossBackupRegion: "?" }],
  ])("throws for a wrong %s before it sends a request: %j", async (parameter, changes) => {
    const call = describeCrossRegionLogBackupFiles(client, { ...mysql, ...lastDays(1), ...changes });

    expect((await errorOf(call, InvalidRequestError)).parameter).toBe(parameter);
    expect(simulator.requests).toEqual([]);
  });
});
