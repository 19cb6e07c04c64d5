import { Pace } from "../../lib/rds-api/pace";
import type { Admits } from "./limits";

/** Calls that are all wanted at once, and the API that they meet. */
export interface Scenario {
  readonly admits: Admits;
  readonly count: number;
  readonly concurrency: number;
  /** Of one request, milliseconds. */
  readonly latencyMs: () => number;
  readonly deadlineMs: number;
  /** The answer to a refused request comes at once. */
  readonly hasty?: boolean;
}

/** What became of the calls. */
export interface Outcome {
  readonly found: number;
  /** When the last call was answered, or the deadline. */
  readonly seconds: number;
  readonly sent: number;
  readonly refused: number;
  /** Share of the requests later than a second after the first refusal that was refused. */
  readonly wastedLater: number;
  /** Each limit that the pace believed in, one a tenth of a second. */
  readonly limits: readonly (number | undefined)[];
}

/** When the requests of a scenario are sent. */
export type Sending = (scenario: Scenario) => Outcome;

interface Event {
  readonly at: number;
  readonly happen: () => void;
}

/** Time that passes as fast as the machine can: the earliest event is next, of two at one time the older one. */
class VirtualTime {
  now = 0;
  private readonly heap: Event[] = [];

  in(ms: number, happen: () => void): void {
    const event = { at: this.now + ms, happen };
    const { heap } = this;
    let place = heap.push(event) - 1;
    for (; place > 0; place = (place - 1) >> 1) {
      const parent = heap[(place - 1) >> 1];
      if (parent === undefined || parent.at <= event.at) {
        break;
      }
      heap[place] = parent;
    }
    heap[place] = event;
  }

  /** Lets events happen until there are none, it is late, or enough is enough. */
  run(untilMs: number, isOver: () => boolean): void {
    for (let event = this.next(); event !== undefined && event.at < untilMs; event = this.next()) {
      this.now = event.at;
      event.happen();
      if (isOver()) {
        return;
      }
    }
    this.now = untilMs;
  }

  private next(): Event | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) {
      return first;
    }
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      const least = right !== undefined && left !== undefined && right.at < left.at ? right : left;
      child += least === right && right !== undefined ? 1 : 0;
      if (least === undefined || least.at >= last.at) {
        break;
      }
      heap[place] = least;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

/** What came to the API. */
class Witness {
  found = 0;
  readonly requests: { readonly at: number; readonly isAdmitted: boolean }[] = [];
  readonly limits: (number | undefined)[] = [];

  outcome(endMs: number): Outcome {
    const firstRefusal = this.requests.find(({ isAdmitted }) => !isAdmitted)?.at ?? 0;
    const later = this.requests.filter(({ at }) => at > firstRefusal + 1_000);
    const refusedOf = (some: typeof later): number => some.filter(({ isAdmitted }) => !isAdmitted).length;
    return {
      found: this.found,
      seconds: endMs / 1_000,
      sent: this.requests.length,
      refused: refusedOf(this.requests),
      wastedLater: refusedOf(later) / Math.max(1, later.length),
      limits: this.limits,
    };
  }
}

/** The decisions of the gate and the client, at the pace of the package. */
export function paced({ admits, count, concurrency, latencyMs, deadlineMs, hasty = false }: Scenario): Outcome {
  const time = new VirtualTime();
  const witness = new Witness();
  const pace = new Pace();
  let waiting = count;
  let underWay = 0;
  let timer = 0;
  const send = (): void => {
    const sentAt = time.now;
    const latency = latencyMs();
    time.in(latency / 2, () => {
      const isAdmitted = admits(time.now);
      witness.requests.push({ at: time.now, isAdmitted });
      time.in(hasty && !isAdmitted ? 1 : latency / 2, () => {
        underWay--;
        if (isAdmitted) {
          witness.found++;
          pace.passed(sentAt, time.now);
        } else {
          waiting++;
          pace.refused(sentAt, time.now);
        }
        letPass();
      });
    });
  };
  const letPass = (): void => {
    const mine = ++timer;
    while (underWay < concurrency && waiting > 0) {
      const waitMs = pace.waitMs(time.now);
      if (waitMs > 0) {
        time.in(Math.ceil(waitMs), () => {
          if (mine === timer) {
            letPass();
          }
        });
        return;
      }
      underWay++;
      waiting--;
      pace.sent(time.now);
      send();
    }
  };
  const watch = (): void => {
    witness.limits.push(pace.limit(time.now));
    time.in(100, watch);
  };
  watch();
  letPass();
  time.run(deadlineMs, () => witness.found === count);
  return witness.outcome(time.now);
}

/** What most programs do: so many at once, each refusal tried again after up to 200, 400, 800 ms and so on. */
export function plain(
  { admits, count, concurrency, latencyMs, deadlineMs }: Scenario,
  random: () => number,
  keepsPlace = true,
): Outcome {
  const time = new VirtualTime();
  const witness = new Witness();
  let left = count;
  let queue: number[] = [];
  let underWay = 0;
  const next = (): void => {
    while (underWay < concurrency) {
      const tries = queue.shift();
      if (tries === undefined && left === 0) {
        return;
      }
      if (tries === undefined) left--;
      underWay++;
      send(tries ?? 0);
    }
  };
  const send = (tries: number): void => {
    const latency = latencyMs();
    time.in(latency / 2, () => {
      const isAdmitted = admits(time.now);
      witness.requests.push({ at: time.now, isAdmitted });
      time.in(latency / 2, () => {
        if (isAdmitted) {
          witness.found++;
          underWay--;
          next();
          return;
        }
        const pause = random() * Math.min(5_000, 200 * 2 ** tries);
        if (keepsPlace) {
          time.in(pause, () => send(tries + 1));
        } else {
          underWay--;
          next();
          time.in(pause, () => {
            queue.push(tries + 1);
            next();
          });
        }
      });
    });
  };
  next();
  time.run(deadlineMs, () => witness.found === count);
  return witness.outcome(time.now);
}
