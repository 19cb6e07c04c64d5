// The Node for cdktn-cli, which may need a newer one than the package does.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { gte } from "semver";
import { copy } from "./copy.mjs";

/** The lowest Node that cdktn-cli takes, and the one that is installed if this one is older. */
const [lowestNode, node] = ["22.19.0", "22.23.3"];

/** The folder of a Node that cdktn-cli takes. */
export function nodeFolder() {
  if (gte(process.versions.node, lowestNode)) {
    return dirname(process.execPath);
  }
  const folder = join(copy, "..", `node-${node}`);
  const bin = join(folder, "node_modules", "node", "bin");
  if (!existsSync(join(bin, "node"))) {
    mkdirSync(folder, { recursive: true });
    const options = ["--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error"];
    execFileSync("npm", ["install", ...options, `node@${node}`], { stdio: "inherit" });
  }
  return bin;
}
