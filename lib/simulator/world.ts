/** Which time of a record the StartTime and EndTime of a request are held against; the API's page does not say. */
export enum WindowFilter {
  /** BackupStartTime, LogBeginTime. */
  START = "start",
  /** BackupEndTime, LogEndTime. */
  END = "end",
}

/** The order in which records are listed; the API's page promises none. */
export enum RecordOrder {
  NEWEST_FIRST = "newest-first",
  OLDEST_FIRST = "oldest-first",
  /** As in the world. */
  AS_WRITTEN = "as-written",
  /** Mixed up, the same way every time. */
  SHUFFLED = "shuffled",
}

/** What an answer without records holds. */
export enum EmptyItems {
  /** `"Items": {"Item": []}`. */
  LIST = "list",
  /** `"Items": {}`. */
  OBJECT = "object",
  /** No `Items` at all. */
  ABSENT = "absent",
}

/**
 * A record as the API gives it, field by field and sent as it is, however odd. Besides:
 * - a text such as `now`, `now-1d2h30m` or `now+1d` becomes the simulator's `now` plus or minus that much;
 * - `{date}` in a text becomes the record's start time as yyyyMMddHHmmss, `{CrossBackupId}` and the like that field;
 * - ids may be texts of digits: they are sent as integers, with all their digits;
 * - fields that begin with `x-` are never sent: see `RecordSwitches`.
 */
export type WorldRecord = Readonly<Record<string, unknown>>;

/** The fields of a record that steer the simulator and are never sent. */
export interface RecordSwitches {
  /** False: CheckCreateDdrDBInstance says that it can't be restored. @default - judged by the record */
  readonly "x-restorable"?: boolean;
  /** CheckCreateDdrDBInstance refuses the record with this code. @default - it does not */
  readonly "x-check-error"?: string;
  /** What the request parameter BackupId finds the record by. @default - nothing */
  readonly "x-backup-id"?: string;
  /** False: only its CrossBackupId finds it, as in a region that came back without its lists. @default true */
  readonly "x-listed"?: boolean;
  /** Fields of the defaults that this record lacks. @default - none */
  readonly "x-omit"?: readonly string[];
  /** Writes the record out several times. @default - once */
  readonly "x-repeat"?: RecordRepeat;
}

/** A record that stands for a series, the newest being the record itself. */
export interface RecordRepeat {
  /** How many records in all. */
  readonly count: number;
  /** How much earlier each one is than the one before, such as `1d` or `30m`. */
  readonly every: string;
  /** How much smaller its id is. @default 1 */
  readonly idStep?: number;
}

/** An RDS instance. */
export interface WorldInstance {
  /** Its id. */
  readonly dbInstanceId: string;
  /** The region it is in. */
  readonly regionId: string;
  /** Its engine, in the words of DescribeDBInstances: MySQL, PostgreSQL or SQLServer. */
  readonly engine: string;
  /** Its engine version. */
  readonly engineVersion: string;
  /** Whether its disks are local. @default false */
  readonly localDisks?: boolean;
  /** Its resource group. @default - none */
  readonly resourceGroupId?: string;
  /** Its tags, by their keys: DescribeDBInstances filters by them, and returns none. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Fields of its row in DescribeDBInstances and DescribeDBInstanceAttribute, sent as they are. @default - none */
  readonly attributes?: WorldRecord;
  /** Fields of its backup policy, sent as they are. @default - cross-region backup is disabled */
  readonly policy?: WorldRecord;
  /** Fields that all its backups have unless they say otherwise. @default - none */
  readonly backupDefaults?: WorldRecord;
  /** Its cross-region backups. @default - none */
  readonly backups?: readonly WorldRecord[];
  /** Fields that all its logs have unless they say otherwise. @default - none */
  readonly logDefaults?: WorldRecord;
  /** Its cross-region log backups. @default - none */
  readonly logs?: readonly WorldRecord[];
  /** Whole answers, by action, for its first page: whatever is asked, they come to the letter. @default - none */
  readonly cannedAnswers?: Readonly<Record<string, WorldRecord>>;
}

/** How the instances live that CreateDdrInstance creates. Times are those of the machine's clock. */
export interface WorldRestores {
  /** How long it takes to create one, in milliseconds. @default 0 */
  readonly creationMs?: number;
  /** Its statuses meanwhile, for the same time each. @default ["Creating"] */
  readonly statuses?: readonly string[];
  /** Its status afterwards: another one than `Running` is a creation that failed or never ends. @default "Running" */
  readonly finalStatus?: string;
  /** How long DescribeDBInstances leaves it out, in milliseconds. @default 0 */
  readonly listedAfterMs?: number;
  /** After how many milliseconds it is gone, as if somebody had released it. @default - never */
  readonly goneAfterMs?: number;
  /** How long a client token is remembered, in milliseconds; 0: tokens are ignored. @default - for ever */
  readonly tokenMemoryMs?: number;
}

/** Everything a simulator knows: what a world file holds. */
export interface World {
  /** The JSON Schema by which an editor checks the file: that of the package is `schema/world.schema.json`. @default - none */
  readonly $schema?: string;
  /** The instances. */
  readonly instances: readonly WorldInstance[];
  /** How restored instances live. @default - they run at once, and client tokens are remembered */
  readonly restores?: WorldRestores;
  /** The only resource groups whose instances the caller's rights let DescribeDBInstances list. @default - all */
  readonly visibleResourceGroups?: readonly string[];
  /** The account that the access key belongs to. @default "1234567890123456" */
  readonly accountId?: string;
  /** Regions besides the usual ones and those of the instances. @default - none */
  readonly regions?: readonly string[];
  /** Regions in which there is no cross-region backup: CrossBackupNotSupport. @default - none */
  readonly regionsWithoutCrossBackup?: readonly string[];
  /** @default WindowFilter.START */
  readonly windowFilters?: WindowFilter;
  /** @default RecordOrder.NEWEST_FIRST */
  readonly order?: RecordOrder;
  /** @default EmptyItems.LIST */
  readonly emptyItems?: EmptyItems;
}
