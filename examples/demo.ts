/**
 * The demo. A stand-in for the RDS API answers the signed requests of the disaster-recovery example. The demo shows which
 * backup the lookup chooses, why it rejects the others, what Terraform restores, and the outputs.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { simulatorCredentials, startSimulator } from "cdktf-alicloud-rds-dr/simulator";

const run = promisify(execFile);

const example = join(process.cwd(), "examples", "disaster-recovery");
const bin = join(process.cwd(), "node_modules", ".bin");

/** What is shown of a restored instance. */
const chiefArguments = [
  "backup_set_id",
  "engine",
  "engine_version",
  "instance_type",
  "instance_storage",
  "db_instance_storage_type",
  "lifecycle",
];

interface Database {
  readonly name: string;
  readonly dbInstanceId: string;
  readonly regionId: string;
  readonly restoreRegion: string;
}

/** The part of the JSON of `rds-dr list` that is shown. */
interface JudgedRecord {
  readonly crossBackupId?: string;
  readonly dataTime: string | null;
  readonly engine?: string;
  readonly verdict: string;
  readonly detail: string | null;
}

async function demo(): Promise<void> {
  const now = new Date();
  const simulator = await startSimulator({ latencyMs: 50, now: () => now });
  const stateFolder = await mkdtemp(join(tmpdir(), "rds-dr-demo-"));
  try {
    heading(`A stand-in for the RDS API listens at ${simulator.url}`);
    const environment = environmentFor(simulator.url, join(stateFolder, "rds-dr.lock.json"));

    await restoreLedger(environment);

    const restored = simulator.requests.length;
    heading("cdktf synth, in examples/disaster-recovery");
    await run(join(bin, "cdktf"), ["synth"], { cwd: example, env: environment });
    const manifest = JSON.parse(await readFile(join(example, "cdktf.out", "manifest.json"), "utf8")) as {
      readonly stacks: object;
    };
    console.log(`stacks: ${Object.keys(manifest.stacks).join(", ")}`);
    const signed = simulator.requests.slice(restored).map(({ parameters, httpStatus }) => {
      return `  ${parameters["DBInstanceId"] ?? ""}: HTTP ${httpStatus ?? "none"}`;
    });
    console.log(`${signed.length} signed requests:\n${signed.join("\n")}`);

    const project = JSON.parse(await readFile(join(example, "cdktf.json"), "utf8")) as {
      readonly context: { readonly databases: readonly Database[] };
    };
    const stack = JSON.parse(await readFile(join(example, "cdktf.out", "stacks", "lookup", "cdk.tf.json"), "utf8")) as {
      readonly output: Readonly<Record<string, { readonly value: unknown }>>;
    };
    for (const database of project.context.databases) {
      await explain(database, stack.output[`${database.name}_cross_backup_id`]?.value, environment);
    }

    heading("The instances that Terraform restores from them once, even if a newer backup comes later");
    for (const name of Object.keys(manifest.stacks).filter((each) => each !== "lookup")) {
      await showRestores(name);
    }

    await apply(stateFolder, environment);
    heading("Next: README.md, the same app against the real cloud");
  } finally {
    await simulator.stop();
    await rm(stateFolder, { recursive: true });
  }
}

/** The demo does not use the credentials or settings of the user. */
function environmentFor(url: string, lockFile: string): NodeJS.ProcessEnv {
  const foreign = /^(ALICLOUD_|ALIBABA_CLOUD_|RDS_DR_)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
    RDS_DR_ENDPOINT: url,
    RDS_DR_LOCK_FILE: lockFile,
    ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
    CI: "1",
    CHECKPOINT_DISABLE: "1",
  };
}

/** Restores PostgreSQL, which the provider's resource does not: a second run finds the same instance. */
async function restoreLedger(env: NodeJS.ProcessEnv): Promise<void> {
  heading("rds-dr restore --yes, in examples/disaster-recovery: the instance of PostgreSQL");
  const command = join(process.cwd(), "dist", "rds-dr.js");
  const restore = () => run(process.execPath, [command, "restore", "--yes"], { cwd: example, env });
  const { stdout, stderr } = await restore();
  console.log(
    `${stderr
      .split("\n")
      .filter((line) => !line.startsWith("rds-dr: commit"))
      .join("\n")}${stdout}`,
  );
  const again = await restore();
  console.log(`and once more, which creates nothing: ${again.stdout}`);
}

async function explain(
  { name, dbInstanceId, regionId, restoreRegion }: Database,
  synthesised: unknown,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { stdout } = await run(
    process.execPath,
    [
      join("dist", "lib", "cli", "main.js"),
      ...["list", "--db-instance-id", dbInstanceId, "--region-id", regionId],
      ...["--restore-region", restoreRegion, "--json"],
    ],
    { env },
  );
  const { records } = JSON.parse(stdout) as { readonly records: readonly JudgedRecord[] };
  if (!records.some(({ crossBackupId, verdict }) => crossBackupId === synthesised && verdict === "latest")) {
    throw new Error(`the stack contains ${String(synthesised)}, which is not the latest valid backup of the list`);
  }
  heading(`${name}: ${dbInstanceId}, ${regionId} -> ${restoreRegion}`);
  for (const { crossBackupId = "(no id)", dataTime, verdict, detail } of records) {
    if (verdict === "latest") {
      console.log(`chosen  ${crossBackupId}  data of ${dataTime ?? ""}`);
    } else if (verdict !== "valid") {
      console.log(`not     ${crossBackupId}  ${verdict}: ${detail ?? ""}`);
    }
  }
  console.log(`not     ${records.filter(({ verdict }) => verdict === "valid").length} others, valid but older`);
}

/** Shows the chief arguments of what a stack restores, and what it imports. */
async function showRestores(stackName: string): Promise<void> {
  const text = await readFile(join(example, "cdktf.out", "stacks", stackName, "cdk.tf.json"), "utf8");
  const { resource, import: imported = [] } = JSON.parse(text) as {
    readonly resource: {
      readonly alicloud_rds_ddr_instance?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    readonly import?: readonly { readonly id: string; readonly to: string }[];
  };
  console.log(stackName);
  for (const [name, config] of Object.entries(resource.alicloud_rds_ddr_instance ?? {})) {
    console.log(`  alicloud_rds_ddr_instance.${name}`);
    for (const argument of chiefArguments) {
      console.log(`    ${argument} = ${JSON.stringify(config[argument])}`);
    }
  }
  for (const { id, to } of imported) {
    console.log(`  ${to}, restored by rds-dr restore: Terraform imports ${id}`);
  }
}

/** Applies the lookup stack, which needs no provider, with its state in a folder that the demo removes. */
async function apply(stateFolder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const terraform = await firstOnPath(["terraform", "tofu"]);
  if (terraform === undefined) {
    heading("Omitted: neither terraform nor tofu is on the PATH, so nothing was applied");
    return;
  }
  heading(`${terraform} init, validate, apply of the lookup stack`);
  const cwd = join(example, "cdktf.out", "stacks", "lookup");
  const env = { ...environment, TF_IN_AUTOMATION: "1", TF_DATA_DIR: join(stateFolder, "data") };
  const state = join(stateFolder, "lookup.tfstate");
  await run(terraform, ["init", "-no-color", "-input=false", `-backend-config=path=${state}`], { cwd, env });
  const { stdout: validated } = await run(terraform, ["validate", "-no-color"], { cwd, env });
  console.log(validated.trim());
  await run(terraform, ["apply", "-auto-approve", "-no-color", "-input=false"], { cwd, env });
  const { stdout } = await run(terraform, ["output", "-json"], { cwd, env });
  const outputs = JSON.parse(stdout) as Readonly<Record<string, { readonly value: unknown }>>;
  for (const [name, { value }] of Object.entries(outputs)) {
    console.log(`${name} = ${JSON.stringify(value)}`);
  }
}

async function firstOnPath(commands: readonly string[]): Promise<string | undefined> {
  for (const command of commands) {
    try {
      await run(command, ["version"]);
      return command;
    } catch {
      // Not there, or it does not run: the next one.
    }
  }
  return undefined;
}

function heading(text: string): void {
  console.log(`\n== ${text}`);
}

void demo().catch((error: unknown) => {
  const output = error as { readonly stdout?: string; readonly stderr?: string };
  console.error(output.stderr ?? "", output.stdout ?? "", error);
  process.exitCode = 1;
});
