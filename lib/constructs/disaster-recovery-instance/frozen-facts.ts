import { Fn, type IResolvable, Token } from "cdktf";
import type { Construct } from "constructs";
import { snakeCase } from "../../backup/record-fields";
import type { ICrossRegionBackup } from "../cross-region-backup";
import { FrozenData } from "./frozen-data";

const ofBackup = ["crossBackupId", "restoreRegions", "engine", "engineVersion", "crossBackupSetSize"] as const;
const ofWindow = ["dbInstanceId", "regionId", "dataTime", "recoverableFrom", "recoverableUntil"] as const;

type RestoreFact = (typeof ofBackup | typeof ofWindow)[number];

/** The backup that an instance is restored from, as far as a restore needs it. */
export type RestoredBackup = Pick<ICrossRegionBackup, RestoreFact | "dbInstanceStorageType" | "node">;

/** A fact for Terraform to keep: if the source lacks it, or has null or "", a value on which no expression fails. */
function orAbsent(name: RestoreFact, { [name]: value }: RestoredBackup): unknown {
  if (Array.isArray(value)) {
    return Fn.try([Fn.coalescelist([value, [""]]), [""]]);
  }
  return name === "crossBackupSetSize"
    ? Fn.try([Fn.coalesce([Fn.tonumber(value)]), 0])
    : Fn.try([Fn.coalesce([value]), ""]);
}

/**
 * Keeps the facts that only Terraform knows as they are when Terraform makes the instance. So its preconditions judge the
 * backup that it was restored from, not the one of today. The price: if no instance comes of it, the next deploy tries the
 * same backup again, until somebody has Terraform replace the data.
 *
 * @param hasTime whether the backup and its logs are restored to a point in time
 * @returns the backup with the kept facts; no `frozen` if every fact is a plain value
 */
export function freezeFacts(
  scope: Construct,
  backup: RestoredBackup,
  hasTime: boolean,
): { readonly backup: RestoredBackup; readonly frozen?: FrozenData } {
  const names = [...ofBackup, ...(hasTime ? ofWindow : [])].filter((name) => Token.isUnresolved(backup[name]));
  if (names.length === 0) {
    return { backup };
  }
  const input = names.map((name) => [snakeCase(name), orAbsent(name, backup)]);
  const data = new FrozenData(scope, "backup", { input: Object.fromEntries(input) as object });
  const facts = [...ofBackup, ...ofWindow, "dbInstanceStorageType"] as const;
  const kept = names.map((name) => [name, tokenOf(name, data.kept(snakeCase(name)))]);
  return {
    backup: {
      ...(Object.fromEntries([...facts.map((name) => [name, backup[name]]), ...kept]) as unknown as RestoredBackup),
      node: backup.node,
    },
    frozen: data,
  };
}

function tokenOf(name: RestoreFact, value: IResolvable): unknown {
  if (name === "restoreRegions") {
    return Token.asList(value);
  }
  return name === "crossBackupSetSize" ? Token.asNumber(value) : Token.asString(value);
}
