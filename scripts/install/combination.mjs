// A case of the table of combinations: a project with one of each, in which the app and its test must work.
import { asCommonJs, unitTest } from "./code.mjs";
import { Project } from "./project.mjs";
import { managers } from "./managers.mjs";

/** What the README's app finds in the simulator's demo world. */
const expectedId = "12490124";

/** The settings of TypeScript that go with a resolution of modules. */
const moduleOf = { node10: "commonjs", nodenext: "nodenext", bundler: "esnext" };

/** How an app is run: the tools that this needs, and its commands. */
const appRunners = {
  tsc: { tools: [], commands: () => [["tsc"], ["node", "main.js"]] },
  tsx: { tools: ["tsx"], commands: (file) => [["tsx", file]] },
  "ts-node": { tools: ["ts-node"], commands: (file) => [["ts-node", file]] },
  // Node removes the types itself.
  node: { tools: [], commands: (file) => [["node", file]] },
};

/** How a unit test is run: the tools that this needs, and its command. */
const testRunners = {
  "ts-jest": { tools: ["jest", "ts-jest", "@types/jest"], command: () => ["jest"] },
  vitest: { tools: ["vitest"], command: () => ["vitest", "run", "backup.test.ts"] },
  "node:test": { tools: [], command: nodeTest },
};

function nodeTest({ language, app }) {
  const loader = app === "tsx" ? ["--import", "tsx"] : [];
  const ending = language === "javascript" || app === "tsc" ? "js" : "ts";
  return ["node", ...loader, "--test", `backup.test.${ending}`];
}

/** The tools of a combination, as keys of the table of versions. */
export function toolsOf({ node, manager, language, app, test }) {
  const types = language === "javascript" ? [] : [language, node.replace("node", "@types/node")];
  return [node, ...managers[manager].tools, ...types, ...appRunners[app].tools, ...testRunners[test].tools];
}

/** Checks a combination. @throws CommandFailure, or an Error that says what was expected */
export function checkCombination(combination, packed) {
  const { node, manager, language, app, test } = combination;
  return Project.with({ packed, manager, node }, async (project) => {
    const file = language === "javascript" ? "main.js" : "main.ts";
    const commands = appRunners[app].commands(file);
    writeFiles(project, file, combination);
    const installed = toolsOf(combination).slice(1 + project.manager.tools.length);
    await project.install(...installed);
    if (language !== "javascript") {
      await project.run(["tsc", "--noEmit"]);
    }
    const simulator = await project.startSimulator();
    await checkSynthesis(project, commands, simulator);
    await project.run(testRunners[test].command(combination));
    const [framework, version] = packed.peers[0].split("@");
    await project.mustPrint(["rds-dr", "doctor"], new RegExp(`^ok +version +${framework} ${version}$`, "m"), simulator);
    if (manager === "npm workspaces") {
      await project.runInRoot(["rds-dr", "refresh", "--app-dir", project.manager.appFolder], simulator);
      project.read("rds-dr.lock.json");
    }
  });
}

/** Writes the files of a project. */
function writeFiles(project, file, { language, modules, resolution, app, test }) {
  const { packed } = project;
  const code = language === "javascript" && modules === "commonjs" ? asCommonJs : (text) => text;
  project.write("package.json", { name: "app", private: true, ...(modules === "esm" ? { type: "module" } : {}) });
  project.write("cdktf.json", { language: "typescript", app: appRunners[app].commands(file).at(-1).join(" ") });
  project.write(file, code(packed.app));
  project.write(file.replace("main", "backup.test"), code(unitTest(test, packed)));
  if (test === "ts-jest") {
    project.write("jest.config.cjs", 'module.exports = { preset: "ts-jest", testMatch: ["**/*.test.ts"] };\n');
  }
  if (language !== "javascript") {
    const types = ["node", ...(test === "ts-jest" ? ["jest"] : [])];
    project.write("tsconfig.json", {
      compilerOptions: compilerOptions(language, resolution, types),
      include: ["*.ts"],
    });
  }
}

/** The settings of a strict project. */
function compilerOptions(language, resolution, types) {
  const isDeprecated = resolution === "node10" && language === "typescript 6.0";
  return {
    target: "es2022",
    module: moduleOf[resolution],
    moduleResolution: resolution,
    ...(isDeprecated ? { ignoreDeprecations: "6.0" } : {}),
    strict: true,
    types,
    // The framework's own declarations are not judged here.
    skipLibCheck: true,
  };
}

/** Runs the README's app, and checks that the id that it prints is in the stack that it writes. */
export async function checkSynthesis(project, commands, variables) {
  let output = "";
  for (const words of commands) {
    output = await project.run(words, variables);
  }
  const stack = project.read("cdktf.out", "stacks", "lookup", "cdk.tf.json");
  const id = JSON.parse(stack).output.orders_cross_backup_id.value;
  if (id !== expectedId || !output.includes(expectedId)) {
    throw new Error(`the stack and the output must contain ${expectedId}\n${stack}\n${output}`);
  }
}
