import { Token } from "cdktf";
import type { Construct } from "constructs";
import { recordFields } from "../backup/record-fields";
import { knownAttribute, writesHcl } from "../synthesis/attributes";
import { checkProps, type PropNames } from "../synthesis/check-props";
import { checked, fail, misuse } from "../synthesis/lookup-error";
import { checkOutputOptions, type OutputOptions } from "../synthesis/outputs";
import { settleAtSynthesis } from "../synthesis/settle-at-synthesis";
import { checkDigits, checkInstanceId, checkInstant, checkRegionId, ifGiven } from "../validation/checks";
import { InvalidRequestError } from "../validation/invalid-request-error";
import {
  type BackupFacts,
  CrossRegionBackup,
  type FactReader,
  type KnownFacts,
  oneTokenEach,
} from "./cross-region-backup";

/** What is known of a backup whose id is known. Every value must be a plain one, not a token. */
export interface CrossRegionBackupAttributes extends OutputOptions {
  /** Id of the cross-region backup file, a string of digits. */
  readonly crossBackupId: string;
  /** Regions to which the backup can be restored, at least one. */
  readonly restoreRegions: string[];
  /** Id of the source instance. @default - not known, and an error where it is used */
  readonly dbInstanceId?: string;
  /** Region of the source instance. @default - not known, and an error where it is used */
  readonly regionId?: string;
  /** `yyyy-MM-ddTHH:mm:ssZ` in UTC. @default - not known, and an error where it is used */
  readonly dataTime?: string;
  /**
   * The first point in time to which the backup and the logs after it can be restored, `yyyy-MM-ddTHH:mm:ssZ` in
   * UTC.
   *
   * @default - a restore takes dataTime for it; an error where it is used
   */
  readonly recoverableFrom?: string;
  /**
   * The last point in time to which the backup and the logs after it can be restored, `yyyy-MM-ddTHH:mm:ssZ` in
   * UTC.
   *
   * @default - not known, and an error where it is used
   */
  readonly recoverableUntil?: string;
  /** `yyyy-MM-ddTHH:mm:ssZ` in UTC. @default - not known, and an error where it is used */
  readonly backupStartTime?: string;
  /** `yyyy-MM-ddTHH:mm:ssZ` in UTC. @default - not known, and an error where it is used */
  readonly backupEndTime?: string;
  /** Region in which the file is stored. @default - not known, and an error where it is used */
  readonly crossBackupRegion?: string;
  /** Name of the file. @default - not known, and an error where it is used */
  readonly crossBackupSetFile?: string;
  /** Bytes. @default - not known, and an error where it is used */
  readonly crossBackupSetSize?: number;
  /** Such as `mysql`. @default - not known, and an error where it is used */
  readonly engine?: string;
  /** Such as `8.0`. @default - not known, and an error where it is used */
  readonly engineVersion?: string;
  /** Edition of the source instance. @default - not known, and an error where it is used */
  readonly category?: string;
  /** Storage type of the source instance. @default - not known, and an error where it is used */
  readonly dbInstanceStorageType?: string;
}

const propNames: PropNames<CrossRegionBackupAttributes> = {
  crossBackupId: true,
  restoreRegions: true,
  dbInstanceId: true,
  regionId: true,
  dataTime: true,
  recoverableFrom: true,
  recoverableUntil: true,
  backupStartTime: true,
  backupEndTime: true,
  crossBackupRegion: true,
  crossBackupSetFile: true,
  crossBackupSetSize: true,
  engine: true,
  engineVersion: true,
  category: true,
  dbInstanceStorageType: true,
  outputs: true,
  outputPrefix: true,
};

/** A backup that the user names: no lookup. */
export class KnownCrossRegionBackup extends CrossRegionBackup {
  /** @internal */
  protected readonly _reader: FactReader;
  /** @internal */
  readonly _known: KnownFacts;

  constructor(scope: Construct, id: string, attributes: CrossRegionBackupAttributes) {
    super(scope, id);
    const { path } = this.node;
    checkProps(path, attributes, propNames);
    checked(path, () => {
      check(attributes);
    });
    checkOutputOptions(this, attributes);
    const { outputs, outputPrefix, ...given } = attributes;
    const facts: BackupFacts = { ...given, restoreRegions: [...new Set(given.restoreRegions)].sort() };
    const known = <T>(name: string, value: T | undefined): T => {
      if (value === undefined) {
        fail(
          misuse(
            path,
            "UnknownFact",
            `${name} of the backup ${attributes.crossBackupId} is not known`,
            `pass ${name} to fromCrossRegionBackupAttributes; "rds-dr list${name.startsWith("recoverable") ? " --window" : ""}" shows it`,
          ),
        );
      }
      return value;
    };
    const quoted = oneTokenEach((name) => Token.asString(knownAttribute(facts[name])));
    this._reader = {
      text: (name) => {
        const text = known(name, facts[name]);
        return writesHcl(this) && isMisreadInHcl(text) ? quoted(name) : text;
      },
      number: (name) => known(name, facts[name]),
      list: () => [...(facts.restoreRegions ?? [])],
    };
    this._known = {
      isForAnyRegion: false,
      isJudgedByWindow: false,
      preflight: undefined,
      text: (name, read) => known(name, read(facts)),
      all: () => facts,
    };
    this._addOutputs(attributes, (choose) => knownAttribute(choose(facts)));
    // It has nothing to settle, but names of outputs to be checked.
    settleAtSynthesis(this);
  }
}

/** Whether cdktf writes a text into HCL as a number. */
function isMisreadInHcl(text: string): boolean {
  return /^\d+$/.test(text);
}

/** The facts whose form is that of a record's field. */
const recordedFacts = [
  "crossBackupSetFile",
  "crossBackupSetSize",
  "engine",
  "engineVersion",
  "category",
  "dbInstanceStorageType",
] as const;

function check(facts: CrossRegionBackupAttributes): void {
  checkDigits("crossBackupId", facts.crossBackupId);
  if (!Array.isArray(facts.restoreRegions) || facts.restoreRegions.length === 0) {
    throw new InvalidRequestError("restoreRegions", facts.restoreRegions, "a list of at least one region");
  }
  for (const region of facts.restoreRegions) {
    checkRegionId("restoreRegions", region);
  }
  ifGiven(checkInstanceId, "dbInstanceId", facts.dbInstanceId);
  ifGiven(checkRegionId, "regionId", facts.regionId);
  ifGiven(checkRegionId, "crossBackupRegion", facts.crossBackupRegion);
  for (const name of [
    "dataTime",
    "recoverableFrom",
    "recoverableUntil",
    "backupStartTime",
    "backupEndTime",
  ] as const) {
    ifGiven(checkInstant, name, facts[name]);
  }
  for (const name of recordedFacts) {
    const { holds, allowed } = recordFields[name].form;
    if (facts[name] !== undefined && !holds(facts[name])) {
      throw new InvalidRequestError(name, facts[name], allowed);
    }
  }
}
