/**
 * Measures several things in turn, round after round: whatever else the machine does then hits all of them alike.
 * The first round warms up (files into memory, a stand-in's code compiled) and does not count.
 */
export async function rounds<T>(count: number, round: () => Promise<T>): Promise<readonly T[]> {
  await round();
  const results: T[] = [];
  for (let index = 0; index < count; index += 1) {
    results.push(await round());
  }
  return results;
}
