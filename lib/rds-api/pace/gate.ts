import { ErrorKind } from "../errors/error-kind";
import { RdsApiError } from "../errors/rds-api-error";
import type { Pace } from "./pace";

/** The one queue of a client's requests: lets so many be under way at once, at the pace that the API allows. */
export class Gate {
  private readonly waiting: (() => void)[] = [];
  private underWay = 0;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param concurrency most requests that are under way at once
   * @param pace what is known of the limit; another gate may have learnt it
   */
  constructor(
    private readonly concurrency: number,
    private readonly pace: Pace,
  ) {}

  /** About how many requests a second the API lets through; undefined unless the pace believes in a limit. */
  get limit(): number | undefined {
    return this.pace.limit(performance.now());
  }

  /**
   * Sends a request when its turn comes.
   *
   * @param again whether it was sent before, which puts it in front of those that were not
   */
  async pass<T>(send: () => Promise<T>, again: boolean): Promise<T> {
    await new Promise<void>((resolve) => {
      this.waiting[again ? "unshift" : "push"](resolve);
      this.letPass();
    });
    const sentAt = performance.now();
    try {
      const answer = await send();
      this.pace.passed(sentAt, performance.now());
      return answer;
    } catch (error) {
      if (error instanceof RdsApiError && error.kind === ErrorKind.THROTTLED) {
        this.pace.refused(sentAt, performance.now());
      } else if (error instanceof RdsApiError && !error.retryable) {
        // The API looked at it. A fault on the way says nothing about a limit.
        this.pace.passed(sentAt, performance.now());
      }
      throw error;
    } finally {
      this.underWay--;
      this.letPass();
    }
  }

  private letPass(): void {
    clearTimeout(this.timer);
    while (this.underWay < this.concurrency && this.waiting.length > 0) {
      const now = performance.now();
      const waitMs = this.pace.waitMs(now);
      if (waitMs > 0) {
        // The deadlines of those who wait keep the process alive.
        this.timer = setTimeout(() => {
          this.letPass();
        }, Math.ceil(waitMs)).unref();
        return;
      }
      this.underWay++;
      this.pace.sent(now);
      this.waiting.shift()?.();
    }
  }
}
