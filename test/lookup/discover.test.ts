import { discoverInstances } from "../../lib/lookup/discover";
import { FakeTransport } from "../rds-api/fake-transport";

const regionId = "cn-hangzhou";

/** An API that lists rows of copied instances, and each instance twice among all. */
function clientOf(rows: readonly object[]) {
  const listed = rows.flatMap((row) => [row, { ...row, DBInstanceDescription: "again" }]);
  const transport = new FakeTransport(({ action }) =>
    action === "DescribeDBInstances"
      ? { RequestId: "1", TotalRecordCount: listed.length, Items: { DBInstance: listed } }
      : { RequestId: "2", TotalRecords: rows.length, Items: { Item: rows } },
  );
  return transport.client();
}

const on = { DBInstanceId: "rm-a", BackupEnabled: "Enable", CrossBackupRegion: "cn-shanghai" };
const off = { DBInstanceId: "rm-a", BackupEnabled: "Disable", CrossBackupRegion: "cn-beijing" };

test.each([
  ["", {}],
  [", of all", { all: true as const }],
  [", of those with a tag", { tags: { dr: "true" } }],
])("an instance of several rows is there once, by the row that says that it is copied%s", async (_, choice) => {
  for (const rows of [
    [on, off],
    [off, on],
  ]) {
    const instances = await discoverInstances(clientOf(rows), { regionId, ...choice });

    expect(instances).toEqual([
      expect.objectContaining({ dbInstanceId: "rm-a", backupEnabled: true, crossBackupRegion: "cn-shanghai" }),
    ]);
  }
});
