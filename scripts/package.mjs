/**
 * Makes the packages that users install, below packages/<framework>/<language>/:
 *
 *     npm run package [-- --framework cdktf --language python …]
 *
 * Without options, all of them. What they contain is what `npm run build` compiled: it runs again only if a source is
 * newer. Python is built into a wheel; for Go, Java and .NET these are the sources that their tools build.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { copy as cdktnSources } from "./cdktn/copy.mjs";
import { pacmakArguments, pacmakVariables } from "./pacmak.mjs";

const root = join(import.meta.dirname, "..");

/** The sources of the package for each framework, and what compiles them if that is needed. */
const frameworks = {
  cdktf: {
    sources: root,
    compile: () => isOlder(join(root, lastOutput), inputs) && run("npm", ["run", "-s", "build"]),
  },
  // The script does only what is needed.
  cdktn: { sources: cdktnSources, compile: () => run("npm", ["run", "-s", "cdktn"]) },
};

/** What makes of generated sources what users install. */
const languages = {
  js: copy,
  python: buildWheel,
  go: copy,
  java: copy,
  dotnet: copy,
};

/** What jsii-pacmak asks for in its requirements-dev.txt, in fixed versions; twine, which only uploads, is omitted. */
const pythonTools = ["build==1.5.0", "packaging==26.4", "pyproject-hooks==1.3.3", "setuptools==75.3.4"];

/** What a build writes last. */
const lastOutput = join("dist", "THIRD-PARTY-LICENSES");

/** What the compiled files and the assembly are made of. */
const inputs = [
  "scripts/compile.mjs",
  "scripts/bundle.mjs",
  "docs/languages.md",
  "lib",
  "schema/alicloud.json",
  "package.json",
  "tsconfig.json",
  "README.md",
];

const { values } = parseArgs({
  options: {
    framework: { type: "string", multiple: true, default: Object.keys(frameworks) },
    language: { type: "string", multiple: true, default: Object.keys(languages) },
  },
});
checkNames("framework", values.framework, frameworks);
checkNames("language", values.language, languages);
for (const framework of values.framework) {
  makePackages(framework, values.language);
}

function checkNames(option, given, known) {
  const wrong = given.find((name) => !Object.hasOwn(known, name));
  if (wrong !== undefined) {
    console.error(`--${option} must be ${Object.keys(known).join(", ")}, but is ${wrong}`);
    process.exit(2);
  }
}

function makePackages(framework, chosen) {
  const { sources, compile } = frameworks[framework];
  compile();
  const generated = join(root, ".cache", "packages", framework);
  rmSync(generated, { recursive: true, force: true });
  generate(sources, generated, chosen);
  for (const language of chosen) {
    const target = join(root, "packages", framework, language);
    rmSync(target, { recursive: true, force: true });
    languages[language](join(generated, language), target);
    console.log(`packages/${framework}/${language}: ${readdirSync(target).join(", ")}`);
  }
}

/** Whether a file does not exist, or was written before one of the inputs. */
function isOlder(file, sources) {
  const newest = Math.max(...sources.flatMap((source) => filesOf(join(root, source))).map(timeOf));
  return !existsSync(file) || timeOf(file) < newest;
}

function filesOf(path) {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesOf(join(path, name))) : [path];
}

function timeOf(file) {
  return statSync(file).mtimeMs;
}

/** Writes the sources for languages into folders with their names. Each contains the package for npm, but Java. */
function generate(sources, folder, chosen) {
  mkdirSync(folder, { recursive: true });
  const translated = ["--rosetta-unknown-snippets", "translate"];
  run(process.execPath, pacmakArguments(sources, folder, chosen, ...translated), pacmakVariables);
}

function copy(generated, target) {
  cpSync(generated, target, { recursive: true });
}

/** Builds a wheel, and the archive of its sources. */
function buildWheel(generated, target) {
  addCommand(generated);
  run(pythonWithTools(), ["-m", "build", "--no-isolation", "--outdir", target, generated]);
}

/**
 * Adds the files of the command, and the script that runs them. jsii's own script would unpack the package and start a
 * runtime each time. It would also leave the command running after a signal.
 */
function addCommand(generated) {
  const [module] = readdirSync(join(generated, "src"));
  const folder = join(generated, "src", module, "_jsii");
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  const files = ["package/package.json", "package/dist/rds-dr.js", "package/dist/lib", "package/schema"];
  mkdirSync(join(folder, "command"));
  const into = ["-C", join(folder, "command"), "--strip-components=1"];
  run("tar", ["-xzf", join(folder, archive), ...into, "--exclude=*.d.ts", ...files]);
  edit(join(generated, "setup.py"), `"${archive}"`, `"${archive}", "command/**/*"`);
  const script = readFileSync(join(import.meta.dirname, "python", "rds-dr"), "utf8");
  writeFileSync(join(folder, "bin", "rds-dr"), script.replace("cdktf_alicloud_rds_dr", module));
}

/** Replaces a text in a file, which must contain it. */
function edit(file, text, replacement) {
  const before = readFileSync(file, "utf8");
  if (!before.includes(text)) {
    throw new Error(`${file} does not contain ${text}`);
  }
  writeFileSync(file, before.replace(text, replacement));
}

/** Path of a Python that has the tools: made once. */
function pythonWithTools() {
  const folder = join(root, ".cache", "python-tools");
  const python = join(folder, "bin", "python");
  const done = join(folder, "installed.txt");
  const wanted = pythonTools.join("\n");
  if (!existsSync(done) || readFileSync(done, "utf8") !== wanted) {
    run("python3", ["-m", "venv", "--clear", folder]);
    run(python, ["-m", "pip", "install", "--quiet", ...pythonTools]);
    writeFileSync(done, wanted);
  }
  return python;
}

/** Runs a program, and shows what it printed only if it fails. */
function run(program, args, environment = {}) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (status !== 0) {
    console.error(`${[program, ...args].join(" ")} failed: ${error?.message ?? ""}\n${stdout}${stderr}`);
    process.exit(1);
  }
}
