// Runs the tests that use the framework in the copy for cdktn, with the Node that its command needs. Arguments are parts of
// the paths of tests: only these run.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join, relative, resolve } from "node:path";
import { copy, makeCopy } from "./copy.mjs";
import { nodeFolder } from "./node.mjs";

const tests = join(copy, "dist", "test");

/** What every test loads, for helpers of which some make apps. */
const shared = join(tests, "fixtures.js");

/** Tests that run apps of other files, by their paths. */
const runsExamples = /^(?:examples|readme)\.slow\.test\.js$|doctor-machine/;

/** The names of the modules that a compiled file loads, or that a program in it does. */
function loadedBy(file) {
  const names = readFileSync(file, "utf8").matchAll(/\b(?:require|requireActual)\(\s*["']([^"']+)["']\)/g);
  return [...names].map(([, name]) => name);
}

/** Whether a test loads the framework, directly or by other files. */
function usesFramework(test) {
  const seen = new Set();
  const open = [test];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const names = seen.has(file) || file === shared ? [] : loadedBy(file);
    seen.add(file);
    if (names.some((name) => /^cdktn(?:\/|$|-alicloud-rds-dr$)/.test(name))) {
      return true;
    }
    open.push(...names.filter((name) => name.startsWith(".")).flatMap((name) => pathOf(resolve(dirname(file), name))));
  }
  return false;
}

function pathOf(module) {
  const paths = [module, `${module}.js`, join(module, "index.js")];
  return paths.filter((path) => path.endsWith(".js") && existsSync(path) && statSync(path).isFile());
}

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}

makeCopy();
const parts = process.argv.slice(2);
const files = readdirSync(tests, { recursive: true })
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))
  .map((file) => join(tests, file))
  .filter((file) => runsExamples.test(relative(tests, file)) || usesFramework(file));
const bin = nodeFolder();
const jest = join(copy, "node_modules", "jest", "bin", "jest.js");
const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) };
run(join(bin, "node"), [jest, "--runTestsByPath", ...files], { cwd: copy, env });
