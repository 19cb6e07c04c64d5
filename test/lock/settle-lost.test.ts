import type { CrossRegionBackupRecord } from "../../lib/backup/record-fields";
import { type LostRecord, reconcile, settleLost } from "../../lib/lock/reconcile";
import type { ListedAnswer } from "../../lib/lookup/answer";
import { type ListQuery, queryKey } from "../../lib/lookup/query";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { fullBackup, now, without } from "../backup/records";
import { failureOf, none, request } from "./locked-and-live";

const query: ListQuery = { kind: "list", request, connection: {} };

/** A record of this hour of 5 March. */
const recordOf = (crossBackupId: string, hour: number): CrossRegionBackupRecord =>
  fullBackup({ crossBackupId, backupStartTime: `2024-03-05T0${hour}:00:00Z` });
const listed = (...records: readonly CrossRegionBackupRecord[]): ListedAnswer => ({
  status: "listed",
  origin: "api",
  records,
});

const [oldest, newest] = [recordOf("100", 4), recordOf("200", 5)];

/** The list of now, weighed against these locked records. */
function weighed(live: ListedAnswer, locked: readonly CrossRegionBackupRecord[], acceptOlder = false) {
  const lock = { answers: { [queryKey(query)]: { backups: locked } }, place: "", remedy: "fill it" };
  return reconcile(query, live, lock, now, acceptOlder);
}

describe("a list", () => {
  test("has lost the newest locked record if all that it has is older", () => {
    expect(weighed(listed(oldest), [newest, oldest])).toEqual({
      status: "lost",
      query,
      live: listed(oldest),
      crossBackupId: "200",
      backupStartTime: "2024-03-05T05:00:00Z",
    });
    expect(weighed(listed(), [newest])).toMatchObject({ status: "lost", crossBackupId: "200" });
  });

  test.each<[string, readonly CrossRegionBackupRecord[]]>([
    ["has the newest locked record", [newest, oldest]],
    ["has one that started together with it", [recordOf("201", 5)]],
    ["has a newer one", [recordOf("300", 6)]],
  ])("counts if it %s", (_, records) => {
    expect(weighed(listed(...records), [newest, oldest])).toEqual(listed(...records));
  });

  test.each<[string, CrossRegionBackupRecord]>([
    ["has no id", without(newest, "crossBackupId")],
    ["has the id 0", recordOf("0", 5)],
    ["has no start", without(newest, "backupStartTime")],
  ])("counts if the only locked record that it lacks %s", (_, record) => {
    expect(weighed(listed(oldest), [record])).toEqual(listed(oldest));
  });

  test("counts without one that is known to be lost", () => {
    expect(weighed(listed(oldest), [newest, oldest], true)).toEqual(listed(oldest));
  });

  test("counts as it is if nothing is locked", () => {
    const lock = { answers: {}, place: "", remedy: "fill it" };
    expect(reconcile(query, listed(oldest), lock, now, false)).toEqual(listed(oldest));
    expect(reconcile(query, none, lock, now, false)).toEqual(none);
  });
});

describe("a list that has lost its newest record", () => {
  const lost: LostRecord = {
    status: "lost",
    query,
    live: listed(oldest),
    crossBackupId: "200",
    backupStartTime: "2024-03-05T05:00:00Z",
  };
  const finding =
    'the list of "rm-orders" of cn-hangzhou has lost its newest record, 200 (started 2024-03-05T05:00:00Z)';
  const keeps = 'the locked list is kept; "npx rds-dr refresh --accept-older" takes the new one';

  test.each<[string, ListedAnswer]>([
    ["no record", listed()],
    ["other records alone", listed(oldest, recordOf("201", 5))],
  ])("counts if RDS has %s of this id", (_, byId) => {
    expect(settleLost(lost, byId)).toEqual({
      ...lost.live,
      warnings: [`${finding}, and RDS has none of this id: the list of RDS counts, and "npx rds-dr refresh" locks it`],
    });
  });

  test("is incomplete if RDS still has the record", () => {
    for (const byId of [listed(newest), listed(oldest, newest)]) {
      expect(settleLost(lost, byId)).toEqual({
        ...lost.live,
        warnings: [`${finding}: ${keeps}`],
        isIncomplete: true,
      });
    }
  });

  test("is incomplete if RDS does not say", () => {
    const error = failureOf(ErrorKind.TRANSIENT);

    expect(settleLost(lost, { status: "error", error })).toEqual({
      ...lost.live,
      warnings: [`${finding}, and RDS did not say (TheCode) whether it is still there: ${keeps}`],
      isIncomplete: true,
    });
  });
});
