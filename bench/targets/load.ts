import { check, type Check } from "../check";
import { rounds } from "../rounds";
import { runNode } from "../run-process";
import { inFolder, programPath, type Effort } from "../setting";

/** What loading the package adds to loading cdktf. */
export function measureLoad({ shortRuns }: Effort): Promise<readonly Check[]> {
  return inFolder(async (cwd) => {
    const shares = await rounds(shortRuns * 2, async () => {
      const { stdout } = await runNode([programPath("load")], { cwd });
      const [cdktfMs = NaN, packageMs = NaN] = JSON.parse(stdout) as readonly number[];
      return packageMs / cdktfMs;
    });
    return [check(6, "loading the package ÷ loading cdktf", "share", shares, 0.1)];
  });
}
