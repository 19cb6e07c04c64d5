import { knownFields, optional } from "../backup/json-object";
import { sortedById, type SourceInstance, sourceInstanceForms } from "../backup/source-instance";
import {
  type CopiedInstance,
  describeCrossRegionBackupDbInstance,
  mostInstances,
} from "../rds-api/actions/describe-cross-region-backup-db-instance";
import { type DbInstance, describeDbInstances } from "../rds-api/actions/describe-db-instances";
import type { RdsClient } from "../rds-api/rds-client";

/** Which instances of a region are discovered. */
export interface DiscoverRequest {
  readonly regionId: string;
  /** Also those whose backups are not copied. */
  readonly all?: true;
  /** Only instances that have all of these tags, by their keys. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Which instances are discovered, and of which account: a region has others in each account, so the account is a part of
 * the question.
 */
export interface InstancesRequest extends DiscoverRequest {
  /** Profile that the code names; not that of the settings, which may have another name on each machine. */
  readonly profile?: string;
  /** RAM role that the code names. */
  readonly roleArn?: string;
}

/** What is known of an instance for good: an app that is synthesised again should not change with its name or status. */
export function sourceInstanceOf(instance: DiscoveredInstance): SourceInstance {
  const facts = Object.entries(sourceInstanceForms).flatMap(([name, { holds }]) => {
    const value = instance[name as keyof SourceInstance];
    return holds(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(facts) as unknown as SourceInstance;
}

/** An instance of a region, and how its backups are copied. */
export interface DiscoveredInstance extends CopiedInstance {
  /** Whether DescribeDBInstances lists it. Undefined if it was not asked. */
  readonly isListed?: boolean;
}

/** What has no backups of its own: RDS cannot copy any. */
const dependentTypes: readonly (string | undefined)[] = ["Readonly", "Guard", "Temp"];

/**
 * The instances of a region whose backups RDS copies to another region; on request also the others. Sorted by their ids.
 * Copies outlive their instance, so one that is not listed any more may be there too.
 *
 * One request for each 30 instances with copies, and if all or tagged ones are asked for, one for each 100 instances.
 *
 * @param client of the endpoint that serves the region
 * @throws InvalidRequestError
 * @throws RdsApiError also if one of the lists cannot be read as a whole
 */
export async function discoverInstances(
  client: RdsClient,
  { regionId, all, tags }: DiscoverRequest,
): Promise<readonly DiscoveredInstance[]> {
  const isAsked = all !== undefined || tags !== undefined;
  const [copied, listed] = await Promise.all([
    describeCrossRegionBackupDbInstance(client, { regionId }),
    isAsked ? describeDbInstances(client, { regionId, ...optional("tags", tags) }) : undefined,
  ]);
  const once = onceEach(copied);
  return sortedById(
    listed === undefined ? once : merge(once, onceEach(listed), regionId, { isAll: all, isTagged: tags !== undefined }),
  );
}

/** Each instance once. RDS may say two things of one: if one of its rows says that backups are copied, that one counts. */
function onceEach<T extends DbInstance & Partial<CopiedInstance>>(instances: readonly T[]): readonly T[] {
  const rows = [...instances].sort((a, b) => Number(a.backupEnabled === true) - Number(b.backupEnabled === true));
  return [...new Map(rows.map((row) => [row.dbInstanceId, row])).values()];
}

/**
 * How the backups of these instances of a region are copied. One request for each 30.
 *
 * @param client of the endpoint that serves the region
 * @returns each of them; what RDS does not list has no copies
 * @throws InvalidRequestError
 * @throws RdsApiError
 */
export async function lookUpCopying(
  client: RdsClient,
  regionId: string,
  ids: readonly string[],
): Promise<readonly DiscoveredInstance[]> {
  const parts = Array.from({ length: Math.ceil(ids.length / mostInstances) }, (_, part) =>
    ids.slice(part * mostInstances, (part + 1) * mostInstances),
  );
  const copied = await Promise.all(
    parts.map((dbInstanceIds) => describeCrossRegionBackupDbInstance(client, { regionId, dbInstanceIds })),
  );
  const policies = new Map(onceEach(copied.flat()).map((instance) => [instance.dbInstanceId, instance]));
  return ids.map((dbInstanceId) => policies.get(dbInstanceId) ?? { dbInstanceId, ...notCopied, regionId });
}

/** Instances of both lists. Of a tagged list, what is missing may only lack the tag. */
function merge(
  copied: readonly CopiedInstance[],
  listed: readonly DbInstance[],
  regionId: string,
  { isAll = false, isTagged }: { readonly isAll: boolean | undefined; readonly isTagged: boolean },
): readonly DiscoveredInstance[] {
  const policies = new Map(copied.map((instance) => [instance.dbInstanceId, instance]));
  const ids = new Set(listed.map(({ dbInstanceId }) => dbInstanceId));
  const notListed = isTagged ? [] : copied.filter(({ dbInstanceId }) => !ids.has(dbInstanceId));
  return [
    ...listed
      .filter(({ dbInstanceId, type }) => policies.has(dbInstanceId) || (isAll && !dependentTypes.includes(type)))
      .map((instance) => {
        const policy = policies.get(instance.dbInstanceId) ?? notCopied;
        return knownFields<DiscoveredInstance>({ ...instance, ...policy, regionId, isListed: true });
      }),
    ...notListed.map((instance) => ({ ...instance, isListed: false })),
  ];
}

/** What the list of instances with copies says of one that is not in it. */
const notCopied: Pick<CopiedInstance, "backupEnabled" | "logBackupEnabled"> = {
  backupEnabled: false,
  logBackupEnabled: false,
};
