import type { Construct } from "constructs";
import type { RestorableBackup } from "../backup/restorable-backup";
import { checkOnStale, type OnStale } from "../lock/mode";
import type { LatestRequest } from "../lookup/query";
import { anyAttribute, listAttribute, numberAttribute, textAttribute } from "../synthesis/attributes";
import { checkProps, type PropNames } from "../synthesis/check-props";
import { judgeLatest, type Lookup } from "../synthesis/lookup";
import { checked } from "../synthesis/lookup-error";
import { removeOutputs } from "../synthesis/outputs";
import { declareLookup } from "../synthesis/settle-at-synthesis";
import { checkFlag, checkHours, checkRegionId, ifGiven } from "../validation/checks";
import {
  CrossRegionBackup,
  type FactReader,
  type ICrossRegionBackup,
  type KnownFacts,
  oneTokenEach,
} from "./cross-region-backup";
import { type CrossRegionBackupAttributes, KnownCrossRegionBackup } from "./known-cross-region-backup";
import {
  checkRestorePreflight,
  lookupPropNames,
  type LookupProps,
  preflightPropNames,
  type RestorePreflight,
} from "./lookup-props";
import { RemoteCrossRegionBackup, type RemoteCrossRegionBackupProps } from "./remote-cross-region-backup";

/** Which backup to look up. Every prop must be a plain value, not a token. */
export interface LatestCrossRegionBackupProps extends LookupProps {
  /**
   * Only backups that can be restored to this region.
   *
   * @default - restorable to at least one region
   */
  readonly restoreRegion?: string;
  /**
   * Only backups whose data is of this instant or earlier, `yyyy-MM-ddTHH:mm:ssZ` in UTC: for a disaster that
   * the later backups have copied already.
   *
   * @default - the latest
   */
  readonly notAfter?: string;
  /**
   * Whether the recoverable window is looked up as well, which a restore to a point in time needs: from the data
   * time to `recoverableUntil`, the end of the last log that follows without a gap (RDS actions
   * DescribeCrossRegionLogBackupFiles and, for MySQL, DescribeAvailableRecoveryTime). At least one more request,
   * for MySQL two; RAM must allow them (`rds-dr policy --window`). Gaps are warnings.
   *
   * @default false
   */
  readonly recoveryWindow?: boolean;
  /**
   * How old the data may be, hours: the recovery point objective. It judges the data time, and with
   * `recoveryWindow` in place of it `recoverableUntil`: set that only where a point in time is restored, since a
   * restore of the backup itself brings no more than its data time.
   *
   * @default - any age
   */
  readonly maxAgeHours?: number;
  /**
   * What happens when the data is older than that. `RDS_DR_ON_STALE` beats it.
   *
   * @default - "onStale" in the context, else OnStale.FAIL
   */
  readonly onStale?: OnStale;
  /**
   * The instance to be restored: only a backup that `restoreRegion` accepts for it, when asked by
   * CheckCreateDdrDBInstance, is the latest. Costs one more request; needs `restoreRegion`, and the permission
   * `rds:CheckCreateDdrDBInstance`. A backup that is at fault itself is passed over for the next older one, with a
   * warning, and never for one that is older than `maxAgeHours`, whatever `onStale` says. Any other refusal (of the
   * class, the zone, the stock, the account) is an error.
   *
   * @default - the region of the restore is not asked
   */
  readonly preflight?: RestorePreflight;
  /**
   * Endpoint of the RDS API for `restoreRegion`, which the preflight asks; as `endpoint`.
   *
   * @default - `RDS_DR_RESTORE_ENDPOINT`, `RDS_DR_ENDPOINT`, `ALIBABA_CLOUD_ENDPOINT_RDS`, "endpoint" in the context:
   * the first that is set, if it serves that region; else the public endpoint of that region
   */
  readonly restoreEndpoint?: string;
}

const propNames: PropNames<LatestCrossRegionBackupProps> = {
  ...lookupPropNames,
  restoreRegion: true,
  notAfter: true,
  recoveryWindow: true,
  maxAgeHours: true,
  onStale: true,
  preflight: true,
  restoreEndpoint: true,
};

/**
 * The latest valid full cross-region backup of an ApsaraDB RDS instance, looked up while the app is
 * synthesised (RDS action DescribeCrossRegionBackups).
 *
 * Declaring it costs nothing. All lookups declared so far are made together, in one wait, when the first
 * concrete value is asked for (`lookUp`, `tryLookUp`, `canRestoreTo`), and otherwise at synthesis. A lookup that
 * fails, finds nothing, or finds data older than `maxAgeHours`, fails the synthesis before a file is written.
 * With `preflight`, the region of the restore is asked whether it accepts the backup.
 *
 * Outputs, for a construct with the id `orders`: `orders_cross_backup_id`, `orders_restore_regions` and
 * `orders_backup` with the other facts.
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionbackups
 */
export class LatestCrossRegionBackup extends CrossRegionBackup {
  /**
   * A backup that is known already: nothing is looked up. Its outputs have the names that a lookup's have, so
   * that one can stand in for the other.
   *
   * The attributes are the plain values. Only in an app that writes HCL, a text of digits is a token: cdktf would
   * write the plain text as a number.
   */
  static fromCrossRegionBackupAttributes(
    scope: Construct,
    id: string,
    attributes: CrossRegionBackupAttributes,
  ): ICrossRegionBackup {
    return new KnownCrossRegionBackup(scope, id, attributes);
  }

  /**
   * A backup that another app looked up: read out of the outputs that its lookup wrote into the Terraform state
   * of its stack, in any backend. Nothing is looked up, and no outputs are written.
   *
   * The attributes are Terraform expressions, known to no synthesis, and date from the last deploy of that app.
   * Where its outputs lack one of them (the prefix is another one, `tryLookUp()` found no backup, the answer did
   * not tell that fact), Terraform says "Unsupported attribute" when it plans. The state must not lie in the
   * region that may be lost.
   *
   * @throws LookupError for a prop that is missing or malformed
   */
  static fromRemoteState(
    scope: Construct,
    id: string,
    props: RemoteCrossRegionBackupProps,
  ): ICrossRegionBackup {
    return new RemoteCrossRegionBackup(scope, id, props);
  }

  /** @internal */
  protected readonly _reader: FactReader;
  /** @internal */
  readonly _known: KnownFacts;
  private readonly question: Lookup<RestorableBackup>;

  /** @throws LookupError for a prop that is missing, malformed or a token */
  constructor(scope: Construct, id: string, props: LatestCrossRegionBackupProps) {
    super(scope, id);
    const { path } = this.node;
    checkProps(path, props, propNames);
    const { endpoint, restoreEndpoint, profile, roleArn } = props;
    const { recoveryWindow, maxAgeHours, onStale, preflight } = props;
    if (preflight !== undefined) {
      checkProps(path, preflight, preflightPropNames, "preflight");
    }
    checked(path, () => {
      ifGiven(checkFlag, "recoveryWindow", recoveryWindow);
      ifGiven(checkHours, "maxAgeHours", maxAgeHours);
      ifGiven(checkOnStale, "onStale", onStale);
      ifGiven(checkRestorePreflight, "preflight", preflight);
    });
    const { dbInstanceId, regionId, crossBackupRegion, restoreRegion, resourceGroupId, notAfter } = props;
    const request: LatestRequest = {
      dbInstanceId,
      regionId,
      crossBackupRegion,
      restoreRegion,
      resourceGroupId,
      notAfter,
      recoveryWindow: recoveryWindow === true ? true : undefined,
      dbInstanceClass: preflight?.instanceClass,
      dbInstanceStorage: preflight?.storageGb,
      dbInstanceStorageType: preflight?.storageType,
    };
    this.question = declareLookup(
      this,
      props,
      { kind: "latest", request, connection: { endpoint, restoreEndpoint, profile, roleArn } },
      judgeLatest(path, request, { maxAgeHours, onStale }),
    );
    const source = { dbInstanceId, regionId };
    this._reader = readerOf(this.question, source);
    this._known = {
      isForAnyRegion: restoreRegion === undefined,
      isJudgedByWindow: recoveryWindow === true && maxAgeHours !== undefined,
      preflight:
        preflight === undefined || restoreRegion === undefined
          ? undefined
          : { storageType: undefined, ...preflight, regionId: restoreRegion },
      text: (name, read) => textAttribute(this.question, name, (backup) => read({ ...backup, ...source })),
      all: () => {
        const backup = this.question.valueIfFine();
        return backup && { ...backup, ...source };
      },
    };
    this._addOutputs(props, (choose) =>
      anyAttribute(this.question, "an output", (backup) => choose({ ...backup, ...source })),
    );
  }

  /**
   * The backup, now: settles every lookup declared so far.
   *
   * @throws LookupError where the lookup fails, finds no valid backup, or one that is too old
   */
  lookUp(): RestorableBackup {
    return this.question.value();
  }

  /**
   * The backup, now, or undefined where there is no valid one; then the synthesis goes on without the outputs,
   * and the attributes must not be used. Settles every lookup declared so far.
   *
   * @throws LookupError where the lookup fails, or finds a backup that is too old
   */
  tryLookUp(): RestorableBackup | undefined {
    const backup = this.question.valueOrNone();
    if (backup === undefined) {
      removeOutputs(this);
    }
    return backup;
  }

  /**
   * Whether the backup can be restored to a region. Settles every lookup declared so far.
   *
   * @throws LookupError as `lookUp`, and for what is no id of a region
   */
  canRestoreTo(regionId: string): boolean {
    checked(this.node.path, () => {
      checkRegionId("the region of canRestoreTo", regionId);
    });
    return this.lookUp().restoreRegions.includes(regionId);
  }
}

/** The instance that a backup is of. */
interface Source {
  readonly dbInstanceId: string;
  readonly regionId: string;
}

function readerOf(lookup: Lookup<RestorableBackup>, source: Source): FactReader {
  return {
    text: oneTokenEach((name) => textAttribute(lookup, name, (backup) => ({ ...backup, ...source })[name])),
    number: (name) => numberAttribute(lookup, name, (backup) => backup[name]),
    list: (name) => listAttribute(lookup, name, (backup) => backup[name]),
  };
}
