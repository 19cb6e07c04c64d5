import { Token } from "cdktf";
import type { Construct } from "constructs";
import { recordFields } from "../backup/record-fields";
import { knownAttribute, writesHcl } from "../synthesis/attributes";
import { checkProps, type PropRule, type PropRules } from "../synthesis/check-props";
import { refuse } from "../synthesis/lookup-error";
import { checkOutputOptions, type OutputOptions, outputRules } from "../synthesis/outputs";
import { settleAtSynthesis } from "../synthesis/settle-at-synthesis";
import {
  checkDigits,
  checkInstanceId,
  checkInstant,
  checkRegionId,
  checkThat,
  InvalidRequestError,
} from "../validation/checks";
import {
  type BackupFacts,
  CrossRegionBackup,
  type FactReader,
  type KnownFacts,
  oneTokenEach,
  type SharedFact,
} from "./cross-region-backup";

/** What you know of a backup whose id you know. Every value must be a plain one, not a token. */
export interface CrossRegionBackupAttributes extends OutputOptions {
  /** Id of the cross-region backup file, a string of digits. */
  readonly crossBackupId: string;
  /** Regions to which the backup can be restored, at least one. */
  readonly restoreRegions: string[];
  /** Id of the source instance. @default - not known, and an error if it is used */
  readonly dbInstanceId?: string;
  /** Region of the source instance. @default - not known, and an error if it is used */
  readonly regionId?: string;
  /** `yyyy-MM-ddTHH:mm:ssZ` in UTC. @default - not known, and an error if it is used */
  readonly dataTime?: string;
  /**
   * The first point in time to which the backup and its logs can be restored, `yyyy-MM-ddTHH:mm:ssZ` in UTC.
   *
   * @default - a restore uses dataTime; any other use is an error
   */
  readonly recoverableFrom?: string;
  /**
   * The last point in time to which the backup and its logs can be restored, `yyyy-MM-ddTHH:mm:ssZ` in UTC.
   *
   * @default - not known, and an error if it is used
   */
  readonly recoverableUntil?: string;
  /** `yyyy-MM-ddTHH:mm:ssZ` in UTC. @default - not known, and an error if it is used */
  readonly backupStartTime?: string;
  /** `yyyy-MM-ddTHH:mm:ssZ` in UTC. @default - not known, and an error if it is used */
  readonly backupEndTime?: string;
  /** Region that stores the file. @default - not known, and an error if it is used */
  readonly crossBackupRegion?: string;
  /** Name of the file. @default - not known, and an error if it is used */
  readonly crossBackupSetFile?: string;
  /** Bytes. @default - not known, and an error if it is used */
  readonly crossBackupSetSize?: number;
  /** Such as `mysql`. @default - not known, and an error if it is used */
  readonly engine?: string;
  /** Such as `8.0`. @default - not known, and an error if it is used */
  readonly engineVersion?: string;
  /** Edition of the source instance. @default - not known, and an error if it is used */
  readonly category?: string;
  /** Storage type of the source instance. @default - not known, and an error if it is used */
  readonly dbInstanceStorageType?: string;
}

/** A value must have the form that the field of a record has. */
const recorded = (field: keyof typeof recordFields): PropRule<string | number> => {
  const { holds, allowed } = recordFields[field].form;
  return { check: checkThat(holds, allowed) };
};

const propRules: PropRules<CrossRegionBackupAttributes> = {
  crossBackupId: { check: checkDigits, isRequired: true },
  restoreRegions: { check: checkRestoreRegions, isRequired: true },
  dbInstanceId: { check: checkInstanceId },
  regionId: { check: checkRegionId },
  crossBackupRegion: { check: checkRegionId },
  dataTime: { check: checkInstant },
  recoverableFrom: { check: checkInstant },
  recoverableUntil: { check: checkInstant },
  backupStartTime: { check: checkInstant },
  backupEndTime: { check: checkInstant },
  crossBackupSetFile: recorded("crossBackupSetFile"),
  crossBackupSetSize: recorded("crossBackupSetSize"),
  engine: recorded("engine"),
  engineVersion: recorded("engineVersion"),
  category: recorded("category"),
  dbInstanceStorageType: recorded("dbInstanceStorageType"),
  ...outputRules,
} satisfies Record<SharedFact, object>;

/** A backup that the user names: no lookup. */
export class KnownCrossRegionBackup extends CrossRegionBackup {
  /** @internal */
  protected readonly _reader: FactReader;
  /** @internal */
  readonly _known: KnownFacts;

  constructor(scope: Construct, id: string, attributes: CrossRegionBackupAttributes) {
    super(scope, id);
    const { path } = this.node;
    checkProps(path, attributes, propRules);
    checkOutputOptions(this, attributes);
    const { outputs, outputPrefix, ...given } = attributes;
    const restoreRegions = [...new Set(given.restoreRegions)].sort();
    const facts: BackupFacts = { ...given, restoreRegions };
    const refuseUnknown = (names: readonly string[]): never =>
      refuse(
        path,
        "UnknownFact",
        `${names.join(", ")} of the backup ${attributes.crossBackupId} ${names.length === 1 ? "is" : "are"} not known`,
        `pass ${names.length === 1 ? names.join() : "all of them"} to fromCrossRegionBackupAttributes; "rds-dr list${names.some((name) => name.startsWith("recoverable")) ? " --window" : ""}" shows ${names.length === 1 ? "it" : "them"}`,
      );
    const known = <T>(name: string, value: T | undefined): T => value ?? refuseUnknown([name]);
    const quoted = oneTokenEach((name) => Token.asString(knownAttribute(facts[name])));
    this._reader = {
      text: (name) => {
        const text = known(name, facts[name]);
        // cdktf would write a text of digits into HCL as a number.
        return /^\d+$/.test(text) && writesHcl(this) ? quoted(name) : text;
      },
      number: (name) => known(name, facts[name]),
      list: () => [...restoreRegions],
    };
    this._known = {
      instance: given,
      require: (names) => {
        const unknown = names.filter((name) => facts[name] === undefined);
        if (unknown.length > 0) {
          refuseUnknown(unknown);
        }
      },
      isForAnyRegion: false,
      preflight: undefined,
      text: (name, read) => known(name, read(facts)),
      all: () => facts,
    };
    this._addOutputs(attributes, (choose) => knownAttribute(choose(facts)));
    // Nothing is to settle, but the names of its outputs must be checked.
    settleAtSynthesis(this);
  }
}

function checkRestoreRegions(name: string, regions: readonly string[]): void {
  if (!Array.isArray(regions) || regions.length === 0) {
    throw new InvalidRequestError(name, regions, "a list of at least one region");
  }
  for (const region of regions as readonly string[]) {
    checkRegionId(name, region);
  }
}
