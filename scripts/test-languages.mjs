/**
 * Installs the packages for other languages, as a user does, and runs their tests in test/languages/:
 *
 *     npm run test:languages [-- --framework cdktf --language python …]
 *
 * It makes the packages first (`npm run package`). For another framework than cdktf, tests, examples and pages are copied
 * with its name in place of cdktf's.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const root = join(import.meta.dirname, "..");

/** The command line of each framework, which synthesises apps in other languages too. */
const commandLines = {
  cdktf: join(root, "node_modules", ".bin", "cdktf"),
  cdktn: join(root, ".cache", "cdktn", "node_modules", ".bin", "cdktn"),
};

const languages = { python: testPython };

const { values } = parseArgs({
  options: {
    framework: { type: "string", multiple: true, default: ["cdktf"] },
    language: { type: "string", multiple: true, default: Object.keys(languages) },
  },
});
const names = (option) => values[option].flatMap((name) => [`--${option}`, name]);
run(process.execPath, [join(root, "scripts", "package.mjs"), ...names("framework"), ...names("language")]);
for (const framework of values.framework) {
  for (const language of values.language) {
    console.log(`${framework}, ${language}:`);
    languages[language](framework);
  }
}

/** Installs the wheel into an empty environment, and runs its tests, those of the example and the programs of the page. */
function testPython(framework) {
  const folder = emptyFolder(framework, "python");
  const venv = join(folder, "venv");
  const python = join(venv, "bin", "python");
  const built = join(root, "packages", framework, "python");
  const wheel = readdirSync(built).find((name) => name.endsWith(".whl"));
  run("python3", ["-m", "venv", venv]);
  run(python, ["-m", "pip", "install", "--quiet", join(built, wheel)]);
  run(python, ["-m", "pip", "freeze"]);
  const copies = {
    EXAMPLE: copyFor(framework, join("examples", "python"), folder),
    PAGE: copyFor(framework, join("docs", "languages.md"), folder),
  };
  const tests = copyFor(framework, join("test", "languages", "python"), folder);
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  run(python, ["-m", "unittest", "discover", "--verbose"], tests, {
    ...copies,
    CDKTF_CLI: commandLines[framework],
    TMPDIR: temporary,
  });
}

function emptyFolder(framework, language) {
  const folder = join(root, ".cache", "languages", framework, language);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Copies a file or folder of the project, for a framework; returns the path of the copy. */
function copyFor(framework, source, folder) {
  const copy = join(folder, source);
  cpSync(join(root, source), copy, { recursive: true, filter: (file) => !file.includes("__pycache__") });
  for (const file of filesOf(copy)) {
    writeFileSync(file, namedFor(framework, readFileSync(file, "utf8")));
  }
  return copy;
}

/** The names of the package and of the framework in the sources of other languages. */
function namedFor(framework, text) {
  return text
    .replaceAll(/\bcdktf([-_])(?=alicloud)/g, `${framework}$1`)
    .replaceAll(/\b(from|import) cdktf\b/g, `$1 ${framework}`);
}

function filesOf(path) {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesOf(join(path, name))) : [path];
}

/** Runs a program, and stops with its exit code if it fails. What it prints is shown. */
function run(program, args, cwd = root, environment = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd,
    env: { ...cleanEnvironment(), ...environment },
    stdio: "inherit",
  });
  if (status !== 0) {
    console.error(`${[program, ...args].join(" ")} failed${error === undefined ? "" : `: ${error.message}`}`);
    process.exit(status ?? 1);
  }
}

/** The environment without what decides about lookups, and without jsii's warnings of the version of Node. */
function cleanEnvironment() {
  const deciding = /^(?:ALICLOUD_|ALIBABA_CLOUD_|RDS_DR_|CDKTF_)/;
  const others = Object.entries(process.env).filter(([name]) => !deciding.test(name));
  return {
    ...Object.fromEntries(others),
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split(".")[0],
  };
}
