import { Construct, type IConstruct } from "constructs";
import { snakeCaseFacts } from "../backup/record-fields";
import type { RestorableBackup } from "../backup/restorable-backup";
import { checkFramework } from "../synthesis/check-framework";
import { addOutputs, type OutputOptions } from "../synthesis/outputs";
import type { RestorePreflight } from "./lookup-props";

/**
 * A cross-region backup of an ApsaraDB RDS instance, whatever its source. Every attribute is a token or a plain value:
 * pass it on unmodified.
 */
export interface ICrossRegionBackup extends IConstruct {
  /** Id of the cross-region backup file, a string of digits: the `backup_set_id` of a restore. */
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
   * The first point in time to which the backup and its logs can be restored, `yyyy-MM-ddTHH:mm:ssZ` in UTC. It is
   * `dataTime`, or later if that is estimated or RDS says so. It is known if `recoverableUntil` is known. If it is after
   * `recoverableUntil`, no such point is known.
   */
  readonly recoverableFrom: string;
  /**
   * The last point in time to which the backup and its logs can be restored, `yyyy-MM-ddTHH:mm:ssZ` in UTC. Only a source
   * that was asked for it knows it, such as a lookup with `recoveryWindow`.
   */
  readonly recoverableUntil: string;
  /** When the backup started, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
  readonly backupStartTime: string;
  /** When the cross-region file was complete, `yyyy-MM-ddTHH:mm:ssZ` in UTC. */
  readonly backupEndTime: string;
  /** Region that stores the file. */
  readonly crossBackupRegion: string;
  /** Name of the file. */
  readonly crossBackupSetFile: string;
  /** Size of the compressed file, bytes; the data needs more. */
  readonly crossBackupSetSize: number;
  /** Engine as the record spells it, such as `mysql` or `mssql`. */
  readonly engine: string;
  /** Version of the engine, such as `8.0` or `2022_web`. */
  readonly engineVersion: string;
  /** Edition of the source instance: `Basic`, `HighAvailability` or `Finance`. */
  readonly category: string;
  /** Storage type of the source instance as the record spells it, such as `ssd` or `ecs`. */
  readonly dbInstanceStorageType: string;
}

/** What a source knows of its backup: the whole record of a lookup, or what the user gave. */
export type BackupFacts = Partial<RestorableBackup> & {
  readonly dbInstanceId?: string;
  readonly regionId?: string;
};

/** The facts that every source gives. */
export type SharedFact = Exclude<keyof ICrossRegionBackup, keyof IConstruct> & keyof BackupFacts;

/** The facts that are text. */
export type TextFact = {
  [Name in keyof Required<BackupFacts>]: Required<BackupFacts>[Name] extends string ? Name : never;
}[keyof BackupFacts];

/** How a source gives its facts as values of a synthesis. */
export interface FactReader {
  text(name: TextFact): string;
  number(name: "crossBackupSetSize"): number;
  list(name: "restoreRegions"): string[];
}

/** The value of an output: what `choose` makes of all facts, once they are known. */
export type OutputOf = (choose: (facts: BackupFacts) => unknown) => unknown;

/** Makes one token for each fact, so that two reads of a fact are equal. */
export function oneTokenEach(newToken: (name: TextFact) => string): (name: TextFact) => string {
  const tokens = new Map<TextFact, string>();
  return (name) => {
    const token = tokens.get(name) ?? newToken(name);
    tokens.set(name, token);
    return token;
  };
}

/** The facts of a source that the synthesis knows. */
export interface KnownFacts {
  /** The source instance, before any lookup has settled, as far as the code says it. */
  readonly instance: Pick<BackupFacts, "dbInstanceId" | "regionId">;
  /** Whether the backup may be one that no region but that of its source can restore. */
  readonly isForAnyRegion: boolean;
  /** The instance that the backup was accepted for; undefined without a preflight. */
  readonly preflight: (RestorePreflight & { readonly regionId: string }) | undefined;
  /** Throws if the source knows now that it lacks some of these facts; one error names all of them. */
  require(names: readonly SharedFact[]): void;
  /** Text made of the facts. */
  text(name: string, read: (facts: BackupFacts) => string | undefined): string;
  /** All of them, once the lookups have settled; undefined if there is no backup to use. */
  all(): BackupFacts | undefined;
}

/** Other copies of this package, whose classes are others, share it. */
const mark = Symbol.for("cdktf-alicloud-rds-dr.CrossRegionBackup");

/**
 * What all cross-region backups of this package have in common: attributes and outputs. To make one, use
 * `LatestCrossRegionBackup` or one of its `from…` methods.
 *
 * @example
 * import { TerraformLocal, type TerraformStack } from "cdktf";
 * import type { CrossRegionBackup } from "cdktf-alicloud-rds-dr";
 *
 * export function showDataTime(stack: TerraformStack, backup: CrossRegionBackup): void {
 *   new TerraformLocal(stack, "data_time", backup.dataTime);
 * }
 */
export abstract class CrossRegionBackup extends Construct implements ICrossRegionBackup {
  /**
   * Whether a value is a source of this package, of whatever copy.
   *
   * @internal
   */
  static _is(value: object): value is CrossRegionBackup {
    return mark in value;
  }

  /** @internal */
  protected abstract readonly _reader: FactReader;

  /**
   * Undefined if nothing is known before Terraform runs.
   *
   * @internal
   */
  abstract readonly _known: KnownFacts | undefined;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    checkFramework(this);
    Object.defineProperty(this, mark, { value: true });
  }

  get crossBackupId(): string {
    return this._reader.text("crossBackupId");
  }

  get restoreRegions(): string[] {
    return this._reader.list("restoreRegions");
  }

  get dbInstanceId(): string {
    return this._reader.text("dbInstanceId");
  }

  get regionId(): string {
    return this._reader.text("regionId");
  }

  get dataTime(): string {
    return this._reader.text("dataTime");
  }

  get recoverableFrom(): string {
    return this._reader.text("recoverableFrom");
  }

  get recoverableUntil(): string {
    return this._reader.text("recoverableUntil");
  }

  get backupStartTime(): string {
    return this._reader.text("backupStartTime");
  }

  get backupEndTime(): string {
    return this._reader.text("backupEndTime");
  }

  get crossBackupRegion(): string {
    return this._reader.text("crossBackupRegion");
  }

  get crossBackupSetFile(): string {
    return this._reader.text("crossBackupSetFile");
  }

  get crossBackupSetSize(): number {
    return this._reader.number("crossBackupSetSize");
  }

  get engine(): string {
    return this._reader.text("engine");
  }

  get engineVersion(): string {
    return this._reader.text("engineVersion");
  }

  get category(): string {
    return this._reader.text("category");
  }

  get dbInstanceStorageType(): string {
    return this._reader.text("dbInstanceStorageType");
  }

  /**
   * Adds the outputs; called once, at the end of a constructor.
   *
   * @internal
   */
  protected _addOutputs(options: OutputOptions, outputOf: OutputOf): void {
    const otherFacts = ({ crossBackupId, restoreRegions, ...others }: BackupFacts) => snakeCaseFacts(others);
    addOutputs(this, options, [
      ["cross_backup_id", "Id of the cross-region backup to restore from", outputOf((facts) => facts.crossBackupId)],
      [
        "restore_regions",
        "Regions to which the cross-region backup can be restored",
        outputOf((facts) => facts.restoreRegions),
      ],
      ["backup", "The other facts of the cross-region backup", outputOf(otherFacts)],
    ]);
  }
}
