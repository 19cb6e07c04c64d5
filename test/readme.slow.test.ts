import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { installCli, projectRoot, readStack, readText, run, temporaryFolders, type Finished } from "./fixtures";

const temporaryFolder = temporaryFolders();
const modules = join(projectRoot, "node_modules");

/** The commands that `.ci/run` runs, on a clean checkout. */
const inContinuousIntegration = ["npm ci && npm run demo", "npm ci && npm test"];

/** A block of code of the README. */
interface Block {
  readonly language: string;
  readonly text: string;
}

const blocks: readonly Block[] = [...readText(projectRoot, "README.md").matchAll(/^```(\w+)\n(.*?)\n^```$/gms)].map(
  ([, language = "", text = ""]) => ({ language, text }),
);

test("the README has at most 200 lines", () => {
  expect(readText(projectRoot, "README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(200);
});

test("continuous integration runs the commands for a clone", () => {
  const script = readText(projectRoot, ".ci", "run");
  const commands = new Set(inContinuousIntegration.flatMap((line) => line.split(" && ")));

  expect([...commands].filter((command) => !script.split("\n").includes(command))).toEqual([]);
  expect(blocks.map(({ text }) => text)).toEqual(expect.arrayContaining(inContinuousIntegration));
});

test("every other command works in an empty directory, in the order of the README", async () => {
  const project = new EmptyDirectory(temporaryFolder(), await freePort());
  try {
    for (const { language, text } of blocks.filter((each) => !inContinuousIntegration.includes(each.text))) {
      await (language === "ts" ? project.save(text) : project.type(text));
    }
  } finally {
    await project.stop();
  }

  expect(project.output).toMatch(/^12490124$/m);
  expect(project.output).toMatch(/^12490124 .* latest$/m);
  expect(project.output).toContain("rds-dr.lock.json was written");
  expect(project.output).toContain("rds:DescribeCrossRegionBackups");
  const stack = readStack(join(project.folder, "cdktf.out"), "dr-cn-shanghai");
  expect(JSON.stringify(stack)).toContain('"backup_set_id":"12490124"');
}, 120_000);

/** What a reader has who follows the README: a directory, two shells, and the package as npm installs it. */
class EmptyDirectory {
  output = "";
  private exports: Readonly<Record<string, string>> = {};
  private stopSimulator: () => Promise<unknown> = () => Promise.resolve();

  constructor(
    readonly folder: string,
    private readonly port: number,
  ) {}

  save(app: string): Promise<void> {
    writeFileSync(join(this.folder, "main.ts"), app);
    return Promise.resolve();
  }

  async type(text: string): Promise<void> {
    const commands = text.replaceAll("8080", String(this.port));
    if (commands.startsWith("export ")) {
      const pairs = commands.split("\n").map((line) => line.replace("export ", "").split("="));
      this.exports = Object.fromEntries(pairs) as Readonly<Record<string, string>>;
      expect(this.output).toContain(commands);
    } else if (commands.includes(" simulate ")) {
      await this.startSimulator(commands);
    } else {
      const { code, stdout, stderr } = await this.inBash(this.installed(commands));
      expect({ commands, code, stderr }).toMatchObject({ code: 0 });
      this.output += stdout + stderr;
    }
  }

  stop(): Promise<unknown> {
    return this.stopSimulator();
  }

  /** The commands without that which needs npm's registry: what it installs is linked from here. */
  private installed(commands: string): string {
    const install = /^npm install (.*)$/m.exec(commands);
    const names = (install?.[1] ?? "").split(" ").map((name) => name.replace(/@[\d.]+$/, ""));
    if (install !== null) {
      symlinkSync(join(modules, ".bin", "tsx"), join(installCli(this.folder), "tsx"));
      mkdirSync(join(this.folder, "node_modules"), { recursive: true });
      for (const name of names) {
        const target = name === "cdktf-alicloud-rds-dr" ? projectRoot : join(modules, name);
        symlinkSync(target, join(this.folder, "node_modules", name));
      }
    }
    return commands.replace(install?.[0] ?? "", "");
  }

  private inBash(commands: string): Promise<Finished> {
    return run("bash", ["-ec", commands], { cwd: this.folder, environment: this.environment() });
  }

  private environment(): Record<string, string> {
    return { HOME: this.folder, npm_config_offline: "true", CHECKPOINT_DISABLE: "1", ...this.exports };
  }

  private startSimulator(command: string): Promise<void> {
    const [, ...args] = command.split(" ");
    const bin = join(this.folder, "node_modules", ".bin", args.shift() ?? "");
    const child = spawn(bin, args, { cwd: this.folder, stdio: ["ignore", "pipe", "ignore"] });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    this.stopSimulator = () => {
      child.kill();
      return ended;
    };
    return new Promise((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
        if (this.output.includes("ALIBABA_CLOUD_ACCESS_KEY_SECRET=")) {
          resolve();
        }
      });
    });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
