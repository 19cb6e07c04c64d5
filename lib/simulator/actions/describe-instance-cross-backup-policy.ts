import { policyOf } from "../backup-policy";
import type { Action } from "./action";

/** The cross-region backup policy of one instance; disabled when the world gives none. */
export const describeInstanceCrossBackupPolicy: Action = (parameters, view) => {
  const dbInstanceId = parameters.required("DBInstanceId");
  const regionId = view.sourceRegion(parameters);
  return { ...policyOf(view.instance(regionId, dbInstanceId), view.now), RegionId: regionId };
};
