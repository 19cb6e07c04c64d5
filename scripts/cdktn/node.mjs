// The Node for cdktn-cli, which may need a newer one than the package does.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { copy } from "./copy.mjs";

/** The lowest Node that cdktn-cli takes, and the one that is installed if this one is older. */
const [lowestNode, node] = ["22.19.0", "22.23.3"];

/** The folder of a Node that cdktn-cli takes. */
export function nodeFolder() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [lowestMajor, lowestMinor] = lowestNode.split(".").map(Number);
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) {
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
