// What the trials of the packages for other languages share: names, folders, programs, the simulator.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { copy } from "../cdktn/copy.mjs";
import { nodeFolder } from "../cdktn/node.mjs";
import { pacmakArguments, pacmakVariables, quietJsii } from "../pacmak.mjs";

export const root = join(import.meta.dirname, "..", "..");

/** The package for each framework is compiled in this folder, which has the framework installed. */
const sources = { cdktf: root, cdktn: copy };

/** The tests are written for this framework. */
const writtenFor = "cdktf";

/** The compiled command of the package for a framework. */
function commandOf(framework) {
  return join(sources[framework], "dist", "rds-dr.js");
}

/** Variables that would change what a trial does. */
const decisive = /^(?:ALICLOUD_|ALIBABA_CLOUD_|RDS_DR_|CDKTF_)/;

/** Variables that quieten the tools. */
const quiet = { CHECKPOINT_DISABLE: "1", CI: "1", ...quietJsii };

/** The framework of the option `--framework`; without it, cdktf. */
export function chosenFramework() {
  const { values } = parseArgs({ options: { framework: { type: "string", default: writtenFor } } });
  if (!Object.hasOwn(sources, values.framework)) {
    fail(`--framework must be ${Object.keys(sources).join(" or ")}, but is ${values.framework}`);
  }
  return values.framework;
}

/** The assembly that jsii wrote for the package of a framework. */
export function assemblyFile(framework) {
  return join(sources[framework], ".jsii.gz");
}

/** What `npm run package` made of the package, in a language. */
export function packageFolder(framework, language) {
  const folder = join(root, "packages", framework, language);
  if (!existsSync(folder)) {
    fail(`${folder} does not exist: run "npm run package -- --framework ${framework} --language ${language}"`);
  }
  return folder;
}

/** An empty folder. It stays after the trial, for whoever wants to look at it. */
export function trialFolder(framework, language) {
  const folder = join(root, ".cache", "languages", framework, language);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * The package.json of the package and of its framework, and what they are in a language (`jsii.targets`):
 * `{ own: { version, target, … }, framework: { version, target, … } }`.
 */
export function packagesIn(framework, language) {
  const own = join(sources[framework], "package.json");
  const read = (file) => {
    const json = JSON.parse(readFileSync(file, "utf8"));
    return { ...json, target: json.jsii.targets[language] };
  };
  return { own: read(own), framework: read(createRequire(own).resolve(`${framework}/package.json`)) };
}

/**
 * Copies the tests of a language, and the programs of docs/languages.md, which they test. For another framework than
 * theirs, it replaces the names of the packages.
 *
 * @param programs the files for the programs, in the order of the page
 * @param namesOf what stands for the package and its framework in a source: gets both, and returns as many texts for
 * each framework
 */
export function copyTests(framework, language, folder, programs, namesOf) {
  cpSync(join(root, "test", "languages", language), folder, { recursive: true });
  const documented = programsOfPage(language);
  assert.equal(documented.length, programs.length, `programs in ${language} in docs/languages.md`);
  programs.forEach((file, index) => {
    writeFileSync(join(folder, file), documented[index]);
  });
  const [before, after] = [writtenFor, framework].map((each) => namesOf(packagesIn(each, language)));
  for (const file of readdirSync(folder).map((name) => join(folder, name))) {
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      before.reduce((rewritten, name, index) => rewritten.replaceAll(name, after[index]), text),
    );
  }
}

function programsOfPage(language) {
  const page = readFileSync(join(root, "docs", "languages.md"), "utf8");
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, program]) => program);
}

/** Generates the framework itself in a language, out of its package for npm: for a registry that does not have it. */
export function generateFramework(framework, language, folder) {
  const require = createRequire(join(sources[framework], "package.json"));
  const itself = join(require.resolve(`${framework}/package.json`), "..");
  run(process.execPath, pacmakArguments(itself, folder, [language]), { variables: pacmakVariables });
  return join(folder, language);
}

/** The environment of this process, without what would change a trial. */
function environment() {
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !decisive.test(name))), ...quiet };
}

/**
 * Runs a program, and returns what it wrote to standard output.
 *
 * @throws Error with everything that it printed, if it exits with another code than the expected one
 */
export function run(program, args, { cwd = root, variables = {}, exitCode = 0 } = {}) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env: { ...environment(), ...variables },
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (error !== undefined || status !== exitCode) {
    throw new Error(`${[program, ...args].join(" ")}: ${error?.message ?? `exit code ${status}`}\n${stdout}${stderr}`);
  }
  return exitCode === 0 ? stdout : stdout + stderr;
}

/** Does a step, and prints how long it took. */
export function step(what, action) {
  const begin = performance.now();
  const result = action();
  console.log(`${what}: ${((performance.now() - begin) / 1_000).toFixed(1)} s`);
  return result;
}

/**
 * Runs `rds-dr simulate` of the package, with its demo world, while an action runs.
 *
 * @param action gets the variables that the command prints: endpoint and credentials
 */
export async function withSimulator(framework, action) {
  const simulator = spawn(process.execPath, [commandOf(framework), "simulate"], {
    env: environment(),
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const variables = {};
    for await (const line of createInterface({ input: simulator.stdout })) {
      const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? fail(`rds-dr simulate printed ${line}`);
      variables[name] = value;
      if (Object.keys(variables).length === 3) {
        break;
      }
    }
    action(variables);
  } finally {
    simulator.kill();
  }
}

/**
 * Tries the command and the framework's own with the first app of docs/languages.md: its stack `dr-cn-shanghai` restores
 * the backup of the lookup `orders`.
 */
export function tryApp(framework, folder, variables) {
  const lockFile = join(folder, "rds-dr.lock.json");
  const rdsDr = (...args) => run(process.execPath, [commandOf(framework), ...args], { cwd: folder, variables });
  step("rds-dr refresh", () => rdsDr("refresh"));
  const [locked, ...others] = Object.values(JSON.parse(readFileSync(lockFile, "utf8")).answers);
  assert.deepEqual(others, []);
  step("rds-dr refresh --check", () => rdsDr("refresh", "--check"));

  const [node, cli] = frameworkCommand(framework);
  const synthesise = (exitCode) =>
    run(node, [cli, "synth"], {
      cwd: folder,
      variables: { ...variables, RDS_DR_MODE: "locked" },
      exitCode,
    });
  step(`${framework} synth`, () => synthesise(0));
  const synthesised = join(folder, "cdktf.out", "stacks", "dr-cn-shanghai", "cdk.tf.json");
  const { resource } = JSON.parse(readFileSync(synthesised, "utf8"));
  const [instance] = Object.values(resource.alicloud_rds_ddr_instance);
  assert.equal(instance.backup_set_id, locked.backup.crossBackupId);

  rmSync(lockFile);
  const failure = step(`${framework} synth without the lock file`, () => synthesise(1));
  assert.match(failure, /\[NotLocked, misuse\] \S+\/orders: there is no locked answer/);
}

/** The framework's command: a Node that it takes, and its path. */
export function frameworkCommand(framework) {
  const manifest = createRequire(join(sources[framework], "package.json")).resolve(`${framework}-cli/package.json`);
  const node = framework === "cdktn" ? join(nodeFolder(), "node") : process.execPath;
  return [node, join(manifest, "..", JSON.parse(readFileSync(manifest, "utf8")).bin[framework])];
}

/** Ends the trial with a sentence. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}
