import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { managers } from "./managers.mjs";
import { CommandFailure, run, start, stop } from "./process.mjs";
import { binOf, environment, servedOrSkipped } from "./tools.mjs";
import { specOf } from "./versions.mjs";

/** What the network takes, milliseconds: long enough that a synthesis must wait. */
const latencyMs = 300;

/** A project in an empty directory, outside of this repository, as a user has one. */
export class Project {
  /** The folder of the app. */
  folder;
  #root = realpathSync(mkdtempSync(join(tmpdir(), "rds-dr-install-")));
  #env;
  #simulator;

  constructor(packed, manager) {
    this.packed = packed;
    this.manager = manager;
    this.folder = join(this.#root, manager.appFolder);
    mkdirSync(this.folder, { recursive: true });
  }

  /** Passes a project to an action, and removes it. */
  static async with({ packed, manager = "npm", node = "node 22" }, action) {
    const project = new Project(packed, managers[manager]);
    try {
      const paths = await Promise.all([node, ...project.manager.tools].map(binOf));
      const bins = project.manager.bins.map((bin) => join(project.#root, bin));
      project.#env = environment(...bins, ...paths);
      Object.entries(project.manager.files).forEach(([name, text]) => writeFileSync(join(project.#root, name), text));
      return await action(project);
    } finally {
      project.#stopSimulator();
      rmSync(project.#root, { recursive: true, force: true });
    }
  }

  write(name, content) {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, undefined, 2));
  }

  read(...path) {
    return readFileSync(join(this.folder, ...path), "utf8");
  }

  /** Installs the package with its peers, and tools of the table of versions. */
  async install(...keys) {
    const { packed, manager } = this;
    const specs = [...packed.peers, ...keys.map(specOf)];
    await servedOrSkipped(specs, () => this.runInRoot(manager.install([packed.file, ...specs], packed)));
  }

  /** Runs a command of Node or of an installed package in the folder of the app, and returns what it prints. */
  run(words, variables = {}) {
    return run(this.manager.command(words), { cwd: this.folder, env: { ...this.#env, ...variables } });
  }

  /** As `run`, in the folder that the package manager works in. */
  runInRoot(words, variables = {}) {
    return run(words, { cwd: this.#root, env: { ...this.#env, ...variables } });
  }

  /** As `run`, for a command that must print something. */
  async mustPrint(words, expected, variables) {
    const output = await this.run(words, variables);
    if (!expected.test(output)) {
      throw new Error(`${words.join(" ")} must print ${expected}\n${output}`);
    }
    return output;
  }

  /** Runs a command that must fail, and must print something. */
  async mustFail(words, expected, variables) {
    let output;
    try {
      output = await this.run(words, variables);
    } catch (error) {
      if (error instanceof CommandFailure && expected.test(error.output)) {
        return;
      }
      throw error;
    }
    throw new Error(`${words.join(" ")} must fail\n${output}`);
  }

  /** Makes the command of a tool of the table of versions available, without installing it into the project. */
  async addTool(key) {
    this.#env.PATH = [this.#env.PATH, await binOf(key)].join(delimiter);
  }

  /** Starts the simulator of the installed package by its command; returns the variables that it prints. */
  async startSimulator() {
    const words = this.manager.command(["rds-dr", "simulate", "--port", "0", "--latency-ms", String(latencyMs)]);
    const started = start(words, { cwd: this.folder, env: this.#env });
    this.#simulator = started.child;
    const variables = () =>
      [...started.output.matchAll(/^export (\w+)=(.+)\n/gm)].map(([, name, value]) => [name, value]);
    const isReady = new Promise((resolve) => {
      started.onOutput = () => variables().length === 3 && resolve();
    });
    const failure = await Promise.race([isReady, started.ended]);
    if (failure !== undefined) {
      throw new Error(`rds-dr simulate ${failure}\n${started.output}`);
    }
    return Object.fromEntries(variables());
  }

  #stopSimulator() {
    if (this.#simulator !== undefined) {
      stop(this.#simulator);
    }
  }
}
