import { wastedShare } from "../arrivals";
import { check, information, type Check } from "../check";
import { failedLookups, inFolder, runLookup, runProgram, type Effort } from "../setting";
import { StandIn } from "../stand-in";

/** Lookups under a limit on the requests of a second, against the time that the limit itself dictates. */
export async function measureRateLimit(effort: Effort): Promise<readonly Check[]> {
  const [slow, fast] = effort.isQuick ? [150, 400] : [500, 1_000];
  return [...(await measureAt(50, slow, effort, true)), ...(await measureAt(200, fast, effort, false))];
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
