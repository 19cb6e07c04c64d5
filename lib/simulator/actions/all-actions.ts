import type { Action } from "./action";
import { describeCrossRegionBackups } from "./describe-cross-region-backups";

/** Every action that the simulator knows, by name. */
export const allActions: ReadonlyMap<string, Action> = new Map([
  ["DescribeCrossRegionBackups", describeCrossRegionBackups],
]);
