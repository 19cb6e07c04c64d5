/**
 * Builds and runs the Go package with a framework, against the simulator of the RDS API, and the programs in Go of
 * docs/languages.md:
 *
 *     npm run package -- --framework cdktf --language go
 *     node scripts/languages/go.mjs [--framework cdktf|cdktn]
 *
 * It needs Go and, for modules that Go has not cached yet, a module proxy.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  chosenFramework,
  copyTests,
  generateFramework,
  packageFolder,
  packagesIn,
  run,
  step,
  trialFolder,
  tryApp,
  withSimulator,
} from "./trial.mjs";

const framework = chosenFramework();
const packages = packagesIn(framework, "go");
const library = join(packageFolder(framework, "go"), packages.own.target.packageName);
const folder = trialFolder(framework, "go");
const app = join(folder, "app");

copyTests(framework, "go", app, ["main.go", "main_test.go"], ({ own, framework: its }) => [
  own.target.moduleName,
  importOf(its),
]);
assert.equal(run("gofmt", ["-l", app]), "", "files that gofmt would change");
writeFileSync(join(app, "go.mod"), moduleFile());

await withSimulator(framework, (simulator) => {
  // go.mod gets what the app imports; the folder is in a repository, but no part of it.
  const variables = { ...simulator, GOFLAGS: "-mod=mod -buildvcs=false" };
  const go = (...args) => run("go", args, { cwd: app, variables });
  step("go vet", () => go("vet", "./..."));
  const tests = step("go test", () => go("test", "-count=1", "-v", "./..."));
  console.log(`${tests.match(/--- PASS: \w+ \(/g).length} tests passed`);
  tryApp(framework, app, variables);
});

/** The framework's import as the tests write it; they call it by the name of cdktf's package. */
function importOf(its) {
  const path = `"${modulePath(its)}"`;
  return its.target.packageName === "cdktf" ? path : `cdktf ${path}`;
}

function modulePath({ target }) {
  return `${target.moduleName}/${target.packageName}`;
}

/** The go.mod of an app that has the package installed. */
function moduleFile() {
  const [, goVersion] = /^go (.+)$/m.exec(readFileSync(join(library, "go.mod"), "utf8"));
  const [own, its] = [packages.own, packages.framework].map(modulePath);
  const lines = [
    "module app",
    `go ${goVersion}`,
    `require ${own} v${packages.own.version}`,
    `replace ${own} => ${library}`,
  ];
  const version = `${its}@v${packages.framework.version}`;
  if (spawnSync("go", ["list", "-m", version], { cwd: folder }).status !== 0) {
    console.log(`no proxy has ${version}: it is generated from the package for npm`);
    const generated = generateFramework(framework, "go", join(folder, "framework"));
    lines.push(`replace ${its} => ${join(generated, packages.framework.target.packageName)}`);
  }
  return `${lines.join("\n\n")}\n`;
}
