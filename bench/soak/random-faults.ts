import { FaultKind, type Fault } from "cdktf-alicloud-rds-dr/simulator";

/** What hits the requests, in turn. */
export const passingFaults = [FaultKind.SERVER_ERROR, FaultKind.RESET, FaultKind.THROTTLING];

/** Faults that hit a share of so many requests at random; the same for the same seed. */
export function randomFaults(share: number, requests: number, kinds: readonly FaultKind[], seed = 1): readonly Fault[] {
  const random = randomNumbers(seed);
  const places = Array.from({ length: requests }, (_, place) => place).filter(() => random() < share);
  // A fault does not see the requests that one before it hits.
  return places.map((place, before) => ({
    kind: kinds[Math.floor(random() * kinds.length)] ?? FaultKind.SERVER_ERROR,
    after: place - before,
    times: 1,
  }));
}

/** Numbers from 0 to 1 that look random (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
