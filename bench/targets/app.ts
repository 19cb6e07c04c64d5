import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runNode, type Finished } from "../run-process";
import { programPath, runProgram } from "../setting";
import type { StandIn } from "../stand-in";
import { witnessEnvironment, witnessOptions } from "../witnessed";

/** The outputs of a stack, as they were synthesised. */
export type Outputs = Readonly<Record<string, { readonly value: unknown; readonly description: string }>>;

/** A folder with an app of the benchmark in it, of as many lookups as the stand-in has instances. */
export class BenchApp {
  constructor(
    private readonly standIn: StandIn,
    private readonly folder: string,
  ) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ language: "typescript", app: "node app.js" }));
  }

  /** Synthesises the lookups in a mode. */
  async lookups(mode: "live" | "locked" | "refresh"): Promise<Finished> {
    return runProgram("lookups-app", this.standIn, this.folder, { RDS_DR_MODE: mode });
  }

  /** Synthesises the lookups, concrete values being asked for one by one, and watches. */
  async watched(mode: "live" | "locked"): Promise<void> {
    await runNode([...witnessOptions, programPath("lookups-app")], {
      cwd: this.folder,
      environment: {
        ...this.standIn.environment,
        ...witnessEnvironment(this.folder),
        BENCH_INSTANCES: String(this.standIn.recipe.instances),
        BENCH_CONCRETE: "1",
        RDS_DR_MODE: mode,
        RDS_DR_DEADLINE_SECONDS: "300",
      },
    });
  }

  /** Synthesises the app with literal values for outputs. */
  async literals(): Promise<Finished> {
    return runProgram("literals-app", this.standIn, this.folder, {
      BENCH_LITERALS: join(this.folder, "literals.json"),
    });
  }

  /** Synthesises the app with literal strings in the place of the lookups. */
  async fixed(): Promise<Finished> {
    return runProgram("fixed-app", this.standIn, this.folder, {
      BENCH_LITERALS: join(this.folder, "literals.json"),
    });
  }

  /** Has the literal values be those that were synthesised last. */
  writeLiterals(): void {
    const literals: Record<string, { suffix: string; description: string; value: unknown }[]> = {};
    for (const [name, output] of Object.entries(this.outputs())) {
      const [, id = "", suffix = ""] = /^(rm_bench\d+)_(.+)$/.exec(name) ?? [];
      (literals[id.replace("_", "-")] ??= []).push({ suffix, ...output });
    }
    writeFileSync(join(this.folder, "literals.json"), JSON.stringify(literals));
  }

  /** The outputs that were synthesised last. */
  outputs(): Outputs {
    const path = join(this.folder, "cdktf.out", "stacks", "lookup", "cdk.tf.json");
    return (JSON.parse(readFileSync(path, "utf8")) as { readonly output: Outputs }).output;
  }

  /** Has the lookups' answers locked. */
  async lock(): Promise<void> {
    await this.lookups("refresh");
  }
}
