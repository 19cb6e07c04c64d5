import type { CrossRegionBackupRecord } from "../../lib/backup/record-fields";
import { judgeById, queryById } from "../../lib/lookup/by-id";
import { latest } from "./queries";

const now = "2026-03-05T06:00:00Z";
const query = latest(
  { restoreRegion: "cn-shanghai", crossBackupRegion: "cn-shanghai", resourceGroupId: "rg-acfmyorders01" },
  { profile: "dr" },
);

function record(crossBackupId: string, changes: Partial<CrossRegionBackupRecord> = {}): CrossRegionBackupRecord {
  return {
    crossBackupId,
    backupStartTime: "2026-03-05T02:00:00Z",
    backupType: "F",
    backupSetStatus: 0,
    restoreRegions: ["cn-shanghai"],
    unreadable: [],
    ...changes,
  };
}

function judge(...records: readonly CrossRegionBackupRecord[]): unknown {
  return judgeById(query, "101", { status: "listed", origin: "api", records }, now);
}

test("one backup is asked for by the instance and its id, over the same connection", () => {
  expect(queryById(query, "101")).toEqual({
    kind: "list",
    request: {
      dbInstanceId: query.request.dbInstanceId,
      regionId: "cn-hangzhou",
      resourceGroupId: "rg-acfmyorders01",
      crossBackupId: "101",
    },
    connection: { profile: "dr" },
  });
});

test("one that is listed is valid, whatever else is", () => {
  const newer = record("102", { backupStartTime: "2026-03-05T03:00:00Z" });

  expect(judge(newer, record("101"))).toMatchObject({
    status: "valid",
    backup: { crossBackupId: "101", dataTime: "2026-03-05T02:00:00Z" },
  });
});

test.each<[string, readonly CrossRegionBackupRecord[], unknown]>([
  ["that is not listed", [record("102")], "there"],
  [
    "of another kind",
    [record("101", { backupType: "I" })],
    'valid (not-full: BackupType is "I", a full backup has "F")',
  ],
  [
    "that cannot be restored where the question says",
    [record("101", { restoreRegions: ["cn-beijing"] })],
    'valid (other-restore-region: can be restored to cn-beijing, not to "cn-shanghai")',
  ],
])("one %s is not", (_, records, isNot) => {
  expect(judge(...records)).toEqual({ status: "invalid", isNot });
});
