import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { type Provider } from "./provider";
import { runProcess } from "./run-process";
import { projectRoot } from "./setting";

/** The machine and the versions that were measured. */
export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  /** By name, without the tools that are absent. */
  readonly versions: Readonly<Record<string, string>>;
}

const bytesPerGib = 2 ** 30;

/** The machine as it is. */
export async function describeMachine(provider: Provider | undefined): Promise<Machine> {
  const [processor] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processor?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / bytesPerGib),
    system: `${type()} ${release().split("-")[0] ?? ""}`,
    versions: {
      "cdktf-alicloud-rds-dr": versionIn(join(projectRoot, "package.json")),
      "Node.js": process.versions.node,
      cdktf: packageVersion("cdktf"),
      "@alicloud/pop-core": packageVersion("@alicloud/pop-core"),
      ...(provider === undefined
        ? {}
        : { terraform: await terraformVersion(), "aliyun/alicloud": await provider.version() }),
    },
  };
}

function packageVersion(name: string): string {
  return versionIn(createRequire(__filename).resolve(`${name}/package.json`));
}

function versionIn(path: string): string {
  return (JSON.parse(readFileSync(path, "utf8")) as { readonly version: string }).version;
}

async function terraformVersion(): Promise<string> {
  const { stdout } = await runProcess("terraform", ["version", "-json"], { cwd: projectRoot });
  return (JSON.parse(stdout) as { readonly terraform_version: string }).terraform_version;
}
