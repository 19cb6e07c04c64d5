import { isDeepStrictEqual } from "node:util";
import { formatInstant } from "./relative-time";
import { refusal } from "./rpc-error";
import type { WorldRecord, WorldRestores } from "./world";

/** An instance that CreateDdrInstance created. */
export interface CreatedInstance {
  /** Its id. */
  readonly dbInstanceId: string;
  /** When it was created, in milliseconds since 1970. */
  readonly createdAtMs: number;
  /** The parameters it was created with. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The instances that were created, and the client tokens they were created with. */
export class CreatedInstances {
  private readonly instances: CreatedInstance[] = [];

  /** All of them, in the order of their creation. */
  get all(): readonly CreatedInstance[] {
    return this.instances;
  }

  /**
   * The instance that a client token stands for; undefined if the token is new, or forgotten.
   * IdempotentParameterMismatch if it came with other parameters.
   */
  ofToken(
    parameters: Readonly<Record<string, string>>,
    { tokenMemoryMs = Infinity }: WorldRestores,
  ): CreatedInstance | undefined {
    const { ClientToken: token } = parameters;
    const known = this.instances.findLast((each) => token !== undefined && each.parameters["ClientToken"] === token);
    if (known === undefined || Date.now() - known.createdAtMs >= tokenMemoryMs) {
      return undefined;
    }
    if (!isDeepStrictEqual(known.parameters, parameters)) {
      throw refusal("IdempotentParameterMismatch", "ClientToken");
    }
    return known;
  }

  /** Creates one more. */
  add(idPrefix: string, parameters: Readonly<Record<string, string>>): CreatedInstance {
    const number = String(this.instances.length + 1).padStart(6, "0");
    const instance = { dbInstanceId: `${idPrefix}-restored${number}`, createdAtMs: Date.now(), parameters };
    this.instances.push(instance);
    return instance;
  }

  /** The rows of those that are there now, newest first. */
  rows(restores: WorldRestores, isOnlyListed: boolean): readonly WorldRecord[] {
    const { goneAfterMs = Infinity, listedAfterMs = 0 } = restores;
    return this.instances
      .filter(({ createdAtMs }) => {
        const ageMs = Date.now() - createdAtMs;
        return ageMs < goneAfterMs && (!isOnlyListed || ageMs >= listedAfterMs);
      })
      .map((instance) => rowOf(instance, restores))
      .reverse();
  }
}

function rowOf({ dbInstanceId, createdAtMs, parameters }: CreatedInstance, restores: WorldRestores): WorldRecord {
  return {
    DBInstanceId: dbInstanceId,
    DBInstanceDescription: parameters["DBInstanceDescription"] ?? dbInstanceId,
    DBInstanceStatus: statusAt(Date.now() - createdAtMs, restores),
    DBInstanceType: "Primary",
    RegionId: parameters["RegionId"],
    ZoneId: parameters["ZoneId"],
    Engine: parameters["Engine"],
    EngineVersion: parameters["EngineVersion"],
    CreateTime: formatInstant(createdAtMs),
    DBInstanceClass: parameters["DBInstanceClass"],
    DBInstanceStorage: Number(parameters["DBInstanceStorage"] ?? "20"),
    DBInstanceStorageType: parameters["DBInstanceStorageType"] ?? "local_ssd",
    DBInstanceNetType: parameters["DBInstanceNetType"],
    InstanceNetworkType: parameters["InstanceNetworkType"] ?? "Classic",
    VpcId: parameters["VPCId"],
    VSwitchId: parameters["VSwitchId"],
    PayType: parameters["PayType"],
    ResourceGroupId: parameters["ResourceGroupId"] ?? "rg-default",
    LockMode: "Unlock",
  };
}

function statusAt(
  ageMs: number,
  { creationMs = 0, statuses = ["Creating"], finalStatus = "Running" }: WorldRestores,
): string {
  return ageMs >= creationMs
    ? finalStatus
    : (statuses[Math.floor((ageMs / creationMs) * statuses.length)] ?? finalStatus);
}
