import { check, information, type Check } from "../check";
import { listingsOf } from "../arrivals";
import { rounds } from "../rounds";
import { runNode } from "../run-process";
import { cli, failedLookups, inFolder, runLookup, runProgram, type Effort } from "../setting";
import { StandIn } from "../stand-in";

const latencyMs = 50;

/**
 * One lookup, one page: hardly more than Node's start, the load of the client, and a round trip. The first two are what
 * the help of the same command takes, which sends nothing.
 */
export function measureOneLookup({ shortRuns }: Effort): Promise<readonly Check[]> {
  return StandIn.with({ instances: 1, records: 28, latencyMs }, (standIn) =>
    inFolder(async (cwd) => {
      const results = await rounds(shortRuns, async () => {
        const roundTripMs = Number((await runProgram("round-trip", standIn, cwd)).stdout);
        const bare = await runProgram("bare-request", standIn, cwd);
        await standIn.tally();
        const loaded = await runNode([cli, "lookup", "--help"], { cwd, environment: standIn.environment });
        await standIn.tally();
        const lookup = await runLookup(standIn, cwd);
        const { arrivals } = await standIn.tally();
        return {
          leastMs: loaded.ms + roundTripMs,
          roundTripMs,
          failed: failedLookups(lookup, 1),
          bareMs: bare.ms,
          lookupMs: lookup.ms,
          extraRequests: arrivals.length - listingsOf(arrivals),
        };
      });
      const of = (read: (result: (typeof results)[number]) => number): readonly number[] => results.map(read);
      return [
        check(
          1,
          "one lookup: the whole process ÷ (Node's start + load of the client + a round trip)",
          "×",
          of(({ lookupMs, leastMs }) => lookupMs / leastMs),
          1.2,
        ),
        check(
          1,
          "one lookup: the whole process ÷ a bare script that loads the SDK's client and sends the same request",
          "×",
          of(({ lookupMs, bareMs }) => lookupMs / bareMs),
          // The newer the Node, the less of both is its own start.
          Number(process.versions.node.split(".")[0]) < 22 ? 1.6 : 1.5,
        ),
        check(
          1,
          "one lookup: requests beyond the pages of the windows asked",
          "requests",
          of(({ extraRequests }) => extraRequests),
          0,
        ),
        check(
          1,
          "one lookup: failed",
          "lookups",
          of(({ failed }) => failed),
          0,
        ),
        information(
          1,
          "one lookup: a round trip",
          "s",
          of(({ roundTripMs }) => roundTripMs / 1_000),
        ),
        information(
          1,
          "one lookup: time",
          "s",
          of(({ lookupMs }) => lookupMs / 1_000),
        ),
        information(
          1,
          "the bare script: time",
          "s",
          of(({ bareMs }) => bareMs / 1_000),
        ),
      ];
    }),
  );
}
