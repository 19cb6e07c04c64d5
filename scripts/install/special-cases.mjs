// The cases that are more than a combination: bundles, Bun, a project of `cdktf init`, and the packed file itself.
import { checkSynthesis } from "./combination.mjs";
import { unitTest } from "./code.mjs";
import { Project } from "./project.mjs";
import { initDate } from "./versions.mjs";

/** What the package says if its worker is not beside it. */
const isMissing = /its worker .* is missing: a bundler .*\n {2}-> mark .* as external in the bundler/;

const esbuild = "esbuild main.mjs --bundle --platform=node --log-level=warning";
const webpack = "webpack --mode none --target node --entry ./main.mjs -o .";

/** The commands that bundle the README's app, with the package in the bundle, and as external. */
const bundlers = {
  esbuild: (name) => [`${esbuild} --outfile=all.js`, `${esbuild} --outfile=external.js --external:${name}`],
  webpack: (name) => [
    `${webpack} --output-filename all.js`,
    `${webpack} --output-filename external.js --externals ${name} --externals-type commonjs`,
  ],
};

/** With the package in the bundle it says what to do; with the package beside the bundle it works. */
export const checkBundle = (bundler, keys) => (packed) =>
  Project.with({ packed }, async (project) => {
    project.write("main.mjs", packed.app);
    await project.install(...keys);
    for (const command of bundlers[bundler](packed.name)) {
      await project.run(command.split(" "));
    }
    const simulator = await project.startSimulator();
    await project.mustFail(["node", "all.js"], isMissing, simulator);
    await checkSynthesis(project, [["node", "external.js"]], simulator);
  });

/** Bun installs the package, runs the app and a test, and the command. */
export const checkBun = (packed) =>
  Project.with({ packed, manager: "bun" }, async (project) => {
    project.write("main.ts", packed.app);
    project.write("backup.test.ts", unitTest("bun:test", packed));
    await project.install();
    const simulator = await project.startSimulator();
    await checkSynthesis(project, [["bun", "main.ts"]], simulator);
    await project.run(["bun", "test"]);
    const source = ["--db-instance-id", "rm-uf6wjk5t8q2vz71ab", "--region-id", "cn-hangzhou"];
    const command = ["bun", "--bun", "run", "rds-dr"];
    await project.run([...command, "list", ...source], simulator);
    await project.mustPrint([...command, "doctor"], /^ok +version +bun /m, simulator);
  });

/** An older Bun is refused at once, in place of a wait until the deadline. */
export const checkOldBun = (packed) =>
  Project.with({ packed }, async (project) => {
    project.write("main.ts", packed.app);
    await project.install("bun too old");
    const simulator = await project.startSimulator();
    await project.mustFail(["bun", "main.ts"], /the version of Bun must be .* or later/, simulator);
  });

/** A new project of the framework's own template, with the way round of the README. */
export const checkInit = (packed) =>
  Project.with({ packed }, async (project) => {
    const { framework, wayRound } = packed;
    const asOf = { npm_config_before: initDate };
    const answers = ["--project-name=app", "--project-description=app", "--from-terraform-project=no"];
    const quiet = "--enable-crash-reporting=false";
    await project.addTool(`${framework}-cli`);
    await project.run([framework, "init", "--template=typescript", "--local", quiet, ...answers], asOf);
    // The template of cdktn installs an older TypeScript.
    if (framework === "cdktf") {
      await project.mustFail(["npm", "install", packed.file], /ERESOLVE/, asOf);
      await project.run(wayRound.split(" "), asOf);
    }
    await project.run(["npm", "install", packed.file], asOf);
    project.write("main.ts", packed.app);
    project.write("__tests__/backup.test.ts", unitTest("ts-jest", packed));
    await project.run(["tsc", "--noEmit"]);
    const simulator = await project.startSimulator();
    await checkSynthesis(project, [[framework, "synth"]], simulator);
    await project.run(["jest"]);
  });
