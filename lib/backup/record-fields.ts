import { byteCount, digits, engineName, fileName, type Form, instant, integer, region, version, word } from "./forms";
import type { Instant } from "./instant";

/** What the API says of a cross-region backup file, apart from its id. Every field may be absent. */
export interface CrossRegionBackupFile {
  /** When the backup started. */
  readonly backupStartTime?: Instant;
  /** When the cross-region backup file was complete. */
  readonly backupEndTime?: Instant;
  /** The point in time that the data of the file stands for. */
  readonly consistentTime?: Instant;
  /** `F`: full; `I`: incremental. */
  readonly backupType?: string;
  /** `P`: physical; `L`: logical. */
  readonly backupMethod?: string;
  /** 0: successful; 1: failed; absent: not reported. */
  readonly backupSetStatus?: number;
  /** 0: of the whole instance; 1: of a single database. */
  readonly backupSetScale?: number;
  /** Edition of the instance: `Basic`, `HighAvailability`, `Finance`. */
  readonly category?: string;
  /** Region in which the file is stored. */
  readonly crossBackupRegion?: string;
  /** Name of the file. */
  readonly crossBackupSetFile?: string;
  /** Kind of store, such as `oss`. */
  readonly crossBackupSetLocation?: string;
  /** Size of the compressed file, bytes. */
  readonly crossBackupSetSize?: number;
  /** Storage type of the instance in the API's words: `ssd`, `local_ssd`, `ecs`, `cloud_essd`. */
  readonly dbInstanceStorageType?: string;
  /** Engine as the record spells it: `mysql`, `mssql`, `pgsql`. */
  readonly engine?: string;
  /** Engine version, such as `8.0` or `2022_web`. */
  readonly engineVersion?: string;
  /** `"1"` if metadata of single tables is at hand; only samples show this field. */
  readonly hasBackupTableMeta?: string;
  /** Internal id of the host instance that made the backup (a primary or a secondary), digits. */
  readonly instanceId?: string;
  /** Regions to which the file can be restored, sorted; empty if the record names none. */
  readonly restoreRegions: string[];
  /** Fields that contained something other than their type, with what they contained. */
  readonly unreadable: UnreadableField[];
}

/**
 * A row of DescribeCrossRegionBackups as the API returned it: every field of the page, and none of them is certain to
 * be there. Ids are strings of digits because they may outgrow 2^53.
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionbackups
 */
export interface CrossRegionBackupRecord extends CrossRegionBackupFile {
  /** Id of the cross-region backup file, digits; `"0"` is no usable id. */
  readonly crossBackupId?: string;
}

/** A record fresh from the API, with the one field that must not leave the process. */
export interface CrossRegionBackupRow extends CrossRegionBackupRecord {
  /**
   * Pre-signed link to the data: whoever has it has the data. Not enumerable, so that it never enters JSON,
   * logs, copies or another thread.
   */
  readonly crossBackupDownloadLink?: string;
}

/** A field of a record whose value could not be read. */
export interface UnreadableField {
  /** Name in the API's spelling. */
  readonly field: string;
  /** What was there, shortened. */
  readonly value: string;
}

/** A field of a record. */
export interface RecordField {
  /** Its name in the API's spelling. */
  readonly apiName: string;
  readonly form: Form<string> | Form<number>;
}

/**
 * The fields of a record, each with what its value can be: for what the API sends, for what a lock file contains, for
 * what a user says of a backup, and for the published JSON Schemas. The list of regions is read by a function of its own.
 */
export const recordFields = {
  crossBackupId: { apiName: "CrossBackupId", form: digits },
  backupStartTime: { apiName: "BackupStartTime", form: instant },
  backupEndTime: { apiName: "BackupEndTime", form: instant },
  consistentTime: { apiName: "ConsistentTime", form: instant },
  backupType: { apiName: "BackupType", form: word },
  backupMethod: { apiName: "BackupMethod", form: word },
  backupSetStatus: { apiName: "BackupSetStatus", form: integer },
  backupSetScale: { apiName: "BackupSetScale", form: integer },
  category: { apiName: "Category", form: word },
  crossBackupRegion: { apiName: "CrossBackupRegion", form: region },
  crossBackupSetFile: { apiName: "CrossBackupSetFile", form: fileName },
  crossBackupSetLocation: { apiName: "CrossBackupSetLocation", form: word },
  crossBackupSetSize: { apiName: "CrossBackupSetSize", form: byteCount },
  dbInstanceStorageType: { apiName: "DBInstanceStorageType", form: word },
  engine: { apiName: "Engine", form: engineName },
  engineVersion: { apiName: "EngineVersion", form: version },
  hasBackupTableMeta: { apiName: "HasBackupTableMeta", form: word },
  instanceId: { apiName: "InstanceId", form: digits },
} satisfies Record<Exclude<keyof CrossRegionBackupRecord, "restoreRegions" | "unreadable">, RecordField>;

/** The API's name of the list of regions. */
export const restoreRegionsName = "RestoreRegions";

/** The names that the note of an unreadable field can have. */
export const apiNames: ReadonlySet<string> = new Set([
  ...Object.values(recordFields).map(({ apiName }) => apiName),
  restoreRegionsName,
  "CrossBackupDownloadLink",
]);

const shownFacts = 5;

/** Says which facts are missing from records because they break their forms; undefined if none is. */
export function explainLeftOutFacts(records: readonly CrossRegionBackupRecord[]): string | undefined {
  const broken = records.flatMap(({ crossBackupId = "without an id", unreadable }) =>
    unreadable.map(({ field, value }) => `${field} "${value}" of ${crossBackupId}`),
  );
  const more = broken.length > shownFacts ? `, and ${broken.length - shownFacts} more` : "";
  return broken.length === 0
    ? undefined
    : `the API returned values that no record can have, and they are dropped: ${broken.slice(0, shownFacts).join(", ")}${more}`;
}

/** There are few names, and each is asked for by every lookup of an app. */
const known = new Map<string, string>();

/** A name of a fact, or of a prop, as Terraform writes it: `dbInstanceId` is `db_instance_id`. */
export function snakeCase(name: string): string {
  const text = known.get(name) ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  known.set(name, text);
  return text;
}

/**
 * The facts of a record under Terraform's names, such as `db_instance_storage_type`; sorted. Absent ones are
 * left out, and so is what could not be read.
 */
export function snakeCaseFacts(facts: object): Record<string, unknown> {
  const named = Object.entries<unknown>({ ...facts })
    .filter(([name, value]) => value !== undefined && name !== "unreadable")
    .map(([name, value]) => [snakeCase(name), value] as const);
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A parameter as an option of the command: `dbInstanceId` is `--db-instance-id`. */
export function flagOf(parameter: string): string {
  return `--${snakeCase(parameter).replaceAll("_", "-")}`;
}

/** Parameters that narrow a choice, as options of the command: those that are text, and have a value. */
export function flagsOf(parameters: object): string {
  return Object.entries<unknown>({ ...parameters })
    .filter(([, value]) => typeof value === "string")
    .map(([name, value]) => `${flagOf(name)} ${String(value)}`)
    .join(" ");
}
