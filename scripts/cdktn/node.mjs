// The Node that the command of cdktn needs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** The lowest Node that cdktn-cli takes, and the one that is installed if this one is older. */
const [lowestNode, node] = ["22.19.0", "22.23.3"];

/** The folder of a Node that cdktn-cli takes: that of this process, or of one that is installed once. */
export function nodeFolder() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [lowestMajor, lowestMinor] = lowestNode.split(".").map(Number);
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) {
    return dirname(process.execPath);
  }
  const folder = join(import.meta.dirname, "..", "..", ".cache", `node-${node}`);
  const bin = join(folder, "node_modules", "node", "bin");
  if (!existsSync(join(bin, "node"))) {
    mkdirSync(folder, { recursive: true });
    const options = ["--no-audit", "--no-fund", "--loglevel=error"];
    const { status } = spawnSync("npm", ["install", "--prefix", folder, ...options, `node@${node}`], {
      stdio: "inherit",
    });
    if (status !== 0) {
      process.exit(status ?? 1);
    }
  }
  return bin;
}
