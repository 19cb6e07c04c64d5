import type { JudgedRecord } from "../../lib/backup/judge-records";
import { parseCrossRegionBackup } from "../../lib/backup/parse-backup";
import { recordTable } from "../../lib/cli/record-table";
import { validBackup } from "../fixtures";

const judged: readonly JudgedRecord[] = [
  {
    record: parseCrossRegionBackup({
      ...validBackup,
      CrossBackupId: "9007199254740993",
      BackupStartTime: "2024-03-05T02:22:45Z",
    }),
    verdict: "latest",
    detail: null,
  },
  {
    record: parseCrossRegionBackup({
      ...validBackup,
      CrossBackupId: 101,
      BackupStartTime: "2024-03-04T02:22:45Z",
    }),
    verdict: "valid",
    detail: null,
  },
  { record: parseCrossRegionBackup({}), verdict: "not-full", detail: "BackupType is missing" },
];

const whole = `
ID                DATA TIME             TYPE  STORED IN    RESTORABLE TO            BYTES    VERDICT
9007199254740993  2024-03-05T02:22:45Z  FP    cn-shanghai  cn-hangzhou,cn-shanghai  5312836  latest
101               2024-03-04T02:22:45Z  FP    cn-shanghai  cn-hangzhou,cn-shanghai  5312836  valid
-                 -                     --    -            -                        -        not-full`;

const wrapped = `
ID                DATA TIME             TYPE  STORED IN    RESTORABLE TO  BYTES    VERDICT
9007199254740993  2024-03-05T02:22:45Z  FP    cn-shanghai  cn-hangzhou,   5312836  latest
                                                           cn-shanghai
101               2024-03-04T02:22:45Z  FP    cn-shanghai  cn-hangzhou,   5312836  valid
                                                           cn-shanghai
-                 -                     --    -            -              -        not-full`;

const least = `
ID                DATA TIME             VERDICT
9007199254740993  2024-03-05T02:22:45Z  latest
101               2024-03-04T02:22:45Z  valid
-                 -                     not-full`;

test.each([
  [Infinity, whole],
  [101, whole],
  [100, wrapped],
  [91, wrapped],
  [48, least],
  [1, least],
])("in lines of %d characters it is laid out in full, broken at the regions, or cut", (width, expected) => {
  expect(`\n${recordTable(judged, width).text}`).toBe(expected);
});

test.each<[number, readonly string[]]>([
  [91, []],
  [90, ["BYTES"]],
  [81, ["BYTES", "STORED IN"]],
  [68, ["BYTES", "STORED IN", "TYPE"]],
  [62, ["BYTES", "STORED IN", "TYPE", "RESTORABLE TO"]],
])("in lines of %d characters it leaves out %j, and keeps to the width", (width, leftOut) => {
  const table = recordTable(judged, width);

  expect(table.leftOut).toEqual(leftOut);
  expect(Math.max(...table.text.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(width);
  expect(table.text).toMatch(/^ID .* DATA TIME .* VERDICT\n/);
});

test("verdicts are coloured without taking room", () => {
  const { text } = recordTable(judged, 50, true);

  expect(`\n${text}`).toBe(
    least.replace("latest", "\u001b[32mlatest\u001b[39m").replace("not-full", "\u001b[2mnot-full\u001b[22m"),
  );
});

test("no records need no table", () => {
  expect(recordTable([], 1)).toEqual({ text: "no records", leftOut: [] });
});
