/** After so many tries, and no sooner than so many milliseconds, a resolver that is busy counts as down. */
const enoughTries = 3;
const patienceMs = 3_000;

/**
 * Whether the host of an endpoint, or of its proxy, has no address: then each further request would wait for the same
 * failure. Once anything has answered, the name is good, and a failure is a passing one.
 */
export class NameFailures {
  private hasAnswered = false;
  private tries = 0;
  private firstAt: number | undefined;
  private lastAt = -Infinity;
  private lastWord: object | undefined;

  /** The failure of every request from now on; undefined while one may still succeed. */
  get final(): object | undefined {
    return this.lastWord;
  }

  /** Takes note that something answered. */
  answered(): void {
    this.hasAnswered = true;
  }

  /** Takes note of a failure; requests that were under way together are one try. */
  failed(failure: object, sentAt: number, now: number): void {
    const { code } = failure as NodeJS.ErrnoException;
    if (this.hasAnswered || this.lastWord !== undefined || (code !== "ENOTFOUND" && code !== "EAI_AGAIN")) {
      return;
    }
    if (sentAt >= this.lastAt) {
      this.tries++;
      this.lastAt = now;
    }
    this.firstAt ??= sentAt;
    if (code === "ENOTFOUND" || (this.tries >= enoughTries && now - this.firstAt >= patienceMs)) {
      this.lastWord = failure;
    }
  }
}
