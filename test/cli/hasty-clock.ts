import { setTimeout as sleep } from "node:timers/promises";
import type { Io } from "../../lib/cli/io";

/** A clock whose pauses are a thousandth of what they should be. */
export const hastyClock: Io["clock"] = { now: Date.now, sleep: (ms) => sleep(ms / 1_000) };
