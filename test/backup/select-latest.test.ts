import * as fc from "fast-check";
import { parseCrossRegionBackup } from "../../lib/backup/parse-backup";
import type { CrossRegionBackupRecord } from "../../lib/backup/record-fields";
import { LatestAmong, selectLatest } from "../../lib/backup/select-latest";
import { type Rejection, rejectionOf, type SelectionCriteria } from "../../lib/backup/validity";
import { fullBackup, now, without } from "./records";

/** A valid backup of one day of March 2024. */
const ofDay = (day: number, changes: Partial<CrossRegionBackupRecord> = {}) => {
  const date = `2024-03-${String(day).padStart(2, "0")}`;
  return fullBackup({
    crossBackupId: String(100 + day),
    backupStartTime: `${date}T02:00:00Z`,
    consistentTime: `${date}T02:01:00Z`,
    backupEndTime: `${date}T02:10:00Z`,
    ...changes,
  });
};

describe("what is held of a list that comes in pages", () => {
  test("does not grow with the number of pages", () => {
    const heldAfter = (pages: number): number => {
      const latest = new LatestAmong({}, now);
      for (let page = 0; page < pages; page++) {
        latest.add(
          Array.from({ length: 100 }, (_, row) =>
            ofDay(1 + (row % 9), {
              crossBackupId: String(100_000 + page * 100 + row),
              backupType: row % 2 === 0 ? "F" : "I",
            }),
          ),
        );
      }
      return JSON.stringify(latest).length;
    };

    expect(heldAfter(1)).toBeGreaterThan(1_000);
    expect(heldAfter(30)).toBeLessThan(1.1 * heldAfter(3));
  });
});

describe("of records that are not valid", () => {
  /** So many incremental backups, the one with the least id the newest. */
  const incremental = (count: number): CrossRegionBackupRecord[] =>
    Array.from({ length: count }, (_, index) =>
      fullBackup({
        crossBackupId: String(1_000 + index),
        backupStartTime: new Date(Date.UTC(2024, 1, 1) - index * 60_000).toISOString().replace(".000", ""),
        backupType: "I",
      }),
    );
  const newest = (count: number): string[] => Array.from({ length: count }, (_, index) => String(1_000 + index));
  const idsOf = (rejected: readonly Rejection[]) => rejected.map(({ crossBackupId }) => crossBackupId);

  test.each([
    [100, undefined],
    [101, 1],
    [250, 150],
  ])("the newest 100 of each reason are shown and the others counted: of %i, %p", (count, leftOut) => {
    const latest = new LatestAmong({}, now);
    for (const record of incremental(count).reverse()) {
      latest.add([record]);
    }
    latest.add([ofDay(5), ofDay(6, { backupMethod: "L" })]);

    const selection = latest.selection();

    expect(selection.backup?.crossBackupId).toBe("105");
    expect(idsOf(selection.rejected)).toEqual(["106", ...newest(100)]);
    expect(selection.leftOut).toEqual(leftOut === undefined ? undefined : { "not-full": leftOut });
  });

  test("of those that start together the greater id comes first, digit by digit", () => {
    const together = ["9", "10", "2"].map((crossBackupId) => fullBackup({ crossBackupId, backupType: "I" }));

    expect(idsOf(selectLatest(together, {}, now).rejected)).toEqual(["10", "9", "2"]);
  });
});

describe("the latest valid full backup", () => {
  test("is the one with the latest data, wherever it stands in the list", () => {
    const records = [ofDay(3), ofDay(5), ofDay(4)];
    expect(selectLatest(records, {}, now)).toEqual({
      backup: { ...ofDay(5), dataTime: "2024-03-05T02:01:00Z", dataTimeEstimated: false },
      rejected: [],
    });
  });

  test("passes over better looking ones that are not valid, named newest first", () => {
    const records = [ofDay(6, { backupType: "I" }), ofDay(5), ofDay(7, { backupSetStatus: 1 })];
    const { backup, rejected } = selectLatest(records, {}, now);
    expect(backup?.crossBackupId).toBe("105");
    expect(rejected.map(({ crossBackupId, reason }) => [crossBackupId, reason])).toEqual([
      ["107", "not-successful"],
      ["106", "not-full"],
    ]);
  });

  test("passes over one that is known to be of no use, named among the others in their order", () => {
    const records = [ofDay(5), ofDay(7), ofDay(6, { backupType: "I" }), ofDay(8, { backupType: "I" })];
    const refusal: Rejection = { crossBackupId: "107", reason: "preflight-refused", detail: "why" };
    const refused = new Map([
      ["107", refusal],
      ["106", { ...refusal, crossBackupId: "106" }],
    ]);

    const { backup, rejected } = selectLatest(records, {}, now, refused);

    expect(backup?.crossBackupId).toBe("105");
    expect(rejected).toMatchObject([
      { crossBackupId: "108", reason: "not-full" },
      refusal,
      { crossBackupId: "106", reason: "not-full" },
    ]);
  });

  test("is none if no record is valid", () => {
    const selection = selectLatest([ofDay(5, { crossBackupId: "0" })], {}, now);
    expect(selection).toEqual({
      rejected: [
        {
          crossBackupId: "0",
          reason: "no-id",
          detail: 'CrossBackupId is "0", not a number above 0',
        },
      ],
    });
    expect(selection.backup).toBeUndefined();
  });

  test("is none if there are no records", () => {
    expect(selectLatest([], {}, now)).toEqual({ rejected: [] });
  });

  test.each<[string, CrossRegionBackupRecord, CrossRegionBackupRecord]>([
    [
      "the later end",
      ofDay(5, { crossBackupId: "1", backupEndTime: "2024-03-05T02:11:00Z" }),
      ofDay(5, { crossBackupId: "2" }),
    ],
    [
      "an end over none, for equal estimates",
      without(ofDay(5, { crossBackupId: "1" }), "consistentTime"),
      without(ofDay(5, { crossBackupId: "2" }), "consistentTime", "backupEndTime"),
    ],
    ["the greater number", ofDay(5, { crossBackupId: "1000" }), ofDay(5, { crossBackupId: "999" })],
  ])("with equal data times is the one with %s", (_, better, worse) => {
    for (const records of [
      [better, worse],
      [worse, better],
    ]) {
      expect(selectLatest(records, {}, now).backup?.crossBackupId).toBe(better.crossBackupId);
    }
  });

  test("may be one before a disaster that the later ones hold", () => {
    const { backup, rejected } = selectLatest(
      [ofDay(5), ofDay(4), ofDay(3)],
      { notAfter: "2024-03-04T12:00:00Z" },
      now,
    );
    expect(backup?.crossBackupId).toBe("104");
    expect(rejected).toMatchObject([{ crossBackupId: "105", reason: "after-not-after" }]);
  });

  test("of SQL Server is a .zip, though a newer one looks better", () => {
    const mssql = { engine: "mssql", engineVersion: "2022_web" };
    const { backup, rejected } = selectLatest(
      [ofDay(6, { ...mssql, crossBackupSetFile: "a.bak" }), ofDay(5, { ...mssql, crossBackupSetFile: "a.zip" })],
      {},
      now,
    );
    expect(backup?.crossBackupId).toBe("105");
    expect(rejected).toMatchObject([{ crossBackupId: "106", reason: "not-zip" }]);
  });
});

describe("copies of one backup", () => {
  test("that say the same count once", () => {
    const { backup, rejected } = selectLatest([ofDay(5), ofDay(6, { backupType: "I" }), ofDay(5)], {}, now);
    expect([backup?.crossBackupId, rejected.length]).toEqual(["105", 1]);
    expect(selectLatest([ofDay(6, { backupType: "I" }), ofDay(6, { backupType: "I" })], {}, now).rejected).toHaveLength(
      1,
    );
  });

  test("make it invalid if one of them is", () => {
    const copies = [ofDay(5), ofDay(5, { backupSetStatus: 1 })];
    for (const records of [copies, copies.toReversed()]) {
      const { backup, rejected } = selectLatest([...records, ofDay(4)], {}, now);
      expect(backup?.crossBackupId).toBe("104");
      expect(rejected).toMatchObject([{ crossBackupId: "105", reason: "not-successful" }]);
    }
  });

  test("give it the least flattering of their data times", () => {
    const copies = [ofDay(5), ofDay(5, { consistentTime: "2024-03-05T02:00:30Z" })];
    for (const records of [copies, copies.toReversed()]) {
      expect(selectLatest(records, {}, now).backup?.dataTime).toBe("2024-03-05T02:00:30Z");
    }
  });

  test("give it the least flattering of them, though another one ended earlier", () => {
    const later = { consistentTime: "2024-03-05T02:00:30Z", backupEndTime: "2024-03-05T02:11:00Z" };
    for (const records of [
      [ofDay(5), ofDay(5, later)],
      [ofDay(5, later), ofDay(5)],
    ]) {
      expect(selectLatest(records, {}, now).backup).toMatchObject(later);
    }
  });

  test("without an id are named once if they say the same, and each if they do not", () => {
    const nameless = (day: number) => without(ofDay(day), "crossBackupId");
    const { rejected } = selectLatest([nameless(5), nameless(4), nameless(5)], {}, now);
    expect(rejected.map(({ reason }) => reason)).toEqual(["no-id", "no-id"]);
  });
});

/** Mostly what makes a good record, now and then something else. */
const mostly = (good: unknown, ...others: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: fc.constant(good), weight: 12 }, ...others.map((other) => fc.constant(other)));

/** Rows as the API may give them: mostly good, with every field now and then missing or wrong. */
const rows = fc.record({
  CrossBackupId: fc.constantFrom<unknown>(1, 2, 2, "3", "9007199254740993", 4, 5, 6, 0, "x", undefined),
  BackupStartTime: fc.constantFrom<unknown>(
    "2024-03-05T02:00:00Z",
    "2024-03-05T02:00Z",
    "2024-03-05T02:00:01Z",
    "2024-03-06T02:00:00Z",
    "2024-03-11T02:00:00Z",
    "never",
  ),
  BackupEndTime: mostly("2024-03-06T03:00:00Z", "2024-03-05T03:00:00Z", "x", undefined),
  ConsistentTime: fc.constantFrom<unknown>("2024-03-05T02:30:00Z", 1709606000, 0, "<nil>", undefined),
  BackupType: mostly("F", "I"),
  BackupMethod: mostly("P", "L", undefined),
  BackupSetStatus: fc.constantFrom<unknown>(0, 0, "0", 0, 1, undefined),
  BackupSetScale: mostly(0, 1, undefined),
  Engine: mostly("mysql", "mssql"),
  CrossBackupSetFile: mostly("a.zip", "a.xb", undefined),
  CrossBackupSetSize: mostly(5, "5", 0, undefined),
  CrossBackupRegion: mostly("cn-shanghai", "cn-beijing", undefined),
  RestoreRegions: mostly(
    { RestoreRegion: ["cn-shanghai", "cn-hangzhou"] },
    { RestoreRegion: ['"cn-hangzhou", "cn-shanghai"'] },
    { RestoreRegion: "cn-hangzhou" },
    {},
  ),
});
const records = rows.map(parseCrossRegionBackup);
const criteria: fc.Arbitrary<SelectionCriteria> = fc.record(
  {
    crossBackupRegion: fc.constant("cn-shanghai"),
    restoreRegion: fc.constantFrom("cn-shanghai", "cn-hangzhou"),
    notAfter: fc.constantFrom("2024-03-05T02:15:00Z", "2024-03-05T23:00:00Z"),
  },
  { requiredKeys: [] },
);

describe("whatever the records", () => {
  test("their order and their duplicates change nothing", () => {
    const listings = fc.array(records, { maxLength: 12 }).chain((all) =>
      fc
        .subarray(all)
        .chain((some) => fc.shuffledSubarray([...all, ...some], { minLength: all.length + some.length }))
        .map((shuffled) => ({ all, shuffled })),
    );
    fc.assert(
      fc.property(listings, criteria, ({ all, shuffled }, wanted) => {
        expect(selectLatest(shuffled, wanted, now)).toEqual(selectLatest(all, wanted, now));
      }),
      { numRuns: 300 },
    );
  });

  test("the winner is one of them and no copy of it is rejected", () => {
    fc.assert(
      fc.property(fc.array(records, { maxLength: 12 }), criteria, (all, wanted) => {
        const { backup, rejected } = selectLatest(all, wanted, now);
        if (backup === undefined) {
          return;
        }
        const copies = all.filter(({ crossBackupId }) => crossBackupId === backup.crossBackupId);
        expect(copies.length).toBeGreaterThan(0);
        expect(copies.map((copy) => rejectionOf(copy, wanted, now))).toEqual(copies.map(() => undefined));
        expect(rejected.map(({ crossBackupId }) => crossBackupId)).not.toContain(backup.crossBackupId);
      }),
      { numRuns: 300 },
    );
  });

  test("it wins that a plain search picks", () => {
    let [found, tried] = [0, 0];
    fc.assert(
      fc.property(fc.array(records, { maxLength: 12 }), criteria, (all, wanted) => {
        const picked = naivePick(all, wanted);
        tried += 1;
        found += picked === undefined ? 0 : 1;
        const { backup } = selectLatest(all, wanted, now);
        expect(backup && [backup.crossBackupId, backup.dataTime]).toEqual(picked);
      }),
      { numRuns: 500 },
    );
    expect(found / tried).toBeGreaterThan(0.15);
  });

  test("nothing is thrown, for any JSON in the list", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), rows)), criteria, (items, wanted) => {
        const { backup, rejected } = selectLatest(items.map(parseCrossRegionBackup), wanted, now);
        expect(rejected.length + (backup === undefined ? 0 : 1)).toBeLessThanOrEqual(items.length);
      }),
    );
  });
});

/** The selection once more, as simple as can be: id and data time of the best backup with only good copies. */
function naivePick(
  all: readonly CrossRegionBackupRecord[],
  { crossBackupRegion, restoreRegion, notAfter }: SelectionCriteria,
): [string, string] | undefined {
  const dataTime = (r: CrossRegionBackupRecord): string => {
    const { backupStartTime: start = "", backupEndTime: end, consistentTime: at } = r;
    return end !== undefined && at !== undefined && at >= start && at <= end ? at : start;
  };
  const isGood = (r: CrossRegionBackupRecord): boolean =>
    r.backupType === "F" &&
    r.backupMethod !== "L" &&
    r.backupSetScale !== 1 &&
    (r.backupSetStatus === 0 ||
      (r.backupSetStatus === undefined &&
        r.backupEndTime !== undefined &&
        r.crossBackupSetFile !== undefined &&
        r.crossBackupSetSize !== 0)) &&
    r.crossBackupId !== undefined &&
    r.crossBackupId !== "0" &&
    (r.engine !== "mssql" || r.crossBackupSetFile?.endsWith(".zip") === true) &&
    (crossBackupRegion === undefined || (r.crossBackupRegion ?? crossBackupRegion) === crossBackupRegion) &&
    r.restoreRegions.length > 0 &&
    (restoreRegion === undefined || r.restoreRegions.includes(restoreRegion)) &&
    r.backupStartTime !== undefined &&
    r.backupStartTime <= "2024-03-10T13:00:00Z" &&
    !r.unreadable.some(({ field }) => field === "BackupEndTime") &&
    (notAfter === undefined || dataTime(r) <= notAfter);

  const ids = [...new Set(all.map((r) => r.crossBackupId ?? "0"))].filter((id) => id !== "0");
  const best = ids
    .map((id) => all.filter((r) => r.crossBackupId === id))
    .filter((copies) => copies.every(isGood))
    .map((copies) => {
      const worst = copies.map((r) => `${dataTime(r)} ${r.backupEndTime ?? ""}`).sort()[0] ?? "";
      return { id: copies[0]?.crossBackupId ?? "", worst };
    })
    .sort((a, b) => (a.worst === b.worst ? (BigInt(a.id) < BigInt(b.id) ? -1 : 1) : a.worst < b.worst ? -1 : 1))
    .at(-1);
  return best && [best.id, best.worst.split(" ")[0] ?? ""];
}
