/** Whether a limit lets a request through that comes at this time, milliseconds. */
export type Admits = (time: number) => boolean;

/** So many in any stretch of one second. */
export function slidingWindow(perSecond: number): Admits {
  let admitted: number[] = [];
  return (time) => {
    admitted = admitted.filter((earlier) => time - earlier < 1_000);
    return admitted.length < perSecond && admitted.push(time) > 0;
  };
}

/** So many in each stretch of the clock; the first one ends within the stretch. */
export function fixedWindow(perWindow: number, windowMs = 1_000): Admits {
  let current = -1;
  let admitted = 0;
  return (time) => {
    const window = Math.floor((time + windowMs / 3) / windowMs);
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
