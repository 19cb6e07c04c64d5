interface Event {
  readonly at: number;
  readonly happen: () => void;
}

/** Time that passes as fast as the machine can. */
export class VirtualTime {
  /** Milliseconds since the start. */
  now = 0;
  /** What is to happen, the latest event first; few are waiting at any time. */
  private readonly events: Event[] = [];

  /** Lets something happen so many milliseconds from now, after what is due at the same time. */
  in(ms: number, happen: () => void): void {
    const at = this.now + ms;
    const place = this.events.findLastIndex((event) => event.at > at);
    this.events.splice(place + 1, 0, { at, happen });
  }

  /** Lets time pass until nothing is left to happen, a time has come, or it is over. */
  run(untilMs: number, isOver: () => boolean): void {
    while (!isOver()) {
      const event = this.events.pop();
      if (event === undefined || event.at >= untilMs) {
        this.now = untilMs;
        return;
      }
      this.now = event.at;
      event.happen();
    }
  }
}
