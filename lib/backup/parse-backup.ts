import { type Form, region } from "./forms";
import { isObject, withSecret } from "./json-object";
import {
  type CrossRegionBackupRecord,
  type CrossRegionBackupRow,
  recordFields,
  restoreRegionsName,
} from "./record-fields";
import { Row } from "./row";

const fields: readonly (readonly [name: string, field: { apiName: string; form: Form<unknown> }])[] =
  Object.entries(recordFields);

/**
 * Reads one element of `Items.Item`. Pure and total: whatever is handed in gives a record. A field is absent if the
 * row says nothing of it, and noted as `unreadable` if it breaks its form.
 */
export function parseCrossRegionBackup(item: unknown): CrossRegionBackupRow {
  const row = new Row(item);
  const facts: Record<string, unknown> = {};
  for (const [name, { apiName, form }] of fields) {
    const value = row.read(apiName, form);
    if (value !== undefined) {
      facts[name] = value;
    }
  }
  const record = {
    ...(facts as Omit<CrossRegionBackupRecord, "restoreRegions" | "unreadable">),
    restoreRegions: parseRestoreRegions(row),
    unreadable: row.unreadable,
  };
  return withSecret<CrossRegionBackupRow>(record, "crossBackupDownloadLink", row.text("CrossBackupDownloadLink"));
}

/** Alibaba Cloud has some thirty. */
const mostRegions = 200;

/**
 * The regions of `RestoreRegions`: a list, a lone text, or the page's own sample, which puts several quoted
 * names into one element.
 */
function parseRestoreRegions(row: Row): string[] {
  const names = textsIn(row.raw(restoreRegionsName))
    .flatMap((text) => text.split(","))
    .map((name) => name.replace(/["'[\]\s]/g, ""))
    .filter((name) => name !== "");
  const regions = new Set(names);
  const [malformed] =
    regions.size > mostRegions
      ? [`${regions.size} names`]
      : [...regions].filter((name): boolean => !region.holds(name));
  if (malformed !== undefined) {
    row.note(restoreRegionsName, malformed);
    return [];
  }
  return [...regions].sort();
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  if (Array.isArray(value)) {
    return value.flatMap(textsIn);
  }
  return isObject(value) ? textsIn(value["RestoreRegion"]) : [];
}
