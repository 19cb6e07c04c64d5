import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, type Check } from "../check";
import { instanceIds } from "../fleet";
import { rounds } from "../rounds";
import { inFolder, type Effort } from "../setting";
import { StandIn } from "../stand-in";
import { readWitnessed } from "../witnessed";
import { BenchApp } from "./app";

const answers = 50_000;

/** A synthesis of one locked lookup from a lock file of a whole fleet, against one from a lock file of its own. */
export function measureLargeLock({ shortRuns }: Effort): Promise<readonly Check[]> {
  return StandIn.with({ instances: 1, records: 28, latencyMs: 0 }, (standIn) =>
    inFolder(async (cwd) => {
      const [own, large] = ["own", "large"].map((name) => new BenchApp(standIn, join(cwd, name)));
      if (own === undefined || large === undefined) {
        throw new Error("there are two apps");
      }
      await own.lock();
      await large.lock();
      enlarge(join(cwd, "large", "rds-dr.lock.json"));
      const results = await rounds(shortRuns * 2, async () => {
        const [ofOwn, ofLarge] = [await own.lookups("locked"), await large.lookups("locked")];
        return ofLarge.ms / ofOwn.ms;
      });
      await own.watched("locked");
      await large.watched("locked");
      const [ofOwn, ofLarge] = [readWitnessed(join(cwd, "own")), readWitnessed(join(cwd, "large"))];
      const name = `one locked lookup, of a lock file with ${answers.toLocaleString("en")} answers ÷ with one`;
      return [
        check(8, `${name}: time`, "×", results, 1.2),
        check(8, `${name}: peak memory`, "×", [ofLarge.peakMemoryBytes / ofOwn.peakMemoryBytes], 1.2),
      ];
    }),
  );
}

interface LockFile {
  readonly answers: Readonly<Record<string, { readonly query: object }>>;
}

/** Has a lock file with one answer contain a copy of it for each of many other instances, as a refresh would write it. */
function enlarge(path: string): void {
  const file = JSON.parse(readFileSync(path, "utf8")) as LockFile;
  const [one] = Object.entries(file.answers);
  if (one === undefined) {
    throw new Error(`${path} has no answer`);
  }
  const [key, answer] = one;
  const [own] = instanceIds(1);
  const all = instanceIds(answers).map((dbInstanceId): [string, unknown] => [
    key.replace(String(own), dbInstanceId),
    { ...answer, query: { ...answer.query, dbInstanceId } },
  ]);
  const sorted = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify({ ...file, answers: sorted }, undefined, 2)}\n`);
}
