import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readText } from "./fixtures";

/** A step that runs something, with the environment that it is given. */
export interface Step {
  readonly script: string;
  readonly variables: readonly (readonly [string, string])[];
}

/** The steps of a workflow that run something, by name; read by the indentation that prettier gives them. */
export function stepsOf(workflow: string): ReadonlyMap<string, Step> {
  const [, ...steps] = workflow.split(/^ {6}- /m);
  return new Map(
    steps.flatMap((step): (readonly [string, Step])[] => {
      const [, block, line] = /^ {8}run: (?:\|\n((?: {10}.*\n|\n)+)|(.+)$)/m.exec(step) ?? [];
      const script = block?.replace(/^ {10}/gm, "") ?? line;
      const [, name = ""] = /^name: (.+)$/m.exec(step) ?? [];
      const [, env = ""] = /^ {8}env:\n((?: {10}.+\n)+)/m.exec(step) ?? [];
      const variables = [...env.matchAll(/^ +(\w+): (.+)$/gm)].map(([, key = "", value = ""]) => [key, value] as const);
      return script === undefined ? [] : [[name, { script, variables }]];
    }),
  );
}

/** What a run of a step left behind. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A machine of GitHub, with commands of its own first on the PATH. */
export class Runner {
  readonly temp: string;
  private readonly bin: string;
  private readonly log: string;

  constructor(
    /** The text of the workflow. */
    private readonly workflow: string,
    newFolder: () => string,
    commands: Readonly<Record<string, string>>,
    /** The values of the expressions in the environments of the steps. */
    private readonly expressions: Readonly<Record<string, string>> = {},
  ) {
    this.temp = newFolder();
    this.bin = newFolder();
    this.log = join(this.temp, "calls.log");
    writeFileSync(this.log, "");
    for (const [command, script] of Object.entries(commands)) {
      const text = `#!/usr/bin/env bash\nprintf '%s\\n' "${command} $*" >>"${this.log}"\n${script}\n`;
      writeFileSync(join(this.bin, command), text, { mode: 0o755 });
    }
  }

  /** Runs a step as GitHub does where the shell is bash. */
  run(name: string, cwd = this.temp, more: Readonly<Record<string, string>> = {}): Ran {
    const step = stepsOf(this.workflow).get(name);
    if (step === undefined || !this.workflow.includes("    shell: bash")) {
      throw new Error(`the workflow has no step ${name} that bash runs`);
    }
    const given = step.variables.map(([key, value]) => [key, this.evaluate(value)] as const);
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.script],
      {
        cwd,
        encoding: "utf8",
        timeout: 30_000,
        env: {
          PATH: `${this.bin}:${process.env["PATH"] ?? ""}`,
          HOME: this.temp,
          RUNNER_TEMP: this.temp,
          GITHUB_ENV: join(this.temp, "github-env"),
          GITHUB_OUTPUT: join(this.temp, "github-output"),
          ...Object.fromEntries(given),
          ...more,
        },
      },
    );
    return { code: status, output: stdout + stderr };
  }

  /** What was called since the last time. */
  calls(): string[] {
    const calls = readText(this.log).split("\n").slice(0, -1);
    writeFileSync(this.log, "");
    return calls;
  }

  private evaluate(value: string): string {
    return value.replace(/\$\{\{ (\S+) \}\}/g, (_, name: string) => this.expressions[name] ?? "");
  }
}
