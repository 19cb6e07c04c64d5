import { policyOf } from "../backup-policy";
import { itemsOf, pageOf, recordsOn } from "../paging";
import { refusal } from "../rpc-error";
import type { Action } from "./action";

const maxInstanceIds = 30;

/** The instances of a region that have a cross-region backup policy; ids that are not there are passed over. */
export const describeCrossRegionBackupDbInstance: Action = (parameters, view) => {
  const regionId = view.sourceRegion(parameters);
  const ids = parameters.optional("DBInstanceId")?.split(",");
  if (ids !== undefined && ids.length > maxInstanceIds) {
    throw refusal("InvalidParameters.Format", "DBInstanceId");
  }
  const page = pageOf(parameters);

  const named = ids && [...new Set(ids)].flatMap((id) => view.instanceIn(regionId, id) ?? []);
  const found = (named ?? view.instancesIn(regionId)).filter(({ policy }) => policy !== undefined);
  const shown = recordsOn(page, found).map((instance) => policyOf(instance, view.now));
  return {
    Items: itemsOf(shown, view.world),
    ItemsNumbers: shown.length,
    PageNumber: page.number,
    PageSize: page.size,
    RegionId: regionId,
    TotalRecords: found.length,
  };
};
