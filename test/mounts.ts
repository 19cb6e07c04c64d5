import { spawnSync } from "node:child_process";
import { cliMain, run, type Finished, type RunOptions } from "./fixtures";

/** Runs `rds-dr` with mounts that nothing else sees. */
export function runCliWithMounts(mounts: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const script = `set -e; ${mounts}; exec "$@"`;
  return run("unshare", ["-m", "sh", "-c", script, "sh", process.execPath, cliMain, ...args], options);
}

const { status } = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"], { stdio: "ignore" });

/** A test that needs the right to mount; skipped if this user does not have it. */
export const testWithMounts = status === 0 ? test : test.skip;
