import { instanceRows } from "../instance-rows";
import { itemsOf, pageOf, recordsOn } from "../paging";
import { idOf } from "../world-records";
import type { Action } from "./action";

const maxPageSize = 100;

/** The instances of a region that the caller may see. SearchKey is a part of an id or of a name. */
export const describeDbInstances: Action = (parameters, view) => {
  const regionId = view.region(parameters);
  const page = pageOf(parameters, (size) => size <= maxPageSize);
  const searchKey = parameters.optional("SearchKey")?.toLowerCase();
  const dbInstanceId = parameters.optional("DBInstanceId");
  const resourceGroupId = parameters.optional("ResourceGroupId");
  const { visibleResourceGroups } = view.world;
  const found = instanceRows(view, regionId, true).filter((row) => {
    const group = idOf(row, "ResourceGroupId");
    const names = [idOf(row, "DBInstanceId"), idOf(row, "DBInstanceDescription")];
    return (
      (visibleResourceGroups === undefined || visibleResourceGroups.includes(group)) &&
      (searchKey === undefined || names.some((name) => name.toLowerCase().includes(searchKey))) &&
      (dbInstanceId === undefined || names[0] === dbInstanceId) &&
      (resourceGroupId === undefined || group === resourceGroupId)
    );
  });
  // Only DescribeDBInstanceAttribute says how large the disk is.
  const shown = recordsOn(page, found).map(({ DBInstanceStorage: _, ...row }) => row);
  return {
    Items: itemsOf(shown, view.world, "DBInstance"),
    PageNumber: page.number,
    PageRecordCount: shown.length,
    TotalRecordCount: found.length,
  };
};
