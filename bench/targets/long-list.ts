import { depthOf, listingsOf } from "../arrivals";
import { check, information, type Check } from "../check";
import { bytesOfRecord, pageSize } from "../fleet";
import { rounds } from "../rounds";
import { failedLookups, inFolder, runLookup, type Effort } from "../setting";
import { StandIn } from "../stand-in";
import { readWitnessed, witnessEnvironment, witnessOptions } from "../witnessed";

const pages = 100;
const fewPages = 10;

// A hundred requests take a while to be sent: a short latency would make two round trips of one.
const latencyMs = 250;

// An id may be kept of each record, so that none counts twice; the records may not.
const heldLimit = 0.2;

/** One instance with 10,000 records: two round trips, each page once, and no more held than is worked on. */
export async function measureLongList(effort: Effort): Promise<readonly Check[]> {
  const { requests, depth, freeDepth } = await lookUpAll(effort);
  const many = await heldBytes(effort, pages);
  const few = await heldBytes(effort, fewPages);
  const listBytes = (pages - fewPages) * pageSize * bytesOfRecord();
  return [
    check(2, "10,000 records: requests beyond the pages of the windows asked", "requests", requests, 0),
    check(
      2,
      "10,000 records: round trips one after the other, with room for all pages (RDS_DR_CONCURRENCY=100)",
      "round trips",
      freeDepth,
      2,
    ),
    information(2, "10,000 records: round trips one after the other, by default", "round trips", depth),
    check(
      2,
      `10,000 records: growth of the peak heap over 1,000 ÷ size of the 9,000 as JSON`,
      "share",
      many.map((bytes, index) => (bytes - (few[index] ?? NaN)) / listBytes),
      heldLimit,
    ),
  ];
}

interface Course {
  readonly requests: readonly number[];
  readonly depth: readonly number[];
  readonly freeDepth: readonly number[];
}

function lookUpAll({ runs }: Effort): Promise<Course> {
  const recipe = { instances: 1, records: pages * pageSize, latencyMs };
  return StandIn.with(recipe, (standIn) =>
    inFolder(async (cwd) => {
      const course = async (environment: Readonly<Record<string, string>>): Promise<[number, number]> => {
        await standIn.tally();
        if (failedLookups(await runLookup(standIn, cwd, { environment }), 1) > 0) {
          throw new Error("the lookup of 10,000 records found no backup");
        }
        const { arrivals } = await standIn.tally();
        return [arrivals.length - listingsOf(arrivals) * pages, depthOf(arrivals, latencyMs)];
      };
      const results = await rounds(runs, async () => {
        const [requests, depth] = await course({});
        const [, freeDepth] = await course({ RDS_DR_CONCURRENCY: String(pages) });
        return { requests, depth, freeDepth };
      });
      return {
        requests: results.map(({ requests }) => requests),
        depth: results.map(({ depth }) => depth),
        freeDepth: results.map(({ freeDepth }) => freeDepth),
      };
    }),
  );
}

/** What a lookup holds at its peak, without garbage. As many pages are in flight for a short list as for a long one. */
function heldBytes({ runs }: Effort, pageCount: number): Promise<readonly number[]> {
  return StandIn.with({ instances: 1, records: pageCount * pageSize, latencyMs: 20 }, (standIn) =>
    inFolder((cwd) =>
      rounds(runs, async () => {
        await runLookup(standIn, cwd, {
          nodeOptions: ["--expose-gc", ...witnessOptions],
          environment: { ...witnessEnvironment(cwd), RDS_DR_CONCURRENCY: String(fewPages) },
          json: false,
        });
        return readWitnessed(cwd).peakHeapBytes;
      }),
    ),
  );
}
