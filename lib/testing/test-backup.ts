import { addHours, type Instant } from "../backup/instant";
import type { CrossRegionBackupRecord } from "../backup/record-fields";
import type { RecoveryGap } from "../backup/recovery-window";
import { type RestorableBackup, singleFacts } from "../backup/restorable-backup";
import { checkProps, type PropRule, type PropRules } from "../synthesis/check-props";
import { refuse } from "../synthesis/lookup-error";
import { checkDigits, checkHours, checkThat } from "../validation/checks";

/** A backup that a test answers a lookup with. A fact that you omit is unavailable to the stack, as if RDS did not report it. */
export interface TestBackup {
  /** Id of the cross-region backup file, a string of digits. */
  readonly crossBackupId: string;
  /**
   * How old the data is, hours.
   *
   * @default - dataTime says it; else 1
   */
  readonly hoursAgo?: number;
  /**
   * The point to which a restore brings the data, `yyyy-MM-ddTHH:mm:ssZ` in UTC: for a snapshot that must not change.
   *
   * @default - hoursAgo says it; else notAfter of the lookup, if it has one
   */
  readonly dataTime?: string;
  /** True if the start of the backup replaces its ConsistentTime. @default false */
  readonly dataTimeEstimated?: boolean;
  /** Regions to which the file can be restored. @default - restoreRegion of the lookup, else the region of the source */
  readonly restoreRegions?: string[];
  /** The first point in time to which it can be restored, as dataTime. @default - absent */
  readonly recoverableFrom?: string;
  /** The last point in time to which it can be restored, as dataTime. @default - absent */
  readonly recoverableUntil?: string;
  /** What the logs do not cover. @default - absent */
  readonly recoveryGaps?: RecoveryGap[];
  /** When the backup started, as dataTime. @default - absent */
  readonly backupStartTime?: string;
  /** When the file was complete, as dataTime. @default - absent */
  readonly backupEndTime?: string;
  /** The point in time that the data stands for, as dataTime. @default - in a list the data time; else absent */
  readonly consistentTime?: string;
  /** `F`: full; `I`: incremental. @default - absent */
  readonly backupType?: string;
  /** `P`: physical; `L`: logical. @default - absent */
  readonly backupMethod?: string;
  /** 0: successful; 1: failed. @default - absent */
  readonly backupSetStatus?: number;
  /** 0: of the whole instance; 1: of a single database. @default - absent */
  readonly backupSetScale?: number;
  /** Edition of the instance, such as `HighAvailability`. @default - absent */
  readonly category?: string;
  /** Region in which the file is stored. @default - absent */
  readonly crossBackupRegion?: string;
  /** Name of the file. @default - absent */
  readonly crossBackupSetFile?: string;
  /** Kind of store, such as `oss`. @default - absent */
  readonly crossBackupSetLocation?: string;
  /** Bytes. @default - absent */
  readonly crossBackupSetSize?: number;
  /** Storage type in the API's words: `ssd`, `local_ssd`, `ecs`, `cloud_essd`. @default - absent */
  readonly dbInstanceStorageType?: string;
  /** Engine as the record spells it: `mysql`, `mssql`, `pgsql`. @default - absent */
  readonly engine?: string;
  /** Engine version, such as `8.0` or `2022_web`. @default - absent */
  readonly engineVersion?: string;
  /** `"1"` if metadata of single tables is at hand. @default - absent */
  readonly hasBackupTableMeta?: string;
  /** Internal id of the host instance, digits. @default - absent */
  readonly instanceId?: string;
}

type SingleFact = keyof typeof singleFacts;

const ofForms = Object.fromEntries(
  Object.entries(singleFacts).map(([name, { form }]) => [name, { check: checkThat(form.holds, form.allowed) }]),
) as Record<SingleFact, PropRule<unknown>>;

/** The locked answers judge the lists. */
const rules = {
  ...ofForms,
  crossBackupId: { check: checkDigits, isRequired: true },
  hoursAgo: { check: checkHours },
  restoreRegions: {},
  recoveryGaps: {},
} satisfies PropRules<TestBackup>;

/** What a backup takes from its lookup if the test omits it. */
export interface BackupDefaults {
  readonly dataTime: Instant;
  readonly restoreRegions: string[];
}

/**
 * The locked form of a backup for a test.
 *
 * @param now the time from which its hours count
 * @throws LookupError for a fact that does not exist, or has another form
 */
export function restorableBackup(
  path: string,
  given: TestBackup,
  defaults: BackupDefaults,
  now: Instant,
): RestorableBackup {
  checkProps(path, given, rules);
  const { hoursAgo, ...facts } = given;
  if (hoursAgo !== undefined && given.dataTime !== undefined) {
    refuse(path, "InvalidRequest", "both hoursAgo and dataTime are given", "pass only one of them");
  }
  const dataTime = hoursAgo === undefined ? defaults.dataTime : addHours(now, -hoursAgo);
  return { ...defaults, dataTimeEstimated: false, unreadable: [], dataTime, ...withoutUndefined(facts) };
}

/** As `restorableBackup`, for a record of a list: it has no judged facts. */
export function backupRecord(
  path: string,
  given: TestBackup,
  defaults: BackupDefaults,
  now: Instant,
): CrossRegionBackupRecord {
  const backup = restorableBackup(path, given, defaults, now);
  const {
    dataTime,
    dataTimeEstimated: _,
    recoverableFrom: __,
    recoverableUntil: ___,
    recoveryGaps: ____,
    ...record
  } = backup;
  return { consistentTime: dataTime, ...record };
}

/** An explicit undefined must not hide a default. */
function withoutUndefined<T extends object>(facts: T): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}
