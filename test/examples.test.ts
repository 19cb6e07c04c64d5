import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { simulatorCredentials, startSimulator, type Simulator } from "../lib/simulator";
import { terraform as onPath } from "./terraform";

const run = promisify(execFile);

const projectRoot = join(__dirname, "..", "..");

/** The one part of a stack's JSON that the tests look at. */
interface StackJson {
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
  readonly locals?: Readonly<Record<string, unknown>>;
}

let simulator: Simulator;
let outdir: string;

beforeEach(async () => {
  simulator = await startSimulator();
  outdir = mkdtempSync(join(tmpdir(), "rds-dr-examples-"));
});

afterEach(async () => {
  await simulator.stop();
  rmSync(outdir, { recursive: true });
});

describe("latest-backup", () => {
  it("makes one request and writes the id and the regions into outputs", async () => {
    const { outputOf } = await synthesise("latest-backup");

    expect(simulator.requests).toHaveLength(1);
    expect(outputOf("latest-backup", "orders_cross_backup_id")).toBe("12490124");
    expect(outputOf("latest-backup", "orders_restore_regions")).toEqual(["cn-hangzhou", "cn-shanghai"]);
    expect(outputOf("latest-backup", "orders_backup")).toMatchObject({
      engine: "mysql",
      engine_version: "8.0",
      data_time_estimated: false,
    });
  });
});

describe("disaster-recovery", () => {
  it("looks three engines up, one request each, and builds each replacement where its backup can be restored", async () => {
    const { stack, outputOf } = await synthesise("disaster-recovery");

    expect(simulator.requests).toHaveLength(3);
    expect(outputOf("lookup", "orders_cross_backup_id")).toBe("12490124");
    expect(outputOf("lookup", "ledger_cross_backup_id")).toBe("20771897");
    expect(outputOf("lookup", "reporting_cross_backup_id")).toBe("18371944");
    expect(stack("dr-cn-shanghai").locals).toEqual({ orders_backup_set_id: "12490124" });
    expect(stack("dr-cn-zhangjiakou").locals).toEqual({ ledger_backup_set_id: "20771897" });
    expect(stack("dr-cn-shenzhen").locals).toEqual({ reporting_backup_set_id: "18371944" });
  });

  const itWithTerraform = onPath === undefined ? it.skip : it;
  itWithTerraform(
    "gives the ids and the regions as outputs of a real apply (needs terraform or tofu)",
    async () => {
      await synthesise("disaster-recovery");
      const cwd = join(outdir, "stacks", "lookup");
      const terraform = (...args: string[]): string =>
        execFileSync(onPath ?? "", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

      terraform("init", "-input=false", `-backend-config=path=${join(outdir, "lookup.tfstate")}`);
      terraform("validate");
      terraform("apply", "-auto-approve", "-input=false");
      const outputs = JSON.parse(terraform("output", "-json")) as StackJson["output"];

      expect(outputs["orders_cross_backup_id"]?.value).toBe("12490124");
      expect(outputs["orders_restore_regions"]?.value).toEqual(["cn-hangzhou", "cn-shanghai"]);
      expect(outputs["ledger_restore_regions"]?.value).toEqual(["cn-beijing", "cn-zhangjiakou"]);
      expect(outputs["reporting_backup"]?.value).toMatchObject({
        engine: "mssql",
        data_time_estimated: true,
      });
    },
  );
});

describe("sql-server", () => {
  it("takes the full .zip set of the page, among newer records that look better, and has it accepted", async () => {
    const { outputOf, stderr } = await synthesise("sql-server");

    expect(outputOf("sql-server", "reporting_cross_backup_id")).toBe("18371944");
    expect(outputOf("sql-server", "reporting_backup")).toMatchObject({
      cross_backup_set_file: expect.stringMatching(/\.zip$/) as string,
      engine_version: "2022_web",
    });
    expect(stderr).toContain("restoring from 18371944");
    expect(simulator.requests).toMatchObject([
      { action: "DescribeCrossRegionBackups", parameters: { CrossBackupRegion: "cn-shenzhen" } },
      {
        action: "CheckCreateDdrDBInstance",
        parameters: {
          RegionId: "cn-shenzhen",
          BackupSetId: "18371944",
          Engine: "SQLServer",
          DBInstanceClass: "rds.mssql.s2.large",
        },
      },
    ]);
    expect(stderr).not.toMatch(/preflight/);
  });
});

/** Runs an example as cdktf does: the command of its cdktf.json, its context in an environment variable. */
async function synthesise(example: string): Promise<{
  readonly stack: (name: string) => StackJson;
  readonly outputOf: (name: string, output: string) => unknown;
  readonly stderr: string;
}> {
  const cwd = join(projectRoot, "examples", example);
  const { app, context } = readJson(join(cwd, "cdktf.json")) as {
    readonly app: string;
    readonly context: object;
  };
  const [command = "", ...args] = app.split(" ");
  const foreign = /^(ALICLOUD_|ALIBABA_CLOUD_|RDS_DR_)/;
  const { stderr } = await run(command, args, {
    cwd,
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
      ALIBABA_CLOUD_ENDPOINT_RDS: simulator.url,
      ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
      CDKTF_CONTEXT_JSON: JSON.stringify(context),
      CDKTF_OUTDIR: outdir,
    },
  });
  const stack = (name: string): StackJson =>
    readJson(join(outdir, "stacks", name, "cdk.tf.json")) as StackJson;
  return { stack, outputOf: (name, output) => stack(name).output[output]?.value, stderr };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
