import { type IResolvable, Token } from "cdktf";
import { Construct } from "constructs";
import { snakeCaseFacts } from "../backup/record-fields";
import type { SourceInstance } from "../backup/source-instance";
import type { InstancesQuery } from "../lookup/query";
import { anyAttribute, factAttribute } from "../synthesis/attributes";
import { checkFramework } from "../synthesis/check-framework";
import { checkProps, type PropRules } from "../synthesis/check-props";
import type { Lookup } from "../synthesis/lookup";
import { LookupError } from "../synthesis/lookup-error";
import { addOutputs, type OutputOptions, outputRules } from "../synthesis/outputs";
import { declareLookup } from "../synthesis/settle-at-synthesis";
import { checkFlag, checkTags } from "../validation/checks";

/** Which instances to discover. Every prop must be a plain value, not a token. */
export interface DiscoveredInstancesProps extends OutputOptions {
  /** Region of the instances, such as `cn-hangzhou`. */
  readonly regionId: string;
  /**
   * Only instances that have all of these tags, values by their keys, at most 20. RDS filters by them (parameter `Tags` of
   * DescribeDBInstances).
   *
   * @default - whatever their tags
   */
  readonly tags?: Record<string, string>;
  /**
   * Whether instances are listed, too, whose backups are not copied.
   *
   * @default false
   */
  readonly all?: boolean;
  /** Endpoint of the RDS API for the region; as `endpoint` of the other lookups. @default - see `LookupProps` */
  readonly endpoint?: string;
  /** Profile of the Alibaba Cloud CLI whose credentials are used. @default - see `LookupProps` */
  readonly profile?: string;
  /** ARN of the RAM role that these credentials assume. @default - see `LookupProps` */
  readonly roleArn?: string;
}

/** The check of the query judges the other values. */
const propRules: PropRules<DiscoveredInstancesProps> = {
  regionId: {},
  tags: { check: checkTags },
  all: { check: checkFlag },
  endpoint: {},
  profile: {},
  roleArn: {},
  ...outputRules,
};

/**
 * The question that the props ask. What it says, the check of the query judges.
 *
 * @throws LookupError for a prop that is missing, malformed or a token
 */
export function instancesQueryOf(path: string, props: DiscoveredInstancesProps): InstancesQuery {
  checkProps(path, props, propRules);
  const { regionId, tags, all, endpoint, profile, roleArn } = props;
  const texts = Object.entries(tags ?? {}).map((tag) => [tag[0], tag] as const);
  checkProps(path, Object.fromEntries(texts), Object.fromEntries(texts.map(([key]) => [key, {}])), "tags");
  const isAll = all === true ? (true as const) : undefined;
  const request = { regionId, tags: tags && { ...tags }, all: isAll, profile, roleArn };
  return { kind: "instances", request, connection: { endpoint, profile, roleArn } };
}

/**
 * The instances of a region whose backups RDS copies to another region. They are looked up during the synthesis of the
 * app (RDS action DescribeCrossRegionBackupDBInstance; with `tags` or `all` DescribeDBInstances as well). RAM must allow
 * these actions (`rds-dr policy --discover --region-id cn-hangzhou`).
 *
 * The list is locked like a backup, so each synthesis declares the same lookups. A new instance shows up as a
 * difference of the next refresh. A region in trouble may list less than there is. So a locked instance that RDS does not
 * list any more stays, with a warning. To let it go, run `rds-dr refresh --accept-older`.
 *
 * Outputs of a construct with the id `fleet`: `fleet_db_instance_ids` and `fleet_instances`.
 *
 * @example
 * import { App, TerraformStack } from "cdktf";
 * import { DiscoveredInstances, LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
 *
 * const app = new App();
 * const stack = new TerraformStack(app, "backups");
 * const fleet = new DiscoveredInstances(stack, "fleet", { regionId: "cn-hangzhou", tags: { dr: "true" } });
 * for (const instance of fleet.lookUp()) {
 *   new LatestCrossRegionBackup(stack, instance.dbInstanceId, {
 *     dbInstanceId: instance.dbInstanceId,
 *     regionId: instance.regionId,
 *     restoreRegion: "cn-shanghai",
 *     maxAgeHours: 26,
 *   });
 * }
 * app.synth();
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionbackupdbinstance
 */
export class DiscoveredInstances extends Construct {
  /** Ids of the instances, sorted. Pass the list on unmodified. */
  readonly dbInstanceIds: string[];
  /** The instances, with facts in snake_case, sorted by their ids. Pass the list on unmodified. */
  readonly instances: IResolvable;
  private readonly lookup: Lookup<readonly SourceInstance[]>;

  /** @throws LookupError for a prop that is missing, malformed or a token */
  constructor(scope: Construct, id: string, props: DiscoveredInstancesProps) {
    super(scope, id);
    checkFramework(this);
    const { path } = this.node;
    const query = instancesQueryOf(path, props);
    const { outputs, outputPrefix } = props;
    this.lookup = declareLookup(this, { outputs, outputPrefix }, query, (answer) => {
      if (answer.status === "discovered") {
        return { value: answer.instances, warnings: answer.warnings ?? [] };
      }
      if (answer.status === "error") {
        return { error: new LookupError(path, answer.error) };
      }
      throw new Error(`${path}: an answer to another query`);
    });
    const idsOf = (instances: readonly SourceInstance[]): string[] => instances.map(({ dbInstanceId }) => dbInstanceId);
    this.dbInstanceIds = Token.asList(factAttribute(this.lookup, "dbInstanceIds", idsOf, []));
    this.instances = anyAttribute(this.lookup, "instances", (instances) => instances.map(snakeCaseFacts));
    addOutputs(this, { outputs, outputPrefix }, [
      ["db_instance_ids", "Ids of the instances whose backups are looked at", this.dbInstanceIds],
      ["instances", "The instances, and how their backups are copied", this.instances],
    ]);
  }

  /**
   * The instances, now, sorted by their ids: settles every lookup declared so far. So declare all of these constructs
   * before the first is asked. You get copies of your own.
   *
   * @throws LookupError if the lookup fails
   */
  lookUp(): SourceInstance[] {
    return structuredClone([...this.lookup.value()]);
  }
}
