import type { Check } from "../check";
import type { Effort } from "../setting";
import { measureFleet } from "./fleet";
import { measureLargeLock } from "./large-lock";
import { measureLoad } from "./load";
import { measureLocked } from "./locked";
import { measureLongList } from "./long-list";
import { measureOneLookup } from "./one-lookup";
import { measureRateLimit } from "./rate-limit";
import { measureSharing } from "./sharing";

/** Measures a target. */
type Measure = (effort: Effort) => Promise<readonly Check[]>;

const targets: readonly Measure[] = [
  measureOneLookup,
  measureLongList,
  measureFleet,
  measureRateLimit,
  measureLocked,
  measureLoad,
  measureSharing,
  measureLargeLock,
];

/** They are numbered from 1. */
export const targetCount = targets.length;

/** Measures every target, one after the other; one that cannot be measured has failed, and the rest goes on. */
export async function measureTargets(
  effort: Effort,
  wanted: (target: number) => boolean,
  onCheck: (check: Check) => void,
): Promise<readonly Check[]> {
  const all: Check[] = [];
  for (const [index, measure] of targets.entries()) {
    if (wanted(index + 1)) {
      const checks = await checksOf(measure, index + 1, effort);
      checks.forEach(onCheck);
      all.push(...checks);
    }
  }
  return all;
}

async function checksOf(measure: Measure, target: number, effort: Effort): Promise<readonly Check[]> {
  try {
    return await measure(effort);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return [{ target, what: "could not be measured", unit: "count", failure }];
  }
}
