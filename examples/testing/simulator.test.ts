import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Testing } from "cdktf";
import { type StartedWorld, startWorld } from "cdktf-alicloud-rds-dr/testing";
import { orders, RecoveryStack } from "./recovery-stack";

const { dbInstanceId, regionId } = orders;
let world: StartedWorld<"orders">;

before(async () => {
  const failed = { CrossBackupId: 7, BackupStartTime: "now-1h", ConsistentTime: "now-1h", BackupSetStatus: 1 };
  world = await startWorld({ orders: { dbInstanceId, regionId, backupHoursAgo: [2, 26], records: [failed] } });
  Object.assign(process.env, world.environment);
});

after(() => world.stop());

const synthesise = (): string => Testing.synth(new RecoveryStack(Testing.app(), "dr"));

test("restores the latest backup that did not fail", () => {
  const [newest] = world.instances.orders.crossBackupIds;

  assert.ok(Testing.toHaveResourceWithProperties(synthesise(), "alicloud_rds_ddr_instance", { backup_set_id: newest }));
});

test("survives an API that throttles twice, and asks again", async () => {
  await world.injectFault({ kind: "throttling", times: 2 });

  synthesise();

  const hit = (await world.simulator.requests()).filter(({ fault }) => fault !== undefined);
  assert.equal(hit.length, 2);
});
