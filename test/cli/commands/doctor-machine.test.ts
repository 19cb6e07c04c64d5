import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Simulator, startSimulator } from "../../../lib/simulator";
import { framework, frameworks, packageFor } from "../../../lib/validation/own-package";
import {
  cliMain,
  hoursAgo,
  isolateEnvironment,
  projectRoot,
  readText,
  runNode,
  temporaryFolders,
  testWorld,
} from "../../fixtures";
import { examine, type Finding, type Report, simulatorVariables } from "./doctor-report";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
const own = JSON.parse(readText(projectRoot, "package.json")) as {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
};

let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  simulator = await startSimulator({ world: testWorld });
});
afterAll(() => simulator.stop());

beforeEach(() => {
  folder = temporaryFolder();
  write("cdktf.json", { language: "typescript", app: "true" });
});

function write(file: string, content: object | string): void {
  writeFileSync(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
}

function doctor(environment: Record<string, string> = {}, args: readonly string[] = []): Promise<Report> {
  return examine(args, { cwd: folder, environment: { ...simulatorVariables(simulator.url), ...environment } });
}

describe("the lock file", () => {
  const key = "latest rm-orders regionId=cn-hangzhou restoreRegion=cn-shanghai";
  const query = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" };

  function entry(more: object = {}): object {
    const backup = {
      crossBackupId: "101",
      dataTime: hoursAgo(30),
      dataTimeEstimated: false,
      restoreRegions: ["cn-shanghai"],
    };
    return { query, backup, changedAt: hoursAgo(26), ...more };
  }

  function lock(answers: object): void {
    write("rds-dr.lock.json", { version: 1, answers });
  }

  test("says which instances to ask about, how many answers it has, and how old they are", async () => {
    const billing = { dbInstanceId: "rm-billing", regionId: "cn-hangzhou" };
    const [oldest, newest] = [hoursAgo(24 * 40), hoursAgo(26)];
    lock({
      [key]: entry({ changedAt: newest }),
      "latest rm-billing regionId=cn-hangzhou": entry({ query: billing, changedAt: oldest, pin: { reason: "drill" } }),
      "list rm-orders regionId=cn-hangzhou": { query: { ...query, restoreRegion: undefined }, backups: [] },
    });
    const { code, of } = await doctor();

    expect(code).toBe(0);
    expect(of("lock-file")).toMatchObject([
      {
        status: "ok",
        message: `rds-dr.lock.json has 3 answers, 1 pinned; the oldest changed at ${oldest} (40 days ago), the newest at ${newest} (26 hours ago)`,
        facts: { path: "rds-dr.lock.json", answers: 3, pins: 1, oldestChangedAt: oldest, newestChangedAt: newest },
      },
    ]);
    expect(of("permission").map(({ status, facts }) => [status, facts["dbInstanceId"], facts["regionId"]])).toEqual([
      ["ok", "rm-orders", "cn-hangzhou"],
      ["ok", "rm-orders", "cn-hangzhou"],
      ["ok", "rm-billing", "cn-hangzhou"],
      ["ok", "rm-billing", "cn-hangzhou"],
      ["ok", null, "cn-shanghai"],
    ]);
  });

  test("says the regions of an instance that the command line names", async () => {
    lock({ [key]: entry() });
    const { of } = await doctor({ ALICLOUD_REGION: "cn-beijing" }, ["--db-instance-id", "rm-orders"]);

    expect(of("permission").map(({ facts }) => facts["regionId"])).toEqual([
      "cn-hangzhou",
      "cn-hangzhou",
      "cn-shanghai",
    ]);
  });

  test("whose backups expire soon, or have expired, is a warning with the first of them", async () => {
    lock({
      [key]: entry({ retentionDays: 2 }),
      "latest rm-billing regionId=cn-hangzhou": entry({
        query: { ...query, dbInstanceId: "rm-billing", restoreRegion: undefined },
        retentionDays: 1,
      }),
    });
    const { code, of } = await doctor();

    expect(code).toBe(0);
    const [, expiry] = of("lock-file");
    expect(expiry).toMatchObject({ status: "warning", facts: { expiring: 2 } });
    expect(expiry?.message).toMatch(
      /^the locked backup 101, kept for 2 days, expires at \S+ \(the first of 2 such answers\)$/,
    );
    expect(expiry?.hint).toContain('"npx rds-dr check"');
  });

  test("that does not exist is a warning", async () => {
    const { code, of } = await doctor();

    expect(code).toBe(0);
    expect(of("lock-file")).toMatchObject([{ status: "warning", facts: { answers: 0 } }]);
    expect(of("lock-file")[0]?.hint).toContain("npx rds-dr refresh");
  });

  test.each<[string, string | object]>([
    ["is broken", '{"version": 1,'],
    ["is in conflict", '<<<<<<< ours\n{"version": 1}'],
    ["is that of another release", { version: 2, answers: {} }],
    ["has an answer of no form", { version: 1, answers: { [key]: { backup: { crossBackupId: 7 } } } }],
  ])("that %s is a failure, and the cloud is looked at all the same", async (_, content) => {
    write("rds-dr.lock.json", content);
    const { code, of } = await doctor({}, ["--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"]);

    expect(code).toBe(2);
    expect(of("lock-file")).toMatchObject([{ status: "failed" }]);
    expect(of("permission").map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  test("can be named, and the answers can be in the context", async () => {
    writeFileSync(join(folder, "other.json"), JSON.stringify({ version: 1, answers: { [key]: entry() } }));
    expect((await doctor({}, ["--lock-file", "other.json"])).of("lock-file")[0]?.facts["path"]).toBe("other.json");

    const settings = { mode: "locked", answers: { [key]: entry() } };
    write("cdktf.json", { language: "typescript", app: "true", context: { "rds-dr": settings } });
    expect((await doctor()).of("lock-file")[0]?.message).toContain('the context "rds-dr" has 1 answer, 0 pinned');
  });
});

describe("the settings", () => {
  test("that are set are shown with their places", async () => {
    write("cdktf.json", { app: "true", context: { "rds-dr": { mode: "locked", deadlineSeconds: 20 } } });
    const { code, of } = await doctor({ RDS_DR_MODE: "live" });

    expect(code).toBe(0);
    const shown = of("settings").map(({ facts: { name, value, place } }) => [name, value, place]);
    expect(shown).toContainEqual(["RDS_DR_MODE", "live", "environment"]);
    expect(shown).toContainEqual(["RDS_DR_DEADLINE_SECONDS", "5", "environment"]);
    expect(shown).toContainEqual(["mode", "locked", join(folder, "cdktf.json")]);
    expect(shown).toContainEqual(["deadlineSeconds", "20", join(folder, "cdktf.json")]);
  });

  test("are all those that the code reads", () => {
    const read = readText(projectRoot, "lib", "lock", "settings.ts").match(/\bRDS_DR_[A-Z_]+/g) ?? [];
    const shown = readText(projectRoot, "lib", "cli", "machine-checks.ts");

    // It is between rds-dr refresh and the app that it runs.
    expect(read.filter((name) => name !== "RDS_DR_REFRESH_REPORT" && !shown.includes(`"${name}"`))).toEqual([]);
  });

  test.each<[string, string | object]>([
    ["a file that is not JSON", "{"],
    ["a context that is a list", { context: { "rds-dr": [] } }],
    ["a context with an unknown key", { context: { "rds-dr": { mood: "live" } } }],
    ["a profile in the context", { context: { "rds-dr": { profile: "drill" } } }],
  ])("of %s are a failure, and those of the environment are used", async (_, content) => {
    write("cdktf.json", content);
    const { code, of } = await doctor({}, ["--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"]);

    expect(code).toBe(2);
    expect(of("settings")).toMatchObject([{ status: "failed", error: { code: "InvalidRequest" } }]);
    expect(of("permission").map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  test("of a wrong variable are a failure, and nothing is asked", async () => {
    const before = simulator.requests.length;
    const { code, of } = await doctor({ RDS_DR_MODE: "lively" });

    expect(code).toBe(2);
    expect(of("settings")[0]?.message).toMatch(/^RDS_DR_MODE must be .* but is "lively"/);
    expect(of("endpoint")).toMatchObject([{ status: "warning" }]);
    expect(of("version").length).toBeGreaterThan(0);
    expect(simulator.requests).toHaveLength(before);
  });
});

describe("a version", () => {
  /** The lowest version of a peer that the package takes. */
  const lowest = (peer: string): string => /\d[\d.]*/.exec(own.peerDependencies[peer] ?? "")?.[0] ?? "";

  function install(name: string, version: string, within = folder): string {
    const at = join(within, "node_modules", name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, "package.json"), JSON.stringify({ name, version }));
    return at;
  }

  /** A folder with a command that prints something. */
  function commandIn(name: string, script: string): string {
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
    return bin;
  }

  function named(report: Report, name: string): Finding | undefined {
    return report.of("version").find(({ facts }) => facts["name"] === name);
  }

  test("of each part that is installed is ok", async () => {
    install(framework, lowest(framework));
    install("constructs", lowest("constructs"));
    install(`${framework}-cli`, "0.21.1");
    const report = await doctor({ PATH: commandIn("terraform", "echo 'Terraform v1.11.4'; echo on linux_amd64") });

    const shown = report.of("version").map(({ status, message }) => `${status} ${message}`);
    expect(shown).toEqual([
      `ok node ${process.version.slice(1)}`,
      `ok ${own.name} ${own.version}`,
      `ok ${framework} ${lowest(framework)}`,
      `ok constructs ${lowest("constructs")}`,
      `ok ${framework}-cli 0.21.1`,
      "ok Terraform 1.11.4",
    ]);
  });

  test("is found above the app, as Node finds it, and from --app-dir", async () => {
    install(framework, lowest(framework));
    mkdirSync(join(folder, "packages", "infra"), { recursive: true });
    writeFileSync(join(folder, "packages", "infra", "cdktf.json"), JSON.stringify({ language: "typescript" }));

    expect(named(await doctor({}, ["--app-dir", "packages/infra"]), framework)?.status).toBe("ok");
  });

  test("is found where names have no folders, as with Yarn's plug'n'play", async () => {
    const version = lowest(framework);
    const at = install(framework, version, join(folder, "archive"));
    write(
      "resolver.js",
      `
        const Module = require("node:module");
        const resolve = Module._resolveFilename;
        Module._resolveFilename = (name, ...others) =>
          name === "${framework}/package.json" ? ${JSON.stringify(join(at, "package.json"))} : resolve(name, ...others);
      `,
    );

    const { stdout } = await runNode(["--require", "./resolver.js", cliMain, "doctor"], {
      cwd: folder,
      environment: simulatorVariables(simulator.url),
    });

    expect(stdout).toMatch(new RegExp(`^ok +version +${framework} ${version.replaceAll(".", "\\.")}$`, "m"));
  });

  test("below that of the peer is a failure", async () => {
    install(framework, "0.20.9");
    install("constructs", "10.0.0");
    const report = await doctor();

    expect(report.code).toBe(2);
    for (const name of [framework, "constructs"]) {
      expect(named(report, name)).toMatchObject({ status: "failed", error: { code: "UnsupportedVersion" } });
    }
  });

  test("beside another framework is a warning that names the package for it", async () => {
    const other = frameworks.find((name) => name !== framework) ?? "";
    install(framework, lowest(framework));
    install(other, "0.99.0");
    const { status, hint, message } = named(await doctor(), other) ?? {};

    expect(status).toBe("warning");
    expect(message).toBe(`${other} is installed too, but ${own.name} is for apps of ${framework} alone`);
    expect(hint).toContain(`use ${packageFor(other)} in place of it`);
  });

  test("beyond that of the peer is a failure", async () => {
    install("constructs", "11.0.0");

    expect(named(await doctor(), "constructs")).toMatchObject({ status: "failed" });
  });

  test("of a command that needs a newer Node is a failure", async () => {
    const at = install(`${framework}-cli`, "0.24.0");
    writeFileSync(
      join(at, "package.json"),
      JSON.stringify({ name: `${framework}-cli`, version: "0.24.0", engines: { node: ">=99" } }),
    );
    const nodes = (await doctor()).of("version").filter(({ facts }) => facts["name"] === "node");

    expect(nodes.map(({ status }) => status)).toEqual(["ok", "failed"]);
    expect(nodes[1]?.message).toContain(`it must be >=99 for ${framework}-cli 0.24.0`);
  });

  test("of the package in the app that is not that of the command is a warning", async () => {
    install(own.name, "0.0.9");

    expect(named(await doctor(), own.name)).toMatchObject({
      status: "warning",
      message: `this command is ${own.name} ${own.version}, but the app uses 0.0.9`,
    });
  });

  test("of the framework's command is also found on the PATH", async () => {
    const elsewhere = join(folder, "elsewhere");
    const at = install(`${framework}-cli`, "0.21.3", elsewhere);
    const bin = commandIn("unused", "true");
    writeFileSync(join(at, framework), "");
    symlinkSync(join(at, framework), join(bin, framework));

    expect(named(await doctor({ PATH: bin }), `${framework}-cli`)).toMatchObject({
      status: "ok",
      facts: { version: "0.21.3" },
    });
  });

  test.each(["python", "go", "java", "csharp"])("of Node's packages is no matter of an app in %s", async (language) => {
    write("cdktf.json", { language, app: "true" });
    const report = await doctor();

    expect(named(report, framework)).toBeUndefined();
    expect(named(report, "node")?.status).toBe("ok");
  });

  test("of an app is not looked for without one", async () => {
    folder = temporaryFolder();
    const { code, of } = await doctor();

    expect(code).toBe(0);
    expect(of("version").map(({ status }) => status)).toContain("warning");
  });

  test.each([
    ["1.3.9", "DisasterRecoveryInstance needs terraform_data (1.4.0), importFrom needs import blocks (1.5.0)"],
    ["1.4.6", "importFrom needs import blocks (1.5.0)"],
  ])("of Terraform %s is a warning with what it lacks", async (version, lacks) => {
    const report = await doctor({ PATH: commandIn("terraform", `echo "Terraform v${version}"`) });

    expect(report.code).toBe(0);
    expect(named(report, "terraform")).toMatchObject({
      status: "warning",
      message: `Terraform ${version} is too old: ${lacks}`,
    });
  });

  test("of OpenTofu counts as well, and that of the command that cdktf is told to use", async () => {
    expect(named(await doctor({ PATH: commandIn("tofu", "echo OpenTofu v1.9.4") }), "opentofu")?.status).toBe("ok");

    const PATH = commandIn("my-terraform", "echo Terraform v1.9.0-rc1");
    const report = await doctor({ PATH, TERRAFORM_BINARY_NAME: "my-terraform" });
    expect(named(report, "terraform")?.facts["version"]).toBe("1.9.0-rc1");
  });

  test.each([
    ["is on no PATH", ""],
    ["fails", "exit 3"],
    ["prints something else", "echo hello; printf '\\033[2J'"],
    ["does not end", "sleep 100"],
    ["leaves a child behind", "(sleep 100) & sleep 100"],
  ])("of a Terraform that %s is a warning, by the deadline", async (_, script) => {
    const bin = script === "" ? join(folder, "nowhere") : commandIn("terraform", script);
    const begin = performance.now();
    const report = await doctor({ PATH: `${bin}:/bin`, RDS_DR_DEADLINE_SECONDS: "1" });

    expect(performance.now() - begin).toBeLessThan(10_000);
    expect(report.code).toBe(0);
    expect(named(report, "terraform")).toMatchObject({ status: "warning", facts: { version: null } });
  });
});
