import type { IConstruct } from "constructs";
import type { DeclaredRestore, LockedRestores } from "../lock/restores";
import type { Settings } from "../lock/settings";

/** What an app knows of the restores that "rds-dr restore" makes. */
export interface RestoreRecord {
  readonly settings: Settings;
  readonly restores: LockedRestores;
}

const records = new WeakMap<IConstruct, RestoreRecord>();

/**
 * The restores that the lock file knows, read once for each app.
 *
 * @throws InvalidRequestError for settings or a lock file that cannot be understood
 */
export function restoreRecordOf(construct: IConstruct): RestoreRecord {
  const { root } = construct.node;
  const record = records.get(root) ?? readRecord(root);
  records.set(root, record);
  return record;
}

/** What reads them is loaded here, because an app without a restore needs none of it. */
function readRecord(root: IConstruct): RestoreRecord {
  const { contextKey, readSettings } = require("../lock/settings") as typeof import("../lock/settings");
  const { readRestores } = require("../lock/lock-file") as typeof import("../lock/lock-file");
  const settings = readSettings(root.node.tryGetContext(contextKey), process.env, process.cwd());
  return { settings, restores: readRestores(settings) };
}

/**
 * Reports a restore to the command that runs the app.
 *
 * @throws InvalidRequestError if the report cannot be written
 */
export function reportRestore(report: string, restore: DeclaredRestore): void {
  // Loaded here, because most runs report nothing.
  const { appendReport } = require("../lock/update-lock-file") as typeof import("../lock/update-lock-file");
  appendReport(report, [{ restore }]);
}
