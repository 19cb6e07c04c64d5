import type { IConstruct } from "constructs";

/**
 * A cross-region backup of an ApsaraDB RDS instance, wherever it is known from. Every attribute is a token or
 * a plain value, to be passed on as a whole.
 */
export interface ICrossRegionBackup extends IConstruct {
  /** Id of the cross-region backup file, a string of digits: `backup_set_id` of a restore. */
  readonly crossBackupId: string;
  /** Regions to which the backup can be restored. */
  readonly restoreRegions: string[];
  /** Id of the source instance. */
  readonly dbInstanceId: string;
  /** Region of the source instance. */
  readonly regionId: string;
  /** The point to which a restore brings the data, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
  readonly dataTime: string;
  /**
   * The first point in time to which the backup and the logs after it can be restored, `yyyy-MM-ddTHH:mm:ssZ` in UTC:
   * `dataTime`, or a later one where that is estimated, or RDS reports so; known where `recoverableUntil` is. After
   * that where there is no such point.
   */
  readonly recoverableFrom: string;
  /**
   * The last point in time to which the backup and the logs after it can be restored, `yyyy-MM-ddTHH:mm:ssZ` in
   * UTC; known only where the source was asked for it, such as a lookup with `recoveryWindow`.
   */
  readonly recoverableUntil: string;
  /** When the backup started, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
  readonly backupStartTime: string;
  /** When the cross-region file was complete, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
  readonly backupEndTime: string;
  /** Region in which the file is stored. */
  readonly crossBackupRegion: string;
  /** Name of the file. */
  readonly crossBackupSetFile: string;
  /** Size of the compressed file, bytes; the data needs more. */
  readonly crossBackupSetSize: number;
  /** Engine, in the spelling of the record, such as `mysql` or `mssql`. */
  readonly engine: string;
  /** Version of the engine, such as `8.0` or `2022_web`. */
  readonly engineVersion: string;
  /** Edition of the source instance: `Basic`, `HighAvailability` or `Finance`. */
  readonly category: string;
  /** Storage type of the source instance, in the spelling of the record, such as `ssd` or `ecs`. */
  readonly dbInstanceStorageType: string;
}
