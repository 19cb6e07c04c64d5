import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { cliMain } from "../fixtures";

/** What the terminal is like, and the process in it. */
interface Session {
  /** Characters of a line. */
  readonly columns?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs `rds-dr` on a terminal, by `script` of util-linux; its standard input stays open. */
export function runOnTerminal(
  args: readonly string[],
  { columns, cwd, env }: Session = {},
): Promise<{ readonly stdout: string }> {
  const width = columns === undefined ? "" : `stty cols ${columns}; `;
  const command = `${width}${[process.execPath, cliMain, ...args].join(" ")}`;
  return promisify(execFile)("script", ["-qec", command, "/dev/null"], { cwd, env, timeout: 30_000 });
}

// Another script of this name, as macOS has it, takes other options.
const { stdout: version } = spawnSync("script", ["--version"]);

/** A test that needs `script` of util-linux; skipped if there is none. */
export const testOnTerminal = String(version).includes("util-linux") ? test : test.skip;
