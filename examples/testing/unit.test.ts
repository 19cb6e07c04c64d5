import assert from "node:assert/strict";
import { test } from "node:test";
import { Testing } from "cdktf";
import { TestAnswers } from "cdktf-alicloud-rds-dr/testing";
import { orders, RecoveryStack } from "./recovery-stack";

const mysql = { engine: "mysql", engineVersion: "8.0", dbInstanceStorageType: "local_ssd" };

/** The text of the stack, if the lookup finds a backup of this age. */
function synthesise(hoursAgo: number): string {
  const answers = new TestAnswers().latest(orders, { crossBackupId: "14562", hoursAgo, ...mysql });
  return Testing.synth(new RecoveryStack(Testing.app({ context: answers.toContext() }), "dr"));
}

test("restores the latest backup into the recovery region", () => {
  const restored = { backup_set_id: "14562", engine: "MySQL", engine_version: "8.0" };

  assert.ok(Testing.toHaveResourceWithProperties(synthesise(2), "alicloud_rds_ddr_instance", restored));
});

test("refuses a backup that is too old", () => {
  assert.throws(() => synthesise(27), { code: "BackupTooOld" });
});

test("refuses to synthesise without a backup", () => {
  const answers = new TestAnswers().noBackup(orders);

  const app = Testing.app({ context: answers.toContext() });

  assert.throws(() => Testing.synth(new RecoveryStack(app, "dr")), { code: "NoValidBackup" });
});
