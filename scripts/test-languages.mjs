/**
 * Makes the packages for other languages, and tests them as scripts/languages/ says:
 *
 *     npm run test:languages [-- --framework cdktf --language python …]
 *
 * The command of cdktn needs a newer Node than this package, so its trials run with that one.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { nodeFolder } from "./cdktn/node.mjs";

const scripts = import.meta.dirname;

/** One script for each language, beside what they share. */
const languages = readdirSync(join(scripts, "languages"))
  .filter((file) => file !== "trial.mjs")
  .map((file) => file.replace(".mjs", ""));

const { values } = parseArgs({
  options: {
    framework: { type: "string", multiple: true, default: ["cdktf"] },
    language: { type: "string", multiple: true, default: languages },
  },
});

const options = Object.entries(values).flatMap(([option, names]) => names.flatMap((name) => [`--${option}`, name]));
run(join(scripts, "package.mjs"), options);
for (const framework of values.framework) {
  for (const language of values.language) {
    console.log(`\n${framework}, ${language}`);
    const bin = framework === "cdktn" ? nodeFolder() : dirname(process.execPath);
    run(join(scripts, "languages", `${language}.mjs`), ["--framework", framework], bin);
  }
}

function run(script, args, bin = dirname(process.execPath)) {
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
  const { status } = spawnSync(join(bin, "node"), [script, ...args], { stdio: "inherit", env });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
