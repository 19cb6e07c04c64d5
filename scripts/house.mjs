// Prints the figures that the house is held to, and exits with 1 if one of them is over its limit: how many files
// and lines lib/ has, how many files a reader passes on two walks, how long `npm test` took, how many mutants the
// tests kill.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codeLineCount, lineCount, sourceFiles } from "./house/source-files.mjs";
import { walk } from "./house/walk.mjs";

process.chdir(join(import.meta.dirname, ".."));

const apart = ["lib/simulator"];
/** A table of data is as long as its data. */
const dataTables = ["lib/rds-api/errors/error-table.ts"];
/** The first two grow with what the package can do: whoever adds a command raises them, in the same commit. */
const limits = { codeLines: 17_050, files: 206, fileLines: 250, testSeconds: 180, mutationPercent: 90 };
/** Files that a walk must pass, from its first file to its last; and those that it is handed, not imports. */
const walks = [
  {
    what: "from dbInstanceId to the request",
    passing: [
      "lib/constructs/latest-cross-region-backup.ts",
      "lib/rds-api/actions/describe-cross-region-backups.ts",
      "lib/rds-api/paging.ts",
    ],
    handed: ["lib/rds-api/rds-client.ts", "lib/rds-api/pop-core-transport.ts"],
    most: 12,
  },
  {
    what: "from dbInstanceId to the locked answer",
    passing: ["lib/constructs/latest-cross-region-backup.ts", "lib/lock/lock-file.ts", "lib/validation/json-file.ts"],
    most: 10,
  },
];

let isMet = true;

/** Prints a figure; one without a limit is for information. */
function report(what, figure, limit = undefined, holds = true) {
  isMet &&= holds;
  const verdict = limit === undefined ? "    " : holds ? "ok  " : "FAIL";
  console.log(`${verdict}  ${what}: ${figure}${limit === undefined ? "" : `; ${limit}`}`);
}

const atMost = (what, figure, most, unit = "") =>
  report(what, `${figure.toLocaleString("en")}${unit}`, `at most ${most.toLocaleString("en")}`, figure <= most);

const files = sourceFiles("lib", apart);
const sizes = files.map((path) => ({ path, lines: lineCount(path) })).sort((a, b) => b.lines - a.lines);
const code = sizes.filter(({ path }) => !dataTables.includes(path));
const shortOnes = sizes.filter(({ lines }) => lines < 20);

atMost("files of lib/ without the simulator", files.length, limits.files);
atMost(
  "lines of code",
  files.reduce((sum, path) => sum + codeLineCount(path), 0),
  limits.codeLines,
);
for (const { path, lines } of code.filter(({ lines }, index) => index === 0 || lines > limits.fileLines)) {
  atMost(`lines of ${path}`, lines, limits.fileLines);
}
report("files of fewer than 20 lines", `${shortOnes.length} ${shortOnes.map(({ path }) => path).join(", ")}`);

for (const { what, passing, handed = [], most } of walks) {
  const steps = [...walk(passing), ...handed];
  atMost(`files on the walk ${what}`, steps.length, most);
  console.log(`      ${steps.map((path) => path.replace("lib/", "").replace(/\.ts$/, "")).join(" > ")}`);
}

const times = readJson(".cache/times.json");
if (times === undefined) {
  report("time of npm test", "not measured yet: run npm test");
} else {
  const seconds = Object.values(times).reduce((sum, taken) => sum + taken, 0);
  const parts = Object.entries(times).map(([script, taken]) => `${script} ${taken}`);
  atMost(`time of npm test (${parts.join(", ")})`, Math.round(seconds), limits.testSeconds, " s");
}

const scores = Object.entries(readJson("mutation/scores.json") ?? {});
for (const [area, { percent, killed, survived }] of scores) {
  const limit = `at least ${limits.mutationPercent}`;
  const figure = `${percent} % (${killed} killed, ${survived} survived)`;
  report(`mutants of ${area} that tests kill`, figure, limit, percent >= limits.mutationPercent);
}
if (scores.length === 0) {
  report("mutants that tests kill", "not measured yet: run npm run mutation");
}

process.exitCode = isMet ? 0 : 1;

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}
