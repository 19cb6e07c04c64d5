import { engineName, instanceId, version, word, zone } from "../../backup/forms";
import type { Instant } from "../../backup/instant";
import { knownFields } from "../../backup/json-object";
import { Row } from "../../backup/row";
import {
  checkForm,
  checkInstanceId,
  checkRegionId,
  checkResourceGroupId,
  checkTags,
  ifGiven,
} from "../../validation/checks";
import { RdsApiError } from "../errors/rds-api-error";
import { checkPaging, type Paging } from "../page-size";
import { readAllPages } from "../paging";
import type { RdsClient } from "../rds-client";

/** The parameters of DescribeDBInstances. */
export interface DescribeDbInstancesRequest extends Paging {
  /** Region of the instances. */
  readonly regionId: string;
  /** A part of the id or the name of an instance: the API searches with it, so it returns other instances as well. */
  readonly searchKey?: string;
  readonly dbInstanceId?: string;
  /** Only instances of this resource group. */
  readonly resourceGroupId?: string;
  /** Only instances that have all of these tags: by their keys. At most 20. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** An RDS instance. A fact is undefined if the API does not say it. */
export interface DbInstance {
  readonly dbInstanceId: string;
  /** Its name, which other instances can have as well. Any text. */
  readonly description?: string;
  /** `Primary`, or `Readonly`, `Guard` or `Temp`. */
  readonly type?: string;
  /** Such as `Creating` or `Running`; the API may say words that no document lists. */
  readonly status?: string;
  /** Such as `MySQL`. */
  readonly engine?: string;
  readonly engineVersion?: string;
  readonly createTime?: Instant;
  readonly regionId?: string;
  readonly zoneId?: string;
  readonly vpcId?: string;
  readonly vSwitchId?: string;
  readonly resourceGroupId?: string;
  readonly dbInstanceClass?: string;
  /** Such as `local_ssd` or `cloud_essd`. */
  readonly dbInstanceStorageType?: string;
  /** `Postpaid` or `Prepaid`. */
  readonly payType?: string;
}

const action = "DescribeDBInstances";

/**
 * Lists the instances of a region that the caller may see: every page, in the order of the API, unless the request names
 * one. One request for each page. A list that cannot be read as a whole is an error.
 *
 * An instance that is being created may be listed late. A caller with rights for some resource groups or tags only may
 * get a shorter list, and nothing in the answer says so.
 *
 * @param client of the endpoint that serves the region
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describedbinstances
 */
export async function describeDbInstances(
  client: RdsClient,
  request: DescribeDbInstancesRequest,
): Promise<readonly DbInstance[]> {
  checkRegionId("regionId", request.regionId);
  ifGiven(checkForm(/\S/, "a part of an id or a name"), "searchKey", request.searchKey);
  ifGiven(checkInstanceId, "dbInstanceId", request.dbInstanceId);
  ifGiven(checkResourceGroupId, "resourceGroupId", request.resourceGroupId);
  ifGiven(checkTags, "tags", request.tags);
  checkPaging(request);
  return readAllPages(client, {
    action,
    paging: request,
    parameters: {
      RegionId: request.regionId,
      SearchKey: request.searchKey,
      DBInstanceId: request.dbInstanceId,
      ResourceGroupId: request.resourceGroupId,
      Tags: request.tags === undefined ? undefined : JSON.stringify(request.tags),
    },
    // A row that is missing may be the instance that somebody looks for.
    isTotalExact: true,
    rowsField: "DBInstance",
    idField: "DBInstanceId",
    parse: (item) => parseDbInstance(action, item),
  });
}

/**
 * Reads an instance from a row of this action, or of DescribeDBInstanceAttribute.
 *
 * @throws RdsApiError of code InvalidResponse if it has no id, or one that can be none: nobody could say which instance it is
 */
export function parseDbInstance(ofAction: string, item: unknown): DbInstance {
  const row = new Row(item);
  const dbInstanceId = row.read("DBInstanceId", instanceId);
  if (dbInstanceId === undefined) {
    throw new RdsApiError({
      action: ofAction,
      code: "InvalidResponse",
      reason: "an instance has no DBInstanceId, or a malformed one",
    });
  }
  return knownFields<DbInstance>({
    dbInstanceId,
    description: row.text("DBInstanceDescription"),
    type: row.read("DBInstanceType", word),
    status: row.text("DBInstanceStatus"),
    engine: row.read("Engine", engineName),
    engineVersion: row.read("EngineVersion", version),
    // DescribeDBInstanceAttribute has another name for it.
    createTime: row.instant("CreateTime") ?? row.instant("CreationTime"),
    regionId: row.text("RegionId"),
    zoneId: row.read("ZoneId", zone),
    vpcId: row.text("VpcId"),
    vSwitchId: row.text("VSwitchId"),
    resourceGroupId: row.text("ResourceGroupId"),
    dbInstanceClass: row.text("DBInstanceClass"),
    dbInstanceStorageType: row.read("DBInstanceStorageType", word),
    payType: row.text("PayType"),
  });
}
