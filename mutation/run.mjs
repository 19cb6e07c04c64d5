// Mutation testing: changes the compiled rules in thousands of ways, and looks which changes no test notices. Each
// area is judged by its own tests. Writes mutation/scores.json, which `npm run house` prints. Takes half an hour;
// arguments name the areas to run, such as `npm run mutation -- lib/backup`. What has not changed since the last run is
// not run again.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";

const root = join(import.meta.dirname, "..");
const scoresFile = join(root, "mutation", "scores.json");

/** By the folder below dist/: the files that are changed; and tests of it that are too slow to judge each change. */
const areas = {
  "lib/backup": { files: "*", slowTests: [] },
  "lib/lock": {
    // What is merged, reconciled and parsed; the other files talk to the network and to the disk.
    files: "{answer-changes,contradictions,locked-answers,outage-fallback,parse-locked-answers,pin,reconcile}",
    slowTests: ["project-file", "refreshed-window", "settings", "settle", "update-lock-file"],
  },
  "lib/constructs/disaster-recovery-instance": {
    files: "restore-rules",
    slowTests: ["preconditions"],
  },
};

const options = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: "string" }, mutate: { type: "string" } },
});
const { concurrency, mutate } = options.values;

process.chdir(root);
for (const area of options.positionals.length > 0 ? options.positionals : Object.keys(areas)) {
  const score = scoreOf(await run(area, areas[area]));
  console.log(area, score);
  // A part of an area has no score.
  if (mutate === undefined) {
    const scores = existsSync(scoresFile) ? JSON.parse(readFileSync(scoresFile, "utf8")) : {};
    writeFileSync(scoresFile, `${JSON.stringify({ ...scores, [area]: score }, undefined, 2)}\n`);
  }
}

function run(area, { files, slowTests }) {
  const name = area.replaceAll("/", "-");
  return new Stryker({
    testRunner: "jest",
    jest: {
      enableFindRelatedTests: false,
      config: {
        testEnvironment: "node",
        transform: {},
        testMatch: [`<rootDir>/${writeTests(area, name, slowTests)}`],
        moduleNameMapper: { "^fast-check$": "<rootDir>/mutation/fewer-runs.cjs" },
      },
    },
    coverageAnalysis: "perTest",
    mutate: [`dist/${area}/${mutate ?? files}.js`],
    // The texts of messages are not rules.
    mutator: { excludedMutations: ["StringLiteral"] },
    plugins: ["@stryker-mutator/jest-runner", "./mutation/module-header.mjs"],
    ignorers: ["module-header"],
    ignorePatterns: ["/**", "!/dist/**", "!/mutation/**", "!/package.json", "!/schema/**"],
    disableTypeChecks: false,
    reporters: ["clear-text", "progress-append-only"],
    clearTextReporter: { allowEmojis: false, logTests: false, reportTests: false },
    incremental: true,
    incrementalFile: `.cache/mutation-${name}.json`,
    tempDirName: `.cache/mutation-${name}`,
    warnings: { slow: false },
    ...(concurrency === undefined ? {} : { concurrency: Number(concurrency) }),
  }).runMutationTest();
}

/** Writes one file that runs all tests of an area: jest takes longer to begin with a file than to run its tests. */
function writeTests(area, name, slowTests) {
  const folder = area.replace("lib", "test");
  const tests = readdirSync(join("dist", folder))
    .filter((file) => file.endsWith(".test.js") && !file.endsWith(".slow.test.js"))
    .filter((file) => !slowTests.includes(file.replace(".test.js", "")));
  const path = `dist/mutation/${name}.test.js`;
  const calls = tests.map((file) => `describe("${file}", () => void require("../${folder}/${file}"));`);
  mkdirSync(join("dist", "mutation"), { recursive: true });
  writeFileSync(path, `${calls.join("\n")}\n`);
  return path;
}

/** How many changes the tests notice, and the share of them in percent. */
function scoreOf(mutants) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const [killed, survived] = [count("Killed", "Timeout"), count("Survived", "NoCoverage")];
  return { percent: Math.round((1_000 * killed) / (killed + survived)) / 10, killed, survived };
}
