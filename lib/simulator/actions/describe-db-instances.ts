import { instanceRows } from "../instance-rows";
import { itemsOf, pageOf, recordsOn } from "../paging";
import { refusal } from "../rpc-error";
import { idOf } from "../world-records";
import type { WorldView } from "../world-view";
import type { Action } from "./action";

const maxPageSize = 100;

/** The instances of a region that the caller may see. SearchKey is a part of an id or of a name; Tags is an object. */
export const describeDbInstances: Action = (parameters, view) => {
  const regionId = view.region(parameters);
  const page = pageOf(parameters, (size) => size <= maxPageSize);
  const searchKey = parameters.optional("SearchKey")?.toLowerCase();
  const dbInstanceId = parameters.optional("DBInstanceId");
  const resourceGroupId = parameters.optional("ResourceGroupId");
  const { visibleResourceGroups } = view.world;
  const tagged = taggedInstances(parameters.optional("Tags"), view, regionId);
  const found = instanceRows(view, regionId, true).filter((row) => {
    const group = idOf(row, "ResourceGroupId");
    const names = [idOf(row, "DBInstanceId"), idOf(row, "DBInstanceDescription")];
    return (
      (visibleResourceGroups === undefined || visibleResourceGroups.includes(group)) &&
      (searchKey === undefined || names.some((name) => name.toLowerCase().includes(searchKey))) &&
      (dbInstanceId === undefined || names[0] === dbInstanceId) &&
      (resourceGroupId === undefined || group === resourceGroupId) &&
      (tagged === undefined || tagged.has(names[0] ?? ""))
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

/** The ids of the instances that have all of the tags; undefined if none are asked for. */
function taggedInstances(text: string | undefined, view: WorldView, regionId: string): ReadonlySet<string> | undefined {
  if (text === undefined) {
    return undefined;
  }
  const wanted = Object.entries(tagsOf(text));
  const found = view
    .instancesIn(regionId)
    .filter(({ tags = {} }) => wanted.every(([key, value]) => Object.hasOwn(tags, key) && tags[key] === value));
  return new Set(found.map(({ dbInstanceId }) => dbInstanceId));
}

function tagsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const tags: unknown = JSON.parse(text);
    if (typeof tags === "object" && tags !== null && !Array.isArray(tags)) {
      return tags as Readonly<Record<string, unknown>>;
    }
  } catch {
    // As for what is no object.
  }
  throw refusal("InvalidParameters.Format", "Tags");
}
