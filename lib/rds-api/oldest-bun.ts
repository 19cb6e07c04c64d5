import { InvalidRequestError } from "../validation/checks";

/**
 * The oldest Bun that the client works in. Older ones do not report that a connection was reset, so a request waits
 * until its time runs out; before 1.4 they also ignore proxies, or fail with one.
 */
const oldest = [1, 4, 3];

/**
 * Refuses a Bun that is too old; any Node passes, as npm checks its version.
 *
 * @param versions those of the process
 * @throws InvalidRequestError names the oldest version that works
 */
export function checkBun({ bun }: Readonly<Record<string, string | undefined>> = process.versions): void {
  if (bun !== undefined && isBefore(bun.split(".").map(leadingNumber), oldest)) {
    const advice = "an older one does not notice that a connection was reset. Update Bun, or run this with Node";
    throw new InvalidRequestError("the version of Bun", bun, `${oldest.join(".")} or later: ${advice}`);
  }
}

/** Whether a version is before another one; a preview counts as its release. */
function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const index = other.findIndex((number, place) => number !== version[place]);
  return index !== -1 && (version[index] ?? 0) < (other[index] ?? 0);
}

/** The number of a part such as `3-canary`. */
function leadingNumber(part: string): number {
  return Number.parseInt(part, 10);
}
