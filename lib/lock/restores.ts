import type { Instant } from "../backup/instant";
import type { CreateDdrInstanceParameters } from "../rds-api/actions/create-ddr-instance";

/** What is known of one restore that `rds-dr restore` makes. */
export interface LockedRestore {
  /** What is asked of RDS, written before it is asked. A later run asks for the same, to the letter. */
  readonly intent?: RestoreIntent;
  /** The instance, once it is known. */
  readonly instance?: RestoredInstance;
}

/** A request to create an instance, as it is sent. It never contains a credential. */
export interface RestoreIntent {
  /** When it was first written. */
  readonly at: Instant;
  /** The parameters of CreateDdrInstance, with the token by which RDS knows a request that it got before. */
  readonly parameters: CreateDdrInstanceParameters;
  /** The account whose credentials ask, if that is known. */
  readonly accountId?: string;
  /** The endpoint that is asked, if that is not Alibaba's own. */
  readonly endpoint?: string;
}

/** An instance that was restored. What is absent is not known. */
export interface RestoredInstance {
  readonly dbInstanceId: string;
  /** When this entry was written. */
  readonly at: Instant;
  /** The backup that it was restored from. */
  readonly crossBackupId?: string;
  /** The point in time that it was restored to. */
  readonly restoreTime?: Instant;
  readonly zoneId?: string;
  readonly accountId?: string;
  /** The endpoint that knows it, if that is not Alibaba's own. */
  readonly endpoint?: string;
  /** When RDS says that it was created. */
  readonly createdAt?: Instant;
}

/** Restores by their keys. */
export type LockedRestores = Readonly<Record<string, LockedRestore>>;

/** The code alone decides which restore is which: nothing of the backup, and nothing of the size. */
export interface RestoreSubject {
  /** Path of the construct. */
  readonly path: string;
  /** Id of the source instance. */
  readonly dbInstanceId: string;
  /** Region of the source instance. */
  readonly regionId: string;
  readonly restoreRegion: string;
  readonly generation: number;
}

/** Readable text that names a restore, such as `dr/ledger-dr dbInstanceId=pgm-1 regionId=cn-beijing …`. */
export function restoreKey({ path, ...others }: RestoreSubject): string {
  const { dbInstanceId, regionId, restoreRegion, generation } = others;
  return `${path} dbInstanceId=${dbInstanceId} regionId=${regionId} restoreRegion=${restoreRegion} generation=${generation}`;
}

/** The locked restore of a key, if any. */
export function restoreOf(restores: LockedRestores, key: string): LockedRestore | undefined {
  return Object.hasOwn(restores, key) ? restores[key] : undefined;
}

/** A restore that an app declares, as JSON carries it to the command that makes it. */
export interface DeclaredRestore {
  readonly key: string;
  /** Path of the construct. */
  readonly path: string;
  /** Id of the source instance. */
  readonly sourceDbInstanceId: string;
  /** Region of the restored instance. */
  readonly regionId: string;
  /** How long the restore may take, hours. */
  readonly timeoutHours: number;
  /** What RDS is to be asked for; absent if the lock file knows the instance. */
  readonly request?: RestoreRequest;
}

/** What RDS is to be asked for. */
export interface RestoreRequest {
  /** As in an intent. */
  readonly parameters: CreateDdrInstanceParameters;
  /** The backup that the restore begins with: also one to a point in time has it. */
  readonly crossBackupId: string;
  /** The point to which that backup brings the data, if it is known. */
  readonly dataTime?: Instant;
}
