// Writes mutation/scores.json from the report of the last run: for each area how many mutants the tests kill.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");
const { files } = JSON.parse(readFileSync(join(root, ".cache", "mutation.json"), "utf8"));
const scores = {};

for (const [path, { mutants }] of Object.entries(files)) {
  const area = dirname(path).replace("dist/", "");
  const counts = (scores[area] ??= { score: 0, killed: 0, survived: 0 });
  const count = (...wanted) => mutants.filter(({ status }) => wanted.includes(status)).length;
  counts.killed += count("Killed", "Timeout");
  counts.survived += count("Survived", "NoCoverage");
  counts.score = Math.round((1_000 * counts.killed) / (counts.killed + counts.survived)) / 10;
}
writeFileSync(join(root, "mutation", "scores.json"), `${JSON.stringify(scores, undefined, 2)}\n`);
console.log(scores);
