import { pageSize, type Recipe } from "./fleet";
import type { Provider } from "./provider";
import { failedLookups, runLookup, runProgram } from "./setting";
import type { StandIn } from "./stand-in";

/** A way to get at the backups of every instance of a stand-in. */
export interface Contender {
  readonly name: string;
  /** About how long it will take, by its round trips alone. */
  readonly expectedSeconds: (recipe: Recipe) => number;
  /** How long it took as a process of its own, seconds. */
  readonly seconds: (standIn: StandIn, cwd: string) => Promise<number>;
}

const providerPageSize = 50;
const terraformParallelism = 10;

/** What a round trip takes beyond the latency, seconds. */
const overheadSeconds = 0.003;

function roundTripSeconds({ latencyMs }: Recipe): number {
  return latencyMs / 1_000 + overheadSeconds;
}

function providerSeconds(recipe: Recipe): number {
  const { instances, records } = recipe;
  const requests = records + Math.floor(records / providerPageSize) + 1;
  return Math.ceil(instances / terraformParallelism) * requests * roundTripSeconds(recipe);
}

const rdsDr: Contender = {
  name: "rds-dr lookup",
  expectedSeconds: () => 0,
  seconds: async (standIn, cwd) => {
    const lookup = await runLookup(standIn, cwd);
    const failed = failedLookups(lookup, standIn.recipe.instances);
    if (failed > 0) {
      throw new Error(`${failed} lookups failed`);
    }
    return lookup.ms / 1_000;
  },
};

const promiseAll: Contender = {
  name: "Promise.all",
  expectedSeconds: (recipe) => Math.ceil(recipe.records / pageSize) * roundTripSeconds(recipe),
  seconds: async (standIn, cwd) => {
    const { ms, stdout } = await runProgram("promise-all", standIn, cwd);
    if (stdout.trim() !== "0") {
      throw new Error(`${stdout.trim()} instances failed`);
    }
    return ms / 1_000;
  },
};

const providerLike: Contender = {
  name: "as the provider does",
  expectedSeconds: providerSeconds,
  seconds: async (standIn, cwd) => (await runProgram("provider-like", standIn, cwd)).ms / 1_000,
};

/** All contenders; the provider itself if it is present. */
export function contenders(provider: Provider | undefined): readonly Contender[] {
  const ours = [rdsDr, promiseAll, providerLike];
  return provider === undefined
    ? ours
    : [
        ...ours,
        {
          name: "terraform plan",
          expectedSeconds: providerSeconds,
          seconds: (standIn, cwd) => provider.planSeconds(standIn, cwd),
        },
      ];
}
