import { Pace } from "../../lib/rds-api/pace/pace";
import type { Admits, Random } from "./limits";
import { VirtualTime } from "./virtual-time";

/** Calls that are all wanted at once, and the API that they meet. */
export interface Scenario {
  readonly admits: Admits;
  readonly random: Random;
  readonly count: number;
  readonly concurrency: number;
  readonly latencyMs: number;
  readonly deadlineMs: number;
}

/** What became of the calls. */
export interface Outcome {
  readonly found: number;
  /** When the last call was answered, or the deadline. */
  readonly seconds: number;
  /** The part of the requests that was refused. */
  readonly wasted: number;
  /** The same, of those later than a second after the first refusal. */
  readonly wastedLater: number;
  /** The part of the time during which the pace reported a limit. */
  readonly limited: number;
}

/** What came to the API. */
class Witness {
  found = 0;
  private readonly requests: { readonly at: number; readonly isAdmitted: boolean }[] = [];
  private readonly reports: boolean[] = [];
  readonly time = new VirtualTime();

  constructor(private readonly scenario: Scenario) {}

  /** Sends a request; `answered` is called with whether it passed. */
  send(answered: (isAdmitted: boolean) => void): void {
    const { admits, random, latencyMs } = this.scenario;
    // No two round trips take exactly as long.
    const oneWayMs = (latencyMs * (0.95 + 0.1 * random())) / 2;
    this.time.in(oneWayMs, () => {
      const isAdmitted = admits(this.time.now);
      this.requests.push({ at: this.time.now, isAdmitted });
      this.time.in(oneWayMs, () => {
        this.found += isAdmitted ? 1 : 0;
        answered(isAdmitted);
      });
    });
  }

  /** Asks every tenth of a second whether a limit is reported. */
  watch(isLimited: () => boolean): void {
    this.time.in(100, () => {
      this.reports.push(isLimited());
      this.watch(isLimited);
    });
  }

  /** What became of the calls, once all are found or the time is over. */
  outcome(): Outcome {
    this.time.run(this.scenario.deadlineMs, () => this.found === this.scenario.count);
    const firstRefusal = this.requests.find(({ isAdmitted }) => !isAdmitted)?.at ?? 0;
    const wastedOf = (some: typeof this.requests): number =>
      some.filter(({ isAdmitted }) => !isAdmitted).length / Math.max(1, some.length);
    return {
      found: this.found,
      seconds: this.time.now / 1_000,
      wasted: wastedOf(this.requests),
      wastedLater: wastedOf(this.requests.filter(({ at }) => at > firstRefusal + 1_000)),
      limited: this.reports.filter(Boolean).length / Math.max(1, this.reports.length),
    };
  }
}

/** The decisions of the client and its gate, at the pace of the package. */
export function paced(scenario: Scenario): Outcome {
  const witness = new Witness(scenario);
  const { time } = witness;
  const pace = new Pace();
  let waiting = scenario.count;
  let underWay = 0;
  let timer = 0;
  const letPass = (): void => {
    timer++;
    while (underWay < scenario.concurrency && waiting > 0) {
      const waitMs = pace.waitMs(time.now);
      if (waitMs > 0) {
        const mine = timer;
        time.in(Math.ceil(waitMs), () => {
          if (mine === timer) {
            letPass();
          }
        });
        return;
      }
      const sentAt = time.now;
      underWay++;
      waiting--;
      pace.sent(sentAt);
      witness.send((isAdmitted) => {
        underWay--;
        waiting += isAdmitted ? 0 : 1;
        pace[isAdmitted ? "passed" : "refused"](sentAt, time.now);
        letPass();
      });
    }
  };
  witness.watch(() => pace.limit(time.now) !== undefined);
  letPass();
  return witness.outcome();
}

/** What most programs do: so many at once, each tried again after up to 200, 400, 800 ms and so on if it is refused. */
export function plain(scenario: Scenario): Outcome {
  const witness = new Witness(scenario);
  let left = scenario.count;
  const call = (tries: number): void => {
    witness.send((isAdmitted) => {
      if (!isAdmitted) {
        const pauseMs = scenario.random() * Math.min(5_000, 200 * 2 ** tries);
        witness.time.in(pauseMs, () => {
          call(tries + 1);
        });
      } else if (left > 0) {
        left--;
        call(0);
      }
    });
  };
  for (let place = 0; place < scenario.concurrency && left > 0; place++) {
    left--;
    call(0);
  }
  return witness.outcome();
}
