import { spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../lib/simulator";
import { environmentOf, installCli, projectRoot, readText, run, temporaryFolders, type Finished } from "./fixtures";
import { terraform } from "./terraform";

const temporaryFolder = temporaryFolders();
const example = join(projectRoot, "examples", "plain-terraform");
const files = ["main.tf", "variables.tf", "outputs.tf"] as const;

/** What demo.tfvars asks for. */
const orders = {
  db_instance_id: "rm-uf6wjk5t8q2vz71ab",
  region_id: "cn-hangzhou",
  restore_region: "cn-shanghai",
};

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(() => simulator.stop());

/** A folder with the example, in which npm has installed the command. */
function project(): string {
  const folder = temporaryFolder();
  for (const file of [...files, "demo.tfvars"]) {
    cpSync(join(example, file), join(folder, file));
  }
  writeFileSync(join(folder, "package.json"), "{}");
  installCli(folder);
  return folder;
}

/** The default of the variable "program". */
const [, programText = ""] = /default = (\["npx".*\])/.exec(readText(example, "variables.tf")) ?? [];

/** Runs the program as the provider does: the query but for what is null as JSON on standard input. */
function runProgram(
  query: Readonly<Record<string, string | null>>,
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const [command = "", ...args] = JSON.parse(programText) as string[];
  const given = Object.entries(query).filter(([, value]) => value !== null);
  return run(command, args, {
    cwd,
    input: JSON.stringify(Object.fromEntries(given)),
    environment: { ...environmentOf(simulator.url), ...environment },
  });
}

/** What the provider takes: exit code 0, and JSON that Go reads into a map of text. */
function resultOf({ code, stdout, stderr }: Finished): Record<string, string> {
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const result = JSON.parse(stdout) as Record<string, string>;
  expect(Object.values(result).filter((value) => typeof value !== "string")).toEqual([]);
  return result;
}

describe("the program", () => {
  test("gives a map of text with every key that the module reads", async () => {
    const result = resultOf(await runProgram({ ...orders, not_after: null }, project()));

    const hcl = files.map((file) => readText(example, file)).join("");
    const read = [...hcl.matchAll(/data\.external\.latest_backup\.result\.(\w+)/g)].map(([, key]) => key);
    expect(read).toEqual(expect.arrayContaining(["cross_backup_id", "restore_regions", "warnings"]));
    expect(Object.keys(result)).toEqual(expect.arrayContaining(read));
    expect(result).toMatchObject({ cross_backup_id: "12490124", restore_regions: "cn-hangzhou,cn-shanghai" });
  });

  test.each<[string, object, number, RegExp]>([
    ["no valid backup", { db_instance_id: "rm-bp1t6m4v8z1empty2" }, 3, /^error: no valid full backup of/m],
    ["outdated data", { max_age_hours: "0.1" }, 3, /^error: the latest valid backup of .* ago$/m],
    ["no such instance", { db_instance_id: "rm-nowhere" }, 4, /^error: cannot look up "rm-nowhere"/m],
    ["an unknown key", { regoin: "x" }, 2, /^error: a key of the query must be .* but is "regoin"$/m],
  ])("tells %s on standard error, with another exit code than 0, and no result", async (_, more, code, message) => {
    const finished = await runProgram({ ...orders, ...more }, project());

    expect(finished).toMatchObject({ code, stdout: "" });
    expect(finished.stderr).toMatch(message);
  });

  test("writes the lock file in refresh mode, and answers from it alone in locked mode", async () => {
    const folder = project();
    const RDS_DR_LOCK_FILE = join(folder, "rds-dr.lock.json");
    const inMode = async (mode: string): Promise<Record<string, string>> =>
      resultOf(await runProgram(orders, folder, { RDS_DR_LOCK_FILE, RDS_DR_MODE: mode }));

    const refreshed = await inMode("refresh");
    const asked = simulator.requests.length;
    const locked = await inMode("locked");

    expect(readText(RDS_DR_LOCK_FILE)).toContain("12490124");
    expect(locked).toEqual(refreshed);
    expect(simulator.requests).toHaveLength(asked);
  });
});

/** The environment of Terraform: the provider of a local mirror in the user's home counts. */
function terraformEnvironment(): Record<string, string> {
  return { HOME: process.env["HOME"] ?? "", CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
}

async function runTerraform(cwd: string, ...args: string[]): Promise<string> {
  const environment = { ...terraformEnvironment(), ...environmentOf(simulator.url) };
  const { code, stdout, stderr } = await run(terraform ?? "", args, { cwd, environment });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

async function outputsOf(folder: string): Promise<Record<string, unknown>> {
  const outputs = JSON.parse(await runTerraform(folder, "output", "-json")) as Record<string, { value: unknown }>;
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/** What the outputs must be, by what the program gives. */
function expectedOutputs({ warnings, cross_backup_id, restore_regions, ...backup }: Record<string, string>): object {
  return { backup, cross_backup_id, restore_regions: restore_regions?.split(",") };
}

describe("the module", () => {
  const itWithTerraform = terraform === undefined ? test.skip : test;

  itWithTerraform("is formatted as terraform fmt does (needs terraform or tofu)", async () => {
    expect(await runTerraform(example, "fmt", "-check", "-diff", "-recursive")).toBe("");
  });

  // All but the provider itself: Terraform makes the query, the program answers it, Terraform reads the answer.
  itWithTerraform(
    "makes a query that the program answers, and outputs of the answer (needs terraform or tofu)",
    async () => {
      const folder = withoutProvider(project());
      const apply = ["apply", "-auto-approve", "-input=false", "-no-color", "-var-file=demo.tfvars"];
      const given = ["-var=max_age_hours=1", "-var=on_stale=warn"];
      const answer = (result: Record<string, string>): void => {
        writeFileSync(join(folder, "result.json"), JSON.stringify(result));
      };
      answer({ cross_backup_id: "", restore_regions: "", warnings: "" });
      await runTerraform(folder, "init", "-input=false");
      await runTerraform(folder, ...apply, ...given);
      const { query } = (await outputsOf(folder)) as { readonly query: Record<string, string | null> };

      const result = resultOf(await runProgram(query, folder));
      answer(result);
      const shown = await runTerraform(folder, ...apply, ...given);

      expect(query).toEqual({ ...orders, not_after: null, max_age_hours: "1", on_stale: "warn" });
      expect(await outputsOf(folder)).toEqual({ ...expectedOutputs(result), query });
      expect(shown).toMatch(/Warning: Check block assertion failed[^]*the latest valid backup of .* ago/);
    },
  );

  // Decided before the tests run, so that what is left out is seen to be left out.
  const initialised = project();
  const obstacle = whyNoProvider(initialised);
  const itWithProvider = obstacle === undefined ? test : test.skip;
  itWithProvider(
    `gives the id and the facts as outputs of a real apply (${obstacle ?? "hashicorp/external is there"})`,
    async () => {
      const given = ["-var-file=demo.tfvars", `-var=program=${programText}`];

      await runTerraform(initialised, "validate");
      await runTerraform(initialised, "apply", "-auto-approve", "-input=false", ...given);

      const result = resultOf(await runProgram(orders, initialised));
      expect(await outputsOf(initialised)).toEqual(expectedOutputs(result));
    },
  );
});

/** The example with a file in place of the data source, and with the query as an output. */
function withoutProvider(folder: string): string {
  for (const file of files) {
    const text = readText(folder, file)
      .replace(/ {2}required_providers \{[^]*?\n {2}\}\n/, "")
      .replace(
        /data "external"[^]*?query = (\{[^]*?\n {2}\})\n\}/,
        'locals {\n  result = jsondecode(file("result.json"))\n}\noutput "query" {\n  value = tomap($1)\n}',
      )
      .replaceAll("data.external.latest_backup.result", "local.result");
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Why the provider cannot be had; undefined if it can, or if anything else is wrong, which the test shows. */
function whyNoProvider(folder: string): string | undefined {
  if (terraform === undefined) {
    return "left out: needs terraform or tofu";
  }
  const { status, stderr } = spawnSync(terraform, ["init", "-input=false", "-no-color"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...terraformEnvironment() },
    encoding: "utf8",
    timeout: 20_000,
  });
  if (status === null) {
    return `left out: ${terraform} init gave no answer within 20 s`;
  }
  const [reason] =
    /Failed to (?:query|resolve|install).+?provider.*?(?=: failed to | To see |$)/.exec(
      stderr.replace(/[\s│]+/g, " "),
    ) ?? [];
  return reason === undefined ? undefined : `left out: ${reason}`;
}
