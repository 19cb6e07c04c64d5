import { join } from "node:path";
import { check, information, type Check } from "../check";
import { rounds } from "../rounds";
import { inFolder, type Effort } from "../setting";
import { StandIn } from "../stand-in";
import { readWitnessed } from "../witnessed";
import { BenchApp } from "./app";

const latencyMs = 50;
const concurrency = 16;
const records = 28;

/**
 * Many instances in one app, against what the network allows.
 *
 * The start-up is what the same app takes without the network: all of it from locked answers, and what one
 * lookup costs beyond that (the thread, the client), a round trip less.
 */
export function measureFleet({ isQuick, runs }: Effort): Promise<readonly Check[]> {
  const instances = isQuick ? 100 : 1_000;
  const name = `${instances.toLocaleString("en")} instances in one app`;
  return StandIn.with({ instances, records, latencyMs }, (many) =>
    StandIn.with({ instances: 1, records, latencyMs }, (single) =>
      inFolder(async (cwd) => {
        const app = new BenchApp(many, join(cwd, "many"));
        const small = new BenchApp(single, join(cwd, "single"));
        await app.lock();
        await small.lock();
        const results = await rounds(runs, async () => {
          await many.tally();
          const live = await app.lookups("live");
          const { arrivals, maxInFlight } = await many.tally();
          const locked = await app.lookups("locked");
          const one = await small.lookups("live");
          const oneLocked = await small.lookups("locked");
          const startMs = locked.ms + one.ms - oneLocked.ms - latencyMs;
          const networkMs = Math.ceil(instances / concurrency) * latencyMs;
          return {
            ratio: live.ms / (networkMs + startMs),
            liveSeconds: live.ms / 1_000,
            startSeconds: startMs / 1_000,
            extraRequests: arrivals.length - instances,
            maxInFlight,
          };
        });
        await app.watched("live");
        const of = (read: (result: (typeof results)[number]) => number): readonly number[] => results.map(read);
        return [
          check(
            3,
            `${name}: time ÷ (ceil(N / concurrency) × round trip + start-up)`,
            "×",
            of(({ ratio }) => ratio),
            1.2,
          ),
          check(3, `${name}: waits, if code asks for each value`, "count", [readWitnessed(join(cwd, "many")).waits], 1),
          check(
            3,
            `${name}: requests beyond one each`,
            "requests",
            of(({ extraRequests }) => extraRequests),
            0,
          ),
          information(
            3,
            `${name}: time`,
            "s",
            of(({ liveSeconds }) => liveSeconds),
          ),
          information(
            3,
            `${name}: of which start-up`,
            "s",
            of(({ startSeconds }) => startSeconds),
          ),
          check(
            3,
            `${name}: requests in flight at most, ${concurrency} being allowed, fewer than that`,
            "requests",
            of(({ maxInFlight }) => Math.abs(concurrency - maxInFlight)),
            0,
          ),
        ];
      }),
    ),
  );
}
