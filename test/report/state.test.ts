import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { InstanceState, type StateFacts, stateOf } from "../../lib/report/state";

const now = "2026-03-05T12:00:00Z";

/** An instance of which everything is well. */
const well: StateFacts = {
  now,
  objectiveHours: 26,
  isCopied: true,
  isHalfListed: false,
  backup: backupOf("2026-03-05T02:00:00Z"),
  backupEnabled: true,
  expiresAt: "2026-04-04T02:00:00Z",
};

function backupOf(dataTime: string): NonNullable<StateFacts["backup"]> {
  return { crossBackupId: "1", dataTime, dataTimeEstimated: false, restoreRegions: ["cn-shanghai"], unreadable: [] };
}

function failureOf(code: string, kind: ErrorKind, message = `${code} it is\n  with an example`) {
  return { code, kind, message, hint: "act" };
}

const outage = failureOf("ETIMEDOUT", ErrorKind.TRANSIENT);
const denied = failureOf("Forbidden.RAM", ErrorKind.ACCESS);
const none = { backup: undefined, failure: failureOf("NoValidBackup", ErrorKind.NOT_FOUND) };

test.each<[string, Partial<StateFacts>, InstanceState, string, string]>([
  [
    "all is well",
    {},
    InstanceState.READY,
    "within-objective",
    "2026-03-05T02:00:00Z, within the objective of 26 hours",
  ],
  [
    "the data is exactly as old as it may be",
    { objectiveHours: 10 },
    InstanceState.READY,
    "within-objective",
    "10 hours",
  ],
  ["it is not known whether it is copied", { backupEnabled: undefined }, InstanceState.READY, "within-objective", ""],
  ["it is not known when the copy expires", { expiresAt: undefined }, InstanceState.READY, "within-objective", ""],
  [
    "the data is a second older",
    { backup: backupOf("2026-03-04T09:59:59Z") },
    InstanceState.AT_RISK,
    "too-old",
    "of 2026-03-04T09:59:59Z, which is more than 26 hours ago",
  ],
  ["an hour is the objective", { objectiveHours: 1 }, InstanceState.AT_RISK, "too-old", "more than 1 hour ago"],
  [
    "copying is off",
    { backupEnabled: false },
    InstanceState.AT_RISK,
    "copying-off",
    "no newer one comes, and this one expires at 2026-04-04",
  ],
  [
    "copying is off, and nobody knows the expiry",
    { backupEnabled: false, expiresAt: undefined },
    InstanceState.AT_RISK,
    "copying-off",
    "no newer one comes",
  ],
  [
    "the copy expires before the next one is due",
    { expiresAt: "2026-03-06T03:59:59Z" },
    InstanceState.AT_RISK,
    "expires-early",
    "expires at 2026-03-06T03:59:59Z, but the next one may come as late as 2026-03-06T04:00:00Z",
  ],
  [
    "the copy expires as the next one is due",
    { expiresAt: "2026-03-06T04:00:00Z" },
    InstanceState.READY,
    "within-objective",
    "",
  ],
  ["there is no valid backup", none, InstanceState.NOT_RESTORABLE, "no-valid-backup", "NoValidBackup it is"],
  [
    "the region refuses every backup",
    { ...none, failure: failureOf("PreflightRefused", ErrorKind.UNSUPPORTED) },
    InstanceState.NOT_RESTORABLE,
    "no-valid-backup",
    "PreflightRefused",
  ],
  [
    "the locked backup is gone",
    { ...none, failure: failureOf("LockedGone", ErrorKind.NOT_FOUND) },
    InstanceState.NOT_RESTORABLE,
    "no-valid-backup",
    "LockedGone",
  ],
  [
    "no backup is valid",
    { ...none, rejections: "2 not-full" },
    InstanceState.NOT_RESTORABLE,
    "no-valid-backup",
    "no backup of it can be restored: 2 not-full",
  ],
  [
    "RDS has no copies",
    { isCopied: false, backup: undefined },
    InstanceState.UNPROTECTED,
    "not-copied",
    "RDS copies none",
  ],
  ["there is an outage", { backup: undefined, failure: outage }, InstanceState.UNKNOWN, "no-answer", "ETIMEDOUT"],
  [
    "a locked backup takes the place of an outage",
    { failure: outage },
    InstanceState.UNKNOWN,
    "no-answer",
    "ETIMEDOUT",
  ],
  ["access is denied", { backup: undefined, failure: denied }, InstanceState.UNKNOWN, "no-answer", "Forbidden.RAM"],
  [
    "the instance is gone",
    { backup: undefined, failure: failureOf("InvalidDBInstanceId.NotFound", ErrorKind.NOT_FOUND) },
    InstanceState.UNKNOWN,
    "no-answer",
    "",
  ],
  [
    "nothing is locked",
    { backup: undefined, failure: failureOf("NotLocked", ErrorKind.MISUSE) },
    InstanceState.UNKNOWN,
    "no-answer",
    "NotLocked",
  ],
  ["the list is not whole", { isHalfListed: true }, InstanceState.UNKNOWN, "half-listed", "not complete"],
  [
    "the list is not whole, and has no valid backup",
    { ...none, isHalfListed: true },
    InstanceState.UNKNOWN,
    "half-listed",
    "",
  ],
  [
    "it may not be known whether it is copied",
    { copyingFailure: denied },
    InstanceState.UNKNOWN,
    "copying-unknown",
    "nobody knows whether RDS still copies its backups: Forbidden.RAM it is",
  ],
  // What is known to be bad counts before what is not known.
  [
    "that, and the data is too old",
    { copyingFailure: denied, objectiveHours: 1 },
    InstanceState.AT_RISK,
    "too-old",
    "",
  ],
  [
    "that, and there is no valid backup",
    { ...none, copyingFailure: denied },
    InstanceState.NOT_RESTORABLE,
    "no-valid-backup",
    "",
  ],
])("if %s", (_, changes, state, reason, detail) => {
  const verdict = stateOf({ ...well, ...changes });

  expect(verdict).toMatchObject({ state, reason, detail: expect.stringContaining(detail) as string });
  expect(verdict.detail).not.toContain("\n");
  // Only what is unknown has something that stood in the way.
  expect(verdict.failure).toEqual(
    reason === "no-answer" ? changes.failure : reason === "copying-unknown" ? changes.copyingFailure : undefined,
  );
});
