import { Construct } from "constructs";
import type { RdsInstanceCrossBackupPolicy } from "../../.gen/providers/alicloud/rds-instance-cross-backup-policy";
import { checkPropNames, type PropNames, refuseTokens, unlessToken } from "../synthesis/check-props";
import { checked, type LookupError, misuse } from "../synthesis/lookup-error";
import { LookupRegistry } from "../synthesis/lookup-registry";
import { providerOf } from "../synthesis/provider-of";
import { settleAtSynthesis } from "../synthesis/settle-at-synthesis";
import { checkFlag, checkInstanceId, checkRegionId, ifGiven } from "../validation/checks";
import { InvalidRequestError } from "../validation/invalid-request-error";

type Bindings = typeof import("../../.gen/providers/alicloud/rds-instance-cross-backup-policy");

/** Fewest and most days that the API keeps a cross-region backup. */
const retentionLimits = { least: 7, most: 1825 };

/** Of which instance the backups are copied, and where to. */
export interface CrossRegionBackupPolicyProps {
  /** Id of the instance, such as `rm-uf6wjk5xxxx`; may be a token, such as the id of a restored instance. */
  readonly dbInstanceId: string;
  /** Region to which the backups are copied, such as `cn-shanghai`; may be a token. */
  readonly crossBackupRegion: string;
  /**
   * How long the copies are kept, 7 to 1825 whole days.
   *
   * @default - nothing is sent, for which the provider's documents tell 7 days; say it for an instance that has a
   * policy already
   */
  readonly retentionDays?: number;
  /**
   * Whether the logs are copied as well, which a restore to a point in time needs. False says nothing about
   * them: where they are copied already, that goes on.
   *
   * @default true
   */
  readonly logBackup?: boolean;
  /**
   * Whether Terraform refuses every plan that would destroy the policy.
   *
   * @default true
   */
  readonly protect?: boolean;
}

const propNames: PropNames<CrossRegionBackupPolicyProps> = {
  dbInstanceId: true,
  crossBackupRegion: true,
  retentionDays: true,
  logBackup: true,
  protect: true,
};

/**
 * Has the backups of an ApsaraDB RDS instance copied to another region (resource
 * `alicloud_rds_instance_cross_backup_policy`): for the primary, and for a restored instance once it is the
 * primary.
 *
 * Its provider has to be that of the instance's region. While that region is down, no stack with it can be
 * planned, so that the policy of the primary stays out of the stack that restores. To destroy the resource is to
 * disable the copies, and works only while the instance is running; hence `prevent_destroy`, which another
 * `dbInstanceId` meets as well. Terraform forgets that guard where the construct is taken out of the code.
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-modifyinstancecrossbackuppolicy
 */
export class CrossRegionBackupPolicy extends Construct {
  /** The resource, for all that the props do not say: `resource.provider`, `resource.addOverride`, …. */
  readonly resource: RdsInstanceCrossBackupPolicy;

  /** @throws LookupError for a prop that is missing, malformed, or a token where none may be */
  constructor(scope: Construct, id: string, props: CrossRegionBackupPolicyProps) {
    super(scope, id);
    const { path } = this.node;
    checkPropNames(path, props, propNames);
    refuseTokens(path, props, ["retentionDays", "logBackup", "protect"]);
    const { dbInstanceId, crossBackupRegion, retentionDays, logBackup = true, protect = true } = props;
    checked(path, () => {
      unlessToken(checkInstanceId, "dbInstanceId", dbInstanceId);
      unlessToken(checkRegionId, "crossBackupRegion", crossBackupRegion);
      ifGiven(checkRetention, "retentionDays", retentionDays);
      checkFlag("logBackup", logBackup);
      checkFlag("protect", protect);
    });
    // Under this id, the name in Terraform is that of the construct.
    // Loaded here, as an app without a policy does not need them.
    const bindings = require("../../.gen/providers/alicloud/rds-instance-cross-backup-policy") as Bindings;
    this.resource = new bindings.RdsInstanceCrossBackupPolicy(this, "Default", {
      instanceId: dbInstanceId,
      crossBackupRegion,
      retention: retentionDays,
      // The API and the provider do not agree on the word for off.
      logBackupEnabled: logBackup ? "Enable" : undefined,
      lifecycle: protect ? { preventDestroy: true } : undefined,
    });
    LookupRegistry.of(this).inspect(this, () => ({ error: this.homeboundError(crossBackupRegion) }));
    settleAtSynthesis(this);
  }

  /** A copy beside the original is lost with it. */
  private homeboundError(crossBackupRegion: string): LookupError | undefined {
    const { path, region } = providerOf(this.resource) ?? {};
    return region === undefined || region !== crossBackupRegion
      ? undefined
      : misuse(
          this.node.path,
          "SameRegion",
          `crossBackupRegion is "${crossBackupRegion}", which is the region of the provider "${path ?? ""}", and so of the instance`,
          "set crossBackupRegion to another region, such as the one to restore to",
        );
  }
}

function checkRetention(name: string, value: number): void {
  const { least, most } = retentionLimits;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InvalidRequestError(name, value, `a whole number of days from ${least} to ${most}`);
  }
}
