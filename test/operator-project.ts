import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { framework } from "../lib/validation/own-package";
import { installCli, plain, projectRoot, readText } from "./fixtures";
import { terraform } from "./terraform";

/** The app of a project: one lookup, and a stack on the other side that is built from its id. */
const app = `
  const { App, TerraformOutput, TerraformStack } = require("cdktf");
  const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
  const app = new App();
  const backup = new LatestCrossRegionBackup(new TerraformStack(app, "lookup"), "orders", {
    dbInstanceId: "rm-uf6wjk5xxxx",
    regionId: "cn-hangzhou",
    restoreRegion: "cn-shanghai",
    maxAgeHours: 26,
  });
  const stack = new TerraformStack(app, "dr-cn-shanghai");
  const { crossBackupId } = backup;
  new TerraformOutput(stack, "backup_set_id", { value: crossBackupId });
  // Resources that need no provider replace the database and its record.
  stack.addOverride("resource.terraform_data.orders-dr", { input: backup.lookUp().crossBackupId });
  stack.addOverride("resource.terraform_data.orders-dr_restored-from_44928B80", { input: "" });
  app.synth();
`;

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** Both streams, as a terminal shows them, without colours. */
  readonly output: string;
}

/** The folder of a project. Commands run as an operator types them, with no network but the simulator. */
export class OperatorProject {
  readonly lockFile: string;
  private readonly settings: object;

  /** @param folder an empty one below the package, so that Node finds what the app requires */
  constructor(
    readonly folder: string,
    endpoint: string,
  ) {
    this.lockFile = join(folder, "rds-dr.lock.json");
    this.settings = { endpoint, deadlineSeconds: 4 };
    const project = {
      language: "typescript",
      app: "node main.js",
      projectId: "3b5e8b0e-0000-4000-8000-000000000000",
      sendCrashReports: "false",
      context: { "rds-dr": this.settings },
    };
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify(project));
    writeFileSync(join(folder, "main.js"), app);
    mkdirSync(join(folder, "home"));
    symlinkSync(join(projectRoot, "node_modules", ".bin", framework), join(installCli(folder), framework));
  }

  /** Runs a command in bash, with only the variables that it needs and those given. */
  run(command: string, environment: Readonly<Record<string, string>> = {}, cwd = this.folder): Promise<Ended> {
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: join(this.folder, "home"),
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
      CI: "1",
      CHECKPOINT_DISABLE: "1",
      NO_COLOR: "1",
      ...(terraform === undefined ? {} : { TERRAFORM_BINARY_NAME: terraform }),
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      ...gitIdentity,
      npm_config_offline: "true",
      npm_config_update_notifier: "false",
      ...environment,
    };
    return new Promise((resolve) => {
      execFile("bash", ["-c", `exec 2>&1; ${command}`], { cwd, env, timeout: 90_000 }, (error, stdout) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, output: plain(stdout) });
      });
    });
  }

  /** Synthesises as cdktf does, which passes the context in a variable, but faster. */
  synthesise(environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const context = JSON.stringify({ "rds-dr": this.settings });
    return this.run("node main.js", { CDKTF_CONTEXT_JSON: context, ...environment });
  }

  /** The text of the lock file. */
  readLock(): string {
    return readText(this.lockFile);
  }
}

const gitIdentity = {
  GIT_AUTHOR_NAME: "operator",
  GIT_AUTHOR_EMAIL: "operator@example.com",
  GIT_COMMITTER_NAME: "operator",
  GIT_COMMITTER_EMAIL: "operator@example.com",
};
