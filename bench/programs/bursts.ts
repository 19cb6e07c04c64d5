/** Others who share a limit: they send many requests during one second of three, until they are stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { otherInstance } from "../arrivals";
import { page } from "./rpc";

const perSecond = 200;
const tickMs = 10;
const cycleMs = 3_000;
const burstMs = 1_000;

async function burst(): Promise<void> {
  const begin = performance.now();
  let sent = 0;
  for (let sinceMs = 0; sinceMs < burstMs; sinceMs = performance.now() - begin) {
    for (; sent < (sinceMs * perSecond) / 1_000; sent++) {
      // Only that they come is of interest: the instance does not exist.
      void page(otherInstance, 1, 1).catch(() => undefined);
    }
    await sleep(tickMs);
  }
}

async function forEver(): Promise<never> {
  for (;;) {
    await burst();
    await sleep(cycleMs - burstMs);
  }
}

void forEver();
