import type { WorldInstance, WorldRecord } from "./world";
import { recordsAt, sentFields } from "./world-records";
import type { WorldView } from "./world-view";

/** Instances of the world are older than any restore. */
const createTime = "2023-11-02T03:10:22Z";

/**
 * The instances of a region as DescribeDBInstances and DescribeDBInstanceAttribute have them: those that were created,
 * newest first, then those of the world.
 *
 * @param isOnlyListed whether those are left out that are not listed yet
 */
export function instanceRows(view: WorldView, regionId: string, isOnlyListed: boolean): readonly WorldRecord[] {
  const created = view.created
    .rows(view.world.restores ?? {}, isOnlyListed)
    .filter(({ RegionId: region }) => region === regionId);
  return [...created, ...worldRows(view.instancesIn(regionId), view.now)];
}

// The pages of one list come within a second: fifty thousand rows need not be written out for each of them.
const memos = new WeakMap<
  readonly WorldInstance[],
  { readonly second: number; readonly rows: readonly WorldRecord[] }
>();

function worldRows(instances: readonly WorldInstance[], now: Date): readonly WorldRecord[] {
  const second = Math.floor(now.getTime() / 1000);
  const memo = memos.get(instances);
  if (memo?.second === second) {
    return memo.rows;
  }
  const rows = instances.map((instance) => rowOf(instance, now));
  memos.set(instances, { second, rows });
  return rows;
}

function rowOf(instance: WorldInstance, now: Date): WorldRecord {
  const { policy = {} } = instance;
  const usual = {
    DBInstanceId: instance.dbInstanceId,
    DBInstanceDescription: policy["DBInstanceDescription"] ?? instance.dbInstanceId,
    DBInstanceStatus: policy["DBInstanceStatus"] ?? "Running",
    DBInstanceType: "Primary",
    RegionId: instance.regionId,
    ZoneId: `${instance.regionId}-b`,
    Engine: instance.engine,
    EngineVersion: instance.engineVersion,
    CreateTime: createTime,
    DBInstanceStorage: 100,
    DBInstanceStorageType: instance.localDisks === true ? "local_ssd" : "cloud_essd",
    PayType: "Postpaid",
    ResourceGroupId: instance.resourceGroupId ?? "rg-default",
    LockMode: "Unlock",
  };
  const [row = {}] = recordsAt(now, [instance.attributes ?? {}], usual);
  return sentFields(row);
}
