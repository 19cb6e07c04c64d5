/**
 * Makes the packages for other languages, and tests them as scripts/languages/ says:
 *
 *     npm run test:languages [-- --framework cdktf --language python …]
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const scripts = import.meta.dirname;

/** One script for each language, beside what they share. */
const languages = readdirSync(join(scripts, "languages"))
  .filter((file) => file !== "trial.mjs")
  .map((file) => file.replace(".mjs", ""));

const { values } = parseArgs({
  options: {
    framework: { type: "string", multiple: true, default: ["cdktf", "cdktn"] },
    language: { type: "string", multiple: true, default: languages },
  },
});

const options = Object.entries(values).flatMap(([option, names]) => names.flatMap((name) => [`--${option}`, name]));
run(join(scripts, "package.mjs"), options);
for (const framework of values.framework) {
  for (const language of values.language) {
    console.log(`\n${framework}, ${language}`);
    run(join(scripts, "languages", `${language}.mjs`), ["--framework", framework]);
  }
}

function run(script, args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: "inherit" });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
