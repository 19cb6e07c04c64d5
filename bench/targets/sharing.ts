import { check, type Check } from "../check";
import { inFolder, runProgram } from "../setting";
import { StandIn } from "../stand-in";

/** What queries cost that need the same records. */
export function measureSharing(): Promise<readonly Check[]> {
  return StandIn.with({ instances: 1, records: 28, latencyMs: 20 }, (standIn) =>
    inFolder(async (cwd) => {
      const requests = async (sharing: "identical" | "selections"): Promise<readonly number[]> => {
        await runProgram("sharing-app", standIn, cwd, { BENCH_SHARING: sharing });
        return [(await standIn.tally()).arrivals.length];
      };
      return [
        check(7, "three identical lookups", "requests", await requests("identical"), 1),
        check(7, "five lookups that differ in what they select", "requests", await requests("selections"), 1),
      ];
    }),
  );
}
