import { optional } from "../../backup/json-object";
import { Row } from "../../backup/row";
import { checkInstanceId, checkRegionId } from "../../validation/checks";
import { RdsApiError } from "../errors/rds-api-error";
import { itemsOf } from "../paging";
import type { RdsClient, RpcAnswer } from "../rds-client";
import { type DbInstance, parseDbInstance } from "./describe-db-instances";

/** The parameters of DescribeDBInstanceAttribute. */
export interface DescribeDbInstanceAttributeRequest {
  /** Region of the instance. */
  readonly regionId: string;
  readonly dbInstanceId: string;
}

/** An instance as this action returns it. */
export interface DbInstanceAttribute extends DbInstance {
  /** Its storage, GB. */
  readonly dbInstanceStorage?: number;
}

/** The code of RDS for an id that it does not know; the answer can also be an empty list. */
const notFound = "InvalidDBInstanceId.NotFound";

/**
 * Reads one instance. One request.
 *
 * The page lists no RegionId, but the central endpoint serves many regions; the Terraform provider sends it as well.
 *
 * @param client of the endpoint that serves the region
 * @throws InvalidRequestError before anything is sent
 * @throws RdsApiError of the kind NOT_FOUND if there is no such instance, for this account and region
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describedbinstanceattribute
 */
export async function describeDbInstanceAttribute(
  client: RdsClient,
  { regionId, dbInstanceId }: DescribeDbInstanceAttributeRequest,
): Promise<DbInstanceAttribute> {
  checkRegionId("regionId", regionId);
  checkInstanceId("dbInstanceId", dbInstanceId);
  const action = "DescribeDBInstanceAttribute";
  const parameters = { RegionId: regionId, DBInstanceId: dbInstanceId };
  return client.callAndRead(action, parameters, (answer) => attributeIn(action, answer, dbInstanceId));
}

function attributeIn(action: string, answer: RpcAnswer, dbInstanceId: string): DbInstanceAttribute {
  const [item, ...others] = itemsOf(action, answer, "DBInstanceAttribute");
  if (item === undefined) {
    throw new RdsApiError({ action, code: notFound, reason: `there is no instance ${dbInstanceId} in the answer` });
  }
  const instance = parseDbInstance(action, item);
  if (others.length > 0 || instance.dbInstanceId !== dbInstanceId) {
    const reason = `the answer is not about the instance ${dbInstanceId} alone`;
    throw new RdsApiError({ action, code: "InvalidResponse", reason });
  }
  return { ...instance, ...optional("dbInstanceStorage", new Row(item).integer("DBInstanceStorage")) };
}
