import { instanceRows } from "../instance-rows";
import { refusal } from "../rpc-error";
import { idOf } from "../world-records";
import type { Action } from "./action";

/** One instance; it is there from its creation on, listed or not. */
export const describeDbInstanceAttribute: Action = (parameters, view) => {
  const dbInstanceId = parameters.required("DBInstanceId");
  const regionId = view.region(parameters);
  const found = instanceRows(view, regionId, false).find((row) => idOf(row, "DBInstanceId") === dbInstanceId);
  if (found === undefined) {
    throw refusal("InvalidDBInstanceId.NotFound", dbInstanceId);
  }
  const { CreateTime: createTime, ...row } = found;
  return { Items: { DBInstanceAttribute: [{ ...row, CreationTime: createTime }] } };
};
