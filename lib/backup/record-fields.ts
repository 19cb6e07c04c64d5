import type { CrossRegionBackupRecord } from "./cross-region-backup-record";
import {
  byteCount,
  digits,
  engineName,
  fileName,
  flag,
  type Form,
  instant,
  integer,
  region,
  version,
  word,
} from "./forms";
import type { RestorableBackup } from "./restorable-backup";

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

/** The facts that a restorable backup has beyond its record; the list of gaps apart. */
const judgedFacts = {
  dataTime: { form: instant },
  dataTimeEstimated: { form: flag },
  recoverableFrom: { form: instant },
  recoverableUntil: { form: instant },
} satisfies Record<
  Exclude<keyof RestorableBackup, keyof CrossRegionBackupRecord | "recoveryGaps">,
  { readonly form: Pick<Form<unknown>, "allowed" | "holds"> }
>;

/** Every fact of a restorable backup that is a single value; the others are the lists of regions, gaps and notes. */
export const singleFacts = { ...recordFields, ...judgedFacts };

/** The names of all facts of a restorable backup, apart from the notes on what was unreadable. */
export const factNames = [...Object.keys(singleFacts), "restoreRegions", "recoveryGaps"] as readonly Exclude<
  keyof RestorableBackup,
  "unreadable"
>[];

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
    : `the API returns what no record can hold, and it is left out: ${broken.slice(0, shownFacts).join(", ")}${more}`;
}
