import type { RestorableBackup } from "../../lib/backup/restorable-backup";
import type { Rejection } from "../../lib/backup/validity";
import type { FoundAnswer } from "../../lib/lookup/answer";
import { checkSubstitute } from "../../lib/lookup/by-id";
import { type Check, Preflight } from "../../lib/lookup/preflight";
import { fullBackup } from "../backup/records";
import { latest } from "./queries";

const restore = { regionId: "cn-shanghai", dbInstanceClass: "rds.mysql.s3.large", dbInstanceStorage: 100 };
const { regionId: restoreRegion, ...instance } = restore;
const query = latest({ restoreRegion, ...instance });

function backupOf(crossBackupId: string, changes: Partial<RestorableBackup> = {}): RestorableBackup {
  return {
    ...fullBackup(),
    ...{ crossBackupId, dataTime: "2024-03-05T02:22:54Z", dataTimeEstimated: false },
    ...changes,
  };
}

const rejected: readonly Rejection[] = [
  { crossBackupId: "103", reason: "preflight-refused", detail: "x" },
  { crossBackupId: "100", reason: "not-full", detail: "y" },
];
const live: FoundAnswer = {
  status: "found",
  origin: "api",
  backup: backupOf("101"),
  rejected,
  warnings: ["of 103"],
};

/** A preflight that accepts these backups, and says a plain no to all others. */
function accepting(...ids: readonly string[]): Preflight {
  const check: Check = (_, { backupSetId }) => Promise.resolve(ids.includes(backupSetId));
  return new Preflight(query, restore, check);
}

test("a backup that is accepted may be used as a substitute", async () => {
  const backup = backupOf("102");

  expect(await checkSubstitute(accepting("101", "102"), backup, live)).toEqual({ status: "valid", backup });
});

test("the answer that counts in place of a refused one names what was refused before as well", async () => {
  expect(await checkSubstitute(accepting("101"), backupOf("102"), live)).toEqual({
    status: "refused",
    instead: {
      status: "found",
      origin: "api",
      backup: live.backup,
      rejected: [expect.objectContaining({ crossBackupId: "102", reason: "preflight-refused" }), ...rejected],
      warnings: [expect.stringMatching(/refused 102 .+; the older 101 \(.+\) takes its place$/), "of 103"],
    },
  });
});

test("a plain no is an error if the listed one is on cloud disks, which no preflight can check", async () => {
  const onCloudDisks = { ...live, backup: backupOf("101", { dbInstanceStorageType: "cloud_essd" }) };

  expect(await checkSubstitute(accepting(), backupOf("102"), onCloudDisks)).toMatchObject({
    status: "refused",
    instead: { status: "error", error: { code: "PreflightRefused" } },
  });
});
