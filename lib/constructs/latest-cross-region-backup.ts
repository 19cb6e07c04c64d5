import { Token } from "cdktf";
import type { Construct } from "constructs";
import type { RestorableBackup } from "../backup/restorable-backup";
import { OnStale, onStaleOf } from "../lock/mode";
import type { AgeLimits, LatestRequest } from "../lookup/query";
import { anyAttribute, factAttribute } from "../synthesis/attributes";
import type { Judge, Lookup } from "../synthesis/lookup";
import { checked, LookupError } from "../synthesis/lookup-error";
import { removeOutputs } from "../synthesis/outputs";
import { declareLookup } from "../synthesis/settle-at-synthesis";
import { checkRegionId } from "../validation/checks";
import {
  type BackupFacts,
  CrossRegionBackup,
  type FactReader,
  type ICrossRegionBackup,
  type KnownFacts,
  oneTokenEach,
} from "./cross-region-backup";
import type { CrossRegionBackupAttributes } from "./known-cross-region-backup";
import { type LatestCrossRegionBackupProps, latestQueryOf } from "./lookup-props";
import type { RemoteCrossRegionBackupProps } from "./remote-cross-region-backup";

/**
 * The latest valid full cross-region backup of an ApsaraDB RDS instance, looked up during the synthesis of the app (RDS
 * action DescribeCrossRegionBackups).
 *
 * To declare it costs nothing. All lookups declared so far are made together, in one wait. That is when you ask for the
 * first concrete value (`lookUp`, `tryLookUp`, `canRestoreTo`), else at synthesis. A lookup that fails, finds nothing, or
 * finds a backup that is too old, fails the synthesis before a file is written. With `preflight`, the lookup asks the
 * region of the restore whether it accepts the backup.
 *
 * Outputs of a construct with the id `orders`: `orders_cross_backup_id`, `orders_restore_regions` and `orders_backup`
 * with the other facts.
 *
 * @example
 * import { App, TerraformStack } from "cdktf";
 * import { LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
 *
 * const app = new App();
 * const stack = new TerraformStack(app, "lookup");
 * const backup = new LatestCrossRegionBackup(stack, "orders", {
 *   dbInstanceId: "rm-uf6wjk5xxxx",
 *   regionId: "cn-hangzhou",
 *   restoreRegion: "cn-shanghai",
 *   maxAgeHours: 26,
 * });
 * console.log(backup.lookUp().dataTime);
 * app.synth();
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionbackups
 */
export class LatestCrossRegionBackup extends CrossRegionBackup {
  /**
   * A backup that you know already: nothing is looked up. Its outputs have the names that a lookup's have, so that one
   * can replace the other.
   *
   * The attributes are the plain values. Only in an app that writes HCL, a text of digits is a token, because the
   * plain text would be written as a number.
   *
   * @throws LookupError for an attribute that is missing, malformed or a token
   */
  static fromCrossRegionBackupAttributes(
    scope: Construct,
    id: string,
    attributes: CrossRegionBackupAttributes,
  ): ICrossRegionBackup {
    // Loaded here, as the next one, because most apps look their backups up.
    const { KnownCrossRegionBackup } =
      require("./known-cross-region-backup") as typeof import("./known-cross-region-backup");
    return new KnownCrossRegionBackup(scope, id, attributes);
  }

  /**
   * A backup that another app looked up. It is read from the outputs that the lookup wrote into the Terraform state of
   * its stack, in any backend. Nothing is looked up, and no outputs are added.
   *
   * The attributes are Terraform expressions. No synthesis knows them, and they date from the last deploy of that app.
   * If the outputs lack one, the plan of a `DisasterRecoveryInstance` says what to do; for any other use, Terraform says
   * "Unsupported attribute". Then the prefix is another one, `tryLookUp()` found no backup, or the answer did not contain
   * that fact. Keep the state outside of the region that may fail.
   *
   * @throws LookupError for a prop that is missing or malformed
   */
  static fromRemoteState(scope: Construct, id: string, props: RemoteCrossRegionBackupProps): ICrossRegionBackup {
    const { RemoteCrossRegionBackup } =
      require("./remote-cross-region-backup") as typeof import("./remote-cross-region-backup");
    return new RemoteCrossRegionBackup(scope, id, props);
  }

  /** @internal */
  protected readonly _reader: FactReader;
  /** @internal */
  readonly _known: KnownFacts;
  private readonly lookup: Lookup<RestorableBackup>;

  /** @throws LookupError for a prop that is missing, malformed or a token */
  constructor(scope: Construct, id: string, props: LatestCrossRegionBackupProps) {
    super(scope, id);
    const { path } = this.node;
    const query = latestQueryOf(path, props);
    const { outputs, outputPrefix, preflight, maxAgeHours, maxRecoverableAgeHours, onStale } = props;
    const { dbInstanceId, regionId, restoreRegion } = props;
    const lookup = declareLookup(
      this,
      { outputs, outputPrefix },
      query,
      judgeLatest(path, query.request, { maxAgeHours, maxRecoverableAgeHours }, onStale),
      maxAgeHours,
    );
    this.lookup = lookup;
    // Made once, although every output reads them: a lookup has one backup.
    let facts: BackupFacts | undefined;
    const factsOf = (backup: RestorableBackup): BackupFacts => (facts ??= { ...backup, dbInstanceId, regionId });
    this._reader = {
      text: oneTokenEach((name) => Token.asString(factAttribute(lookup, name, (backup) => factsOf(backup)[name], ""))),
      number: (name) => Token.asNumber(factAttribute(lookup, name, (backup) => backup[name], 0)),
      list: (name) => Token.asList(factAttribute(lookup, name, (backup) => backup[name], [])),
    };
    this._known = {
      instance: { dbInstanceId, regionId },
      isForAnyRegion: restoreRegion === undefined,
      preflight: preflight && restoreRegion ? { ...preflight, regionId: restoreRegion } : undefined,
      // A lookup has not settled yet: each fact that is missing is an error once it has.
      require: () => undefined,
      text: (name, read) => Token.asString(factAttribute(lookup, name, (backup) => read(factsOf(backup)), "")),
      all: () => {
        const backup = lookup.valueIfFine();
        return backup && factsOf(backup);
      },
    };
    this._addOutputs({ outputs, outputPrefix }, (choose) =>
      anyAttribute(lookup, "an output", (backup) => choose(factsOf(backup))),
    );
  }

  /**
   * The backup, now: settles every lookup declared so far. You get a copy of your own.
   *
   * @throws LookupError if the lookup fails, finds no valid backup, or one that is too old
   */
  lookUp(): RestorableBackup {
    return structuredClone(this.lookup.value());
  }

  /**
   * The backup, now, as a copy; or undefined if there is no valid one. Then the synthesis goes on without the outputs, and
   * the attributes must not be used. Settles every lookup declared so far.
   *
   * @throws LookupError if the lookup fails, or finds a backup that is too old
   */
  tryLookUp(): RestorableBackup | undefined {
    const backup = this.lookup.valueOrNone();
    if (backup === undefined) {
      removeOutputs(this);
    }
    return structuredClone(backup);
  }

  /**
   * Whether the backup can be restored to a region. Settles every lookup declared so far.
   *
   * @throws LookupError as `lookUp`, and for a region id that is malformed
   */
  canRestoreTo(regionId: string): boolean {
    checked(this.node.path, () => {
      checkRegionId("the region of canRestoreTo", regionId);
    });
    return this.lookup.value().restoreRegions.includes(regionId);
  }
}

let ageLimit: typeof import("../lookup/age-limit") | undefined;

/** Judges the answer to a query for the latest backup: none is an error, and a backup that is too old may be a warning. */
function judgeLatest(
  path: string,
  request: LatestRequest,
  limits: AgeLimits,
  onStale: OnStale | undefined,
): Judge<RestorableBackup> {
  return (answer, { settings, now }) => {
    // Loaded here, because an app without an answer needs none of it; once, because each answer is judged.
    ageLimit ??= require("../lookup/age-limit") as typeof import("../lookup/age-limit");
    const staleIsFine = onStaleOf(onStale, settings) === OnStale.WARN;
    const { backup, failure, warnings } = ageLimit.outcomeOf(request, answer, { ...limits, staleIsFine }, now);
    return failure === undefined ? { value: backup, warnings } : { error: new LookupError(path, failure) };
  };
}
