import { isDeepStrictEqual } from "node:util";
import { check, information, type Check } from "../check";
import { rounds } from "../rounds";
import { inFolder, type Effort } from "../setting";
import { StandIn } from "../stand-in";
import { readWitnessed } from "../witnessed";
import { BenchApp, type Outputs } from "./app";

/** A synthesis from locked answers, against the same app with literal values. */
export function measureLocked({ isQuick, shortRuns }: Effort): Promise<readonly Check[]> {
  const instances = isQuick ? 200 : 1_000;
  const name = `${instances.toLocaleString("en")} locked lookups`;
  return StandIn.with({ instances, records: 28, latencyMs: 0 }, (standIn) =>
    inFolder(async (cwd) => {
      const app = new BenchApp(standIn, cwd);
      await app.lock();
      await app.lookups("locked");
      const wanted = app.outputs();
      app.writeLiterals();
      await app.literals();
      if (!isDeepStrictEqual(app.outputs(), wanted)) {
        throw new Error("the app with literal values has other outputs than the one with locked lookups");
      }
      await app.fixed();
      if (!isDeepStrictEqual(idsOf(app.outputs()), idsOf(wanted))) {
        throw new Error("the app with literal strings has other ids than the one with locked lookups");
      }
      await standIn.tally();
      const results = await rounds(shortRuns * 2, async () => {
        const fixed = await app.fixed();
        const locked = await app.lookups("locked");
        const literals = await app.literals();
        return {
          toLiterals: locked.ms / literals.ms,
          toFixed: locked.ms / fixed.ms,
          seconds: locked.ms / 1_000,
        };
      });
      await app.watched("locked");
      const { sockets, workers, popCoreModules } = readWitnessed(cwd);
      const { connections } = await standIn.tally();
      return [
        check(
          5,
          `${name}: time ÷ the same app with literal strings, which writes the same files`,
          "×",
          results.map(({ toLiterals }) => toLiterals),
          1.05,
        ),
        check(5, `${name}: sockets`, "count", [sockets + connections], 0),
        check(5, `${name}: workers`, "count", [workers], 0),
        check(5, `${name}: modules of pop-core loaded`, "count", [popCoreModules], 0),
        information(
          5,
          `${name}: time ÷ an app of fromCrossRegionBackupAttributes, which knows and writes fewer facts`,
          "×",
          results.map(({ toFixed }) => toFixed),
        ),
        information(
          5,
          `${name}: time`,
          "s",
          results.map(({ seconds }) => seconds),
        ),
      ];
    }),
  );
}

function idsOf(outputs: Outputs): readonly unknown[] {
  return Object.entries(outputs)
    .filter(([name]) => name.endsWith("_cross_backup_id"))
    .map(([name, { value }]) => [name, value]);
}
