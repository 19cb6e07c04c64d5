import { type Rejection } from "../../lib/backup/validity";
import { outcomeOf } from "../../lib/lookup/age-limit";
import type { FoundAnswer } from "../../lib/lookup/answer";
import { fullBackup, now } from "../backup/records";
import { instance } from "./queries";

const refused: Rejection = {
  crossBackupId: "15000",
  reason: "preflight-refused",
  detail: "the detail",
};
const notFull: Rejection = { crossBackupId: "14999", reason: "not-full", detail: "x" };

/** A backup whose data is a day old. */
function found(rejected: readonly Rejection[], changes: Partial<FoundAnswer> = {}): FoundAnswer {
  const backup = {
    ...fullBackup(),
    crossBackupId: "14562",
    dataTime: "2024-03-09T12:00:00Z",
    dataTimeEstimated: false,
  };
  return { status: "found", origin: "api", backup, rejected, warnings: ["of the answer"], ...changes };
}

test.each<[string, readonly Rejection[], number | undefined, boolean, boolean, boolean]>([
  ["a backup of any age", [], undefined, false, false, false],
  ["one that is young enough", [notFull], 25, false, false, false],
  ["one that is too old", [notFull], 23, false, true, true],
  ["one that is too old if that is fine", [notFull], 23, true, true, false],
  ["one in place of a refused one, of any age", [refused], undefined, false, false, false],
  ["one in place of a refused one, young enough", [notFull, refused], 25, false, false, false],
  ["one in place of a refused one, too old", [notFull, refused], 23, false, true, true],
  ["one in place of a refused one, too old, even if that is fine", [notFull, refused], 23, true, true, true],
])("%s is judged by its age", (_, rejected, maxAgeHours, staleIsFine, isStale, fails) => {
  const outcome = outcomeOf(instance, found(rejected), { maxAgeHours, staleIsFine }, now);

  expect(outcome).toMatchObject({ backup: { crossBackupId: "14562" }, rejected, isStale });
  expect(outcome.failure?.code).toBe(fails ? "BackupTooOld" : undefined);
});

test("that a backup in place of a refused one is too old is said so, with how it came to it", () => {
  const { failure } = outcomeOf(instance, found([refused]), { maxAgeHours: 23, staleIsFine: true }, now);

  expect(failure?.message).toBe(
    'the preflight refused 15000; of the others, the latest valid backup of "rm-uf6wjk5t8q2vz71ab" of cn-hangzhou, 14562, holds the data of 2024-03-09T12:00:00Z, which is more than maxAgeHours (23) ago\n  of the answer',
  );
  expect(failure?.hint).toMatch(/onStale "warn" does not accept/);
});

test.each(["pin", "placeholder"] as const)("a backup of the origin %s is used whatever its age", (origin) => {
  const outcome = outcomeOf(instance, found([refused], { origin }), { maxAgeHours: 23, staleIsFine: false }, now);

  expect(outcome.failure).toBeUndefined();
});
