/** Whether a limit lets a request through that comes at this time, milliseconds. */
export type Admits = (time: number) => boolean;

/** A number from 0 to 1, 1 excluded. */
export type Random = () => number;

/** Numbers that look random and are the same for each seed. */
export function randomOf(seed: number): Random {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many in any stretch of one second. */
export function slidingWindow(perSecond: number): Admits {
  let admitted: number[] = [];
  return (time) => {
    admitted = admitted.filter((earlier) => time - earlier < 1_000);
    return admitted.length < perSecond && admitted.push(time) > 0;
  };
}

/** So many in each stretch of the clock; the first one ends within the stretch. */
export function fixedWindow(perWindow: number, windowMs = 1_000, phase = 1 / 3): Admits {
  let current = -1;
  let admitted = 0;
  return (time) => {
    const window = Math.floor((time + windowMs * phase) / windowMs);
    admitted = window === current ? admitted : 0;
    current = window;
    return admitted < perWindow && ++admitted > 0;
  };
}

/** As many as there are tokens in a bucket, which is full at first. */
export function tokenBucket(perSecond: number, size = perSecond): Admits {
  let tokens = size;
  let last = 0;
  return (time) => {
    tokens = Math.min(size, tokens + ((time - last) * perSecond) / 1_000);
    last = time;
    const admitted = tokens >= 1;
    tokens -= admitted ? 1 : 0;
    return admitted;
  };
}

/** One limit until a time, another one from then on. */
export function changing(before: Admits, after: Admits, at: number): Admits {
  return (time) => (time < at ? before(time) : after(time));
}

/** This part of the requests is refused at random; a limit decides about the others. */
export function noise(share: number, random: Random, limit: Admits = () => true): Admits {
  return (time) => random() >= share && limit(time);
}

/** A limit that others share, and what it let them have. */
export interface Shared {
  readonly admits: Admits;
  /** How many requests of the others passed. */
  readonly others: () => number;
}

/** A limit that others share who send so many a second during one second of three. */
export function sharedLimit(limit: Admits, perSecond: number, random: Random): Shared {
  const phase = random() * 3_000;
  let others = 0;
  let next = 0;
  const letOthersCome = (until: number): void => {
    while (next <= until) {
      const inCycle = (next + phase) % 3_000;
      if (inCycle < 1_000) {
        others += limit(next) ? 1 : 0;
        next += (1_000 / perSecond) * (0.5 + random());
      } else {
        next += 3_000 - inCycle;
      }
    }
  };
  return {
    admits: (time) => {
      letOthersCome(time);
      return limit(time);
    },
    others: () => others,
  };
}
