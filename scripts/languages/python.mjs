/**
 * Installs the Python package into an empty environment, as a user does, and tests it against the simulator of the RDS
 * API: the constructs, the command that pip installs, the example, and the programs of docs/languages.md.
 *
 *     npm run package -- --framework cdktf --language python
 *     node scripts/languages/python.mjs [--framework cdktf|cdktn]
 *
 * It needs Python, and a registry that has the framework and jsii.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { assemblyFile, chosenFramework, frameworkCommand, packageFolder, run, step, trialFolder } from "./trial.mjs";

const framework = chosenFramework();
const sources = join(assemblyFile(framework), "..");
const built = packageFolder(framework, "python");
const folder = trialFolder(framework, "python");
const python = join(folder, "venv", "bin", "python");
const temporary = join(folder, "tmp");
mkdirSync(temporary);

step("pip install", () => {
  run("python3", ["-m", "venv", join(folder, "venv")]);
  const wheel = readdirSync(built).find((name) => name.endsWith(".whl"));
  run(python, ["-m", "pip", "install", "--quiet", join(built, wheel)]);
});
console.log(run(python, ["-m", "pip", "freeze"]).trim());
const { status } = step("unittest", () =>
  spawnSync(python, ["-m", "unittest", "discover", "--verbose"], {
    cwd: join(sources, "test", "languages", "python"),
    env: {
      ...process.env,
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split(".")[0],
      PYTHONDONTWRITEBYTECODE: "1",
      TMPDIR: temporary,
      COMMAND_OF_FRAMEWORK: JSON.stringify(frameworkCommand(framework)),
      EXAMPLE: join(sources, "examples", "python"),
      PAGE: join(sources, "docs", "languages.md"),
    },
    stdio: "inherit",
  }),
);
process.exitCode = status ?? 1;
