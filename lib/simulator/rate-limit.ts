const windowMs = 1000;

/** A limit on the requests that pass in any one second; refused requests do not count. */
export class RateLimit {
  private admitted: number[] = [];

  constructor(private readonly requestsPerSecond: number) {}

  /** Whether one more request may pass at `time` (milliseconds of a clock that never goes back). */
  admits(time: number): boolean {
    this.admitted = this.admitted.filter((earlier) => time - earlier < windowMs);
    if (this.admitted.length >= this.requestsPerSecond) {
      return false;
    }
    this.admitted.push(time);
    return true;
  }
}
