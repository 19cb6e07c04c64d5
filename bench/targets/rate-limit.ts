import { setTimeout as sleep } from "node:timers/promises";
import { byOwner, unusedShare, wastedShare } from "../arrivals";
import { check, information, type Check } from "../check";
import { failedLookups, inFolder, runLookup, runProgram, type Effort } from "../setting";
import { StandIn } from "../stand-in";

/** From the first burst of others until there is none, milliseconds: the lookups start while the limit is free. */
const betweenBurstsMs = 1_500;

/** Lookups of an API that refuses some: for a limit, with or without others who use it up, and at random. */
export async function measureRateLimit(effort: Effort): Promise<readonly Check[]> {
  const [slow, fast] = effort.isQuick ? [150, 400] : [500, 1_000];
  return [
    ...(await measureAt(50, slow, effort, true)),
    ...(await measureAt(200, fast, effort, false)),
    ...(await measureRandom(effort.isQuick ? 400 : 1_000, effort)),
    ...(await measureShared(effort.isQuick ? 500 : 1_000)),
  ];
}

/** Against the time without a refusal. */
async function measureRandom(instances: number, { runs }: Effort): Promise<readonly Check[]> {
  const lookUp = (refused: number): Promise<readonly { readonly ms: number; readonly failed: number }[]> =>
    StandIn.with({ instances, records: 28, latencyMs: 20, refused }, (standIn) =>
      inFolder(async (cwd) => {
        const results = [];
        while (results.length < runs) {
          const lookup = await runLookup(standIn, cwd);
          await standIn.tally();
          results.push({ ms: lookup.ms, failed: failedLookups(lookup, instances) });
        }
        return results;
      }),
    );
  const undisturbed = Math.min(...(await lookUp(0)).map(({ ms }) => ms));
  const checks: Check[] = [];
  for (const percent of [0.3, 5, 30]) {
    const name = `${instances.toLocaleString("en")} lookups, ${percent} % of the requests refused at random`;
    const results = await lookUp(percent / 100);
    const ratios = results.map(({ ms }) => ms / undisturbed);
    const failed = results.map((result) => result.failed);
    checks.push(check(4, `${name}: time ÷ time without refusals`, "×", ratios, 2));
    checks.push(check(4, `${name}: failed`, "lookups", failed, 0));
  }
  return checks;
}

/** Others send 200 requests a second during one second of three. */
function measureShared(instances: number): Promise<readonly Check[]> {
  const requestsPerSecond = 100;
  const name = `${instances.toLocaleString("en")} lookups at ${requestsPerSecond} requests a second, shared with bursts of others`;
  return StandIn.with({ instances, records: 28, latencyMs: 20, requestsPerSecond }, (standIn) =>
    inFolder(async (cwd) => {
      const stop = new AbortController();
      const others = runProgram("bursts", standIn, cwd, {}, stop.signal).catch((error: unknown) => error);
      await sleep(betweenBurstsMs);
      const lookup = await runLookup(standIn, cwd);
      const { arrivals } = await standIn.tally();
      stop.abort();
      await others;
      const { own } = byOwner(arrivals);
      const wasted = own.filter(({ isThrottled }) => isThrottled).length / own.length;
      const unused = unusedShare(arrivals, requestsPerSecond);
      return [
        check(4, `${name}: unused of what they leave`, "share", [unused], 0.5),
        check(4, `${name}: throttled answers`, "share", [wasted], 0.15),
        check(4, `${name}: failed`, "lookups", [failedLookups(lookup, instances)], 0),
      ];
    }),
  );
}

function measureAt(
  requestsPerSecond: number,
  instances: number,
  { isQuick, runs }: Effort,
  isTarget: boolean,
): Promise<readonly Check[]> {
  const name = `${instances.toLocaleString("en")} lookups at ${requestsPerSecond} requests a second`;
  const judged = (limit: number): number | undefined => (isTarget ? limit : undefined);
  return StandIn.with({ instances, records: 28, latencyMs: 50, requestsPerSecond }, (standIn) =>
    inFolder(async (cwd) => {
      const run = async (): Promise<{ ratio: number; wasted: number; failed: number }> => {
        await standIn.tally();
        const lookup = await runLookup(standIn, cwd);
        const { arrivals } = await standIn.tally();
        return {
          ratio: lookup.ms / ((instances / requestsPerSecond) * 1_000),
          wasted: wastedShare(arrivals),
          failed: failedLookups(lookup, instances),
        };
      };
      // Without a warm-up: it would take as long as a run, and what it saves is nothing beside that.
      const results = [await run()];
      while (!isQuick && results.length < runs) {
        results.push(await run());
      }
      const { stdout } = await runProgram("promise-all", standIn, cwd);
      return [
        check(
          4,
          `${name}: time ÷ (N / rate)`,
          "×",
          results.map(({ ratio }) => ratio),
          judged(1.15),
        ),
        check(
          4,
          `${name}: throttled answers after the first second`,
          "share",
          results.map(({ wasted }) => wasted),
          judged(0.05),
        ),
        check(
          4,
          `${name}: failed`,
          "lookups",
          results.map(({ failed }) => failed),
          judged(0),
        ),
        information(4, `${name}: failed, with Promise.all`, "lookups", [Number(stdout)]),
      ];
    }),
  );
}
