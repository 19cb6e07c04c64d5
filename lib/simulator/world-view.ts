import type { CreatedInstances } from "./created-instances";
import { listedRecords } from "./listed-records";
import type { Parameters } from "./parameters";
import { refusal } from "./rpc-error";
import type { World, WorldInstance, WorldRecord } from "./world";
import { idOf } from "./world-records";

const usualRegions: readonly string[] = [
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-southeast-3",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "cn-beijing",
  "cn-chengdu",
  "cn-fuzhou",
  "cn-guangzhou",
  "cn-hangzhou",
  "cn-hangzhou-finance",
  "cn-heyuan",
  "cn-hongkong",
  "cn-huhehaote",
  "cn-nanjing",
  "cn-north-2-gov-1",
  "cn-qingdao",
  "cn-shanghai",
  "cn-shanghai-finance-1",
  "cn-shenzhen",
  "cn-shenzhen-finance-1",
  "cn-wuhan-lr",
  "cn-wulanchabu",
  "cn-zhangjiakou",
  "cn-zhengzhou-jva",
  "eu-central-1",
  "eu-west-1",
  "me-central-1",
  "me-east-1",
  "us-east-1",
  "us-west-1",
];

/** A backup and the instance it is of. */
export interface FoundBackup {
  readonly instance: WorldInstance;
  readonly backup: WorldRecord;
}

/** The instances of a region. */
interface Region {
  readonly all: WorldInstance[];
  readonly byId: Map<string, WorldInstance>;
}

// A world never changes. To look through fifty thousand instances for each request would take most of its time.
const indexes = new WeakMap<World, ReadonlyMap<string, Region>>();

/** The regions of a world, by their ids. Of instances with the same id, the first one counts. */
function indexOf(world: World): ReadonlyMap<string, Region> {
  const known = indexes.get(world);
  if (known !== undefined) {
    return known;
  }
  const regions = new Map<string, Region>();
  for (const instance of world.instances) {
    const { regionId, dbInstanceId } = instance;
    const region = regions.get(regionId) ?? { all: [], byId: new Map<string, WorldInstance>() };
    regions.set(regionId, region);
    region.all.push(instance);
    if (!region.byId.has(dbInstanceId)) {
      region.byId.set(dbInstanceId, instance);
    }
  }
  indexes.set(world, regions);
  return regions;
}

/** A world at the instant of one request; its finders throw the refusal that the cloud would give. */
export class WorldView {
  constructor(
    readonly world: World,
    readonly now: Date,
    readonly created: CreatedInstances,
  ) {}

  /** The region that a parameter names; InvalidRegion.Format when there is no such region. */
  region(parameters: Parameters, name = "RegionId"): string {
    const regionId = parameters.required(name);
    const regions = [...usualRegions, ...(this.world.regions ?? [])];
    const isKnown = regions.includes(regionId) || this.instancesIn(regionId).length > 0;
    if (!isKnown) {
      throw refusal("InvalidRegion.Format", regionId);
    }
    return regionId;
  }

  /** As `region`, for calls about backups: CrossBackupNotSupport if the region has none. */
  sourceRegion(parameters: Parameters): string {
    const regionId = this.region(parameters);
    if (this.world.regionsWithoutCrossBackup?.includes(regionId) === true) {
      throw refusal("CrossBackupNotSupport", regionId);
    }
    return regionId;
  }

  /** Every instance of a region, in the world's order. */
  instancesIn(regionId: string): readonly WorldInstance[] {
    return indexOf(this.world).get(regionId)?.all ?? [];
  }

  /** An instance of a region; undefined when it is not there. */
  instanceIn(regionId: string, dbInstanceId: string): WorldInstance | undefined {
    return indexOf(this.world).get(regionId)?.byId.get(dbInstanceId);
  }

  /** An instance of a region; InvalidDBInstance.NotFound when it is not there, even if another region has it. */
  instance(regionId: string, dbInstanceId: string): WorldInstance {
    const found = this.instanceIn(regionId, dbInstanceId);
    if (found === undefined) {
      throw refusal("InvalidDBInstance.NotFound", dbInstanceId);
    }
    return found;
  }

  /** The backups of an instance, in the world's order. */
  backups({ backups, backupDefaults }: WorldInstance): readonly WorldRecord[] {
    const { order } = this.world;
    const list = { records: backups, defaults: backupDefaults, startField: "BackupStartTime", order };
    return listedRecords(list, this.now);
  }

  /** The log backups of an instance, in the world's order. */
  logs({ logs, logDefaults }: WorldInstance): readonly WorldRecord[] {
    const { order } = this.world;
    return listedRecords({ records: logs, defaults: logDefaults, startField: "LogBeginTime", order }, this.now);
  }

  /** The backup with an id, of those instances only; InvalidBackupSet when there is none. */
  findBackup(crossBackupId: string, instances: Iterable<WorldInstance> = this.world.instances): FoundBackup {
    for (const instance of instances) {
      const backup = this.backups(instance).find((record) => idOf(record, "CrossBackupId") === crossBackupId);
      if (backup !== undefined) {
        return { instance, backup };
      }
    }
    throw refusal("InvalidBackupSet", crossBackupId);
  }
}
