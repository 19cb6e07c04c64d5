import { closeSync, copyFileSync, existsSync, openSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { startSimulator } from "../../lib/simulator";
import {
  cliMain,
  environmentOf,
  projectRoot,
  readText,
  run,
  runCli,
  runNode,
  spawnCli,
  temporaryFolders,
  testWorld,
} from "../fixtures";

const temporaryFolder = temporaryFolders();

test("--version prints the version of the package", async () => {
  const { version } = JSON.parse(readText(projectRoot, "package.json")) as { readonly version: string };

  expect(await runCli(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("--help lists the commands and what the exit codes mean", async () => {
  const { code, stdout } = await runCli(["--help"]);

  expect(code).toBe(0);
  expect(stdout).toMatch(
    /lookup [^]*list [^]*simulate [^]*Exit codes .*:\n {2}0 {2}done\n {2}1 [^]*\n {2}6 {2}a locked answer is missing/,
  );
});

test("--help names the modes and where credentials come from", async () => {
  const { stdout } = await runCli(["--help"]);

  expect(stdout).toMatch(/RDS_DR_MODE [^]*live [^]*locked [^]*refresh [^]*destroy /);
  expect(stdout).toMatch(
    /Credentials[^]*--profile[^]*ALICLOUD_ACCESS_KEY,[^]*ALIBABA_CLOUD_ACCESS_KEY_ID,[^]*ALIBABA_CLOUD_PROFILE/,
  );
});

describe("as a process of its own", () => {
  const orders = ["--db-instance-id", "rm-orders"];
  const region = ["--region-id", "cn-hangzhou"];
  const query = '{"db_instance_id":"rm-orders","region_id":"cn-hangzhou"}';

  test("each command prints and returns what it does within this process", async () => {
    const simulator = await startSimulator({ world: testWorld });
    const cwd = temporaryFolder();
    const lockFile = join(cwd, "rds-dr.lock.json");
    const environment = { ...environmentOf(simulator.url), RDS_DR_LOCK_FILE: lockFile };
    await runCli(["lookup", ...orders, ...region], {
      cwd,
      environment: { ...environment, RDS_DR_MODE: "refresh" },
    });
    const commands: readonly (readonly [code: number, args: readonly string[], input?: string])[] = [
      [0, ["lookup", ...orders, ...region]],
      [3, ["lookup", "--from", "-", ...region], "rm-empty\n"],
      [0, ["list", ...orders, ...region, "--json"]],
      [0, ["refresh", "--no-app"]],
      [0, ["check"]],
      [0, ["pin", ...orders, "--reason", "a test"]],
      [0, ["unpin", ...orders]],
      [0, ["policy", ...orders, ...region]],
      [0, ["external"], query],
      [2, ["external"]],
    ];

    for (const [code, args, input] of commands) {
      const options = { cwd, environment, ...(input === undefined ? {} : { input }) };
      const own = await spawnCli(args, options);

      expect(own).toMatchObject({
        code,
        [code === 0 ? "stdout" : "stderr"]: expect.stringMatching(/./) as string,
      });
      if (args[0] !== "unpin") {
        expect(own).toEqual(await runCli(args, options));
      }
    }
    await simulator.stop();
  });
});

test("the command is one file, which needs no package beside it, and names what it contains", async () => {
  const simulator = await startSimulator({ world: testWorld });
  const folder = temporaryFolder();
  copyFileSync(cliMain, join(folder, "rds-dr.js"));

  const { code, stdout } = await runNode(
    [join(folder, "rds-dr.js"), "lookup", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"],
    { cwd: folder, environment: environmentOf(simulator.url) },
  );
  await simulator.stop();

  expect(code).toBe(0);
  expect(stdout).toMatch(/^rm-orders \(cn-hangzhou\): /);
  const licences = readText(projectRoot, "dist", "THIRD-PARTY-LICENSES");
  for (const name of ["@alicloud/pop-core", "cli-table3", "commander", "httpx", "write-file-atomic"]) {
    expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\S+ \\((?:MIT|ISC)\\)\n\n[^]{200}`, "m"));
  }
});

describe("standard output that cannot be written", () => {
  const policy = ["policy", "--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou"];
  const testWithFull = existsSync("/dev/full") ? test : test.skip;

  /** Runs the command with its standard output in a file. */
  function runInto(file: string, flags: string, args: readonly string[]): { code: number | null; stderr: string } {
    const output = openSync(file, flags);
    try {
      const options = { stdio: ["ignore", output, "pipe"] as const, encoding: "utf8" as const };
      const { status, stderr } = spawnSync(process.execPath, [cliMain, ...args], {
        ...options,
        stdio: [...options.stdio],
      });
      return { code: status, stderr };
    } finally {
      closeSync(output);
    }
  }

  testWithFull.each([[policy], [["--help"]], [["--version"]], [["lookup", "--help"]]])(
    "as its disk is full is an error of %j",
    (args) => {
      const { code, stderr } = runInto("/dev/full", "w", args);

      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^error: the result is not printed, or only a part: .* but is "ENOSPC" \(no space left on device\)\n {2}-> free some room there/,
      );
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  test("as it is open for reading only is an error", () => {
    const { code, stderr } = runInto("/dev/null", "r", policy);

    expect(code).toBe(1);
    expect(stderr).toMatch(/but is "EBADF" \(bad file descriptor\)\n/);
  });

  test("as it takes a part of the result only is an error", async () => {
    const output = join(temporaryFolder(), "help.txt");
    const script = 'ulimit -f 1; trap "" XFSZ; exec "$0" "$1" --help > "$2"';

    const { code, stderr } = await run("sh", ["-c", script, process.execPath, cliMain, output]);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the result is not printed, or only a part: .*"EFBIG" \(file too large\)/);
    expect(readText(output)).toMatch(/^Usage: rds-dr /);
  });

  test.each(["--help", "lookup --help", "policy --db-instance-id rm-orders --region-id cn-hangzhou"])(
    "as its reader went away is none: rds-dr %s",
    async (args) => {
      const script = `{ "$0" "$1" ${args}; echo "code $?" >&2; } | true`;

      const { stderr } = await run("sh", ["-c", script, process.execPath, cliMain], {
        cwd: temporaryFolder(),
      });

      expect(stderr).toBe("code 0\n");
    },
  );
});

describe("a command line that is not understood", () => {
  test.each<[string, string]>([
    ["lookup --json=true", "unknown option '--json=true'\n(Did you mean --json?)"],
    ["lookup --db-instance-ids rm-1", "unknown option '--db-instance-ids'\n(Did you mean --db-instance-id?)"],
    ["lookup --dbInstanceId rm-1", "unknown option '--dbInstanceId'\n(Did you mean --db-instance-id?)"],
    ["lookup --db_instance_id=rm-1", "unknown option '--db_instance_id'\n(Did you mean --db-instance-id?)"],
    ["list --region x", "unknown option '--region'\n(Did you mean --region-id?)"],
    [
      "lookup --max-age 3",
      "unknown option '--max-age'\n(Did you mean one of --max-age-hours, --max-recoverable-age-hours?)",
    ],
    ["pin --reasn x", "unknown option '--reasn'\n(Did you mean --reason?)"],
    ["refresh --chek", "unknown option '--chek'\n(Did you mean --check?)"],
    ["check --storage 100", "unknown option '--storage'\n(Did you mean --db-instance-storage?)"],
    ["lookup --xyz", "unknown option '--xyz'"],
    ["lokup", "unknown command 'lokup'\n(Did you mean lookup?)"],
    [
      "--db-instance-id rm-1",
      "unknown option '--db-instance-id': options follow the name of a command, such as rds-dr lookup --db-instance-id",
    ],
    [
      "rm-orders",
      "unknown command 'rm-orders': an id follows an option of a command, such as rds-dr lookup --db-instance-id rm-orders",
    ],
    ["lookup rm-1 rm-2", '"rm-1 rm-2" stands alone: did you mean --db-instance-id rm-1 rm-2?'],
    ["list rm-1", '"rm-1" stands alone: did you mean --db-instance-id rm-1?'],
    ["list --db-instance-id rm-1 rm-2", 'list takes one --db-instance-id, but "rm-2" stands alone'],
    ["list 14562", '"14562" stands alone: did you mean --cross-backup-id 14562?'],
    ["policy cn-hangzhou", '"cn-hangzhou" stands alone: did you mean --region-id cn-hangzhou?'],
    ["simulate 8080", '"8080" stands alone: did you mean --port 8080?'],
    ["refresh rm-1", 'too many arguments: refresh takes options only, but "rm-1" stands alone'],
    ["restore dr/a dr/b", 'restore takes one construct-path, but "dr/a dr/b" stands there'],
    ["list --db-instance-id rm-1", "required option '--region-id <region>' not specified"],
  ])("%s", async (args, message) => {
    expect(await runCli(args.split(" "))).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: ${message}\n(add --help for the options)\n`,
    });
  });
});

test.each(["discover", "lookup", "list", "report", "refresh", "pin", "unpin", "check", "policy", "simulate"])(
  "%s --help ends with an example",
  async (command) => {
    const { code, stdout } = await runCli([command, "--help"]);

    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`\nExample:\n  rds-dr ${command} --.+\n$`));
  },
);

test.each([[[]], [["nope"]]])("%j is a usage error, printed on standard error", async (args) => {
  const { code, stdout, stderr } = await runCli(args);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/Usage: rds-dr|unknown command 'nope'/);
});
