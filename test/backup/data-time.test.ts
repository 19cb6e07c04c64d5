import { dataTimeOf } from "../../lib/backup/data-time";
import { fullBackup, without } from "./records";

const start = "2024-03-05T02:22:45Z";
const end = "2024-03-05T02:23:37Z";

describe("the data time of a backup", () => {
  test.each([
    ["within the backup", "2024-03-05T02:22:54Z"],
    ["at its start", start],
    ["at its end", end],
  ])("is ConsistentTime if that lies %s", (_, consistentTime) => {
    expect(dataTimeOf(fullBackup({ consistentTime }))).toEqual({ instant: consistentTime, estimated: false });
  });

  test.each([
    ["lies before the start", fullBackup({ consistentTime: "2024-03-05T02:22:44Z" })],
    ["lies after the end", fullBackup({ consistentTime: "2024-03-05T02:23:38Z" })],
    ["is absent", without(fullBackup(), "consistentTime")],
    ["cannot be held against an end", without(fullBackup(), "backupEndTime")],
  ])("is the start, as an estimate, if ConsistentTime %s", (_, record) => {
    expect(dataTimeOf(record)).toEqual({ instant: start, estimated: true });
  });

  test("is unknown if there is no start, whatever ConsistentTime says", () => {
    expect(dataTimeOf(without(fullBackup(), "backupStartTime"))).toBeUndefined();
  });
});
