import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { regionId } from "./fleet";
import { runProcess } from "./run-process";
import { inFolder } from "./setting";
import type { StandIn } from "./stand-in";

/** The variable with a folder that `terraform providers mirror` filled. */
export const mirrorVariable = "RDS_DR_BENCH_PROVIDER_MIRROR";

const dayMs = 24 * 3_600 * 1_000;

/** `terraform init` sends no request. */
const nowhere = "127.0.0.1:1";

/** Terraform with the provider's own data source. */
export class Provider {
  private constructor(private readonly mirror: string) {}

  /** The provider, or why there is none. */
  static async find(): Promise<Provider | string> {
    const mirror = process.env[mirrorVariable];
    if (mirror === undefined) {
      return `${mirrorVariable} does not name a filesystem mirror of the provider aliyun/alicloud`;
    }
    try {
      const provider = new Provider(mirror);
      await inFolder((folder) => provider.init(folder, 1, nowhere));
      return provider;
    } catch (error) {
      return `terraform init with the mirror in ${mirror} failed: ${String(error)}`;
    }
  }

  /** Plans data sources for every instance of a stand-in; the time is that of `terraform plan` alone. */
  async planSeconds(standIn: StandIn, folder: string): Promise<number> {
    if (!existsSync(join(folder, ".terraform"))) {
      await this.init(folder, standIn.recipe.instances, new URL(standIn.url).host);
    }
    const plan = await this.terraform(["plan", "-refresh=true"], folder, standIn.environment);
    return plan.ms / 1_000;
  }

  /** Its version, as Terraform locked it. */
  version(): Promise<string> {
    return inFolder(async (folder) => {
      await this.init(folder, 1, nowhere);
      const lock = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
      return /version\s*=\s*"([^"]+)"/.exec(lock)?.[1] ?? "unknown";
    });
  }

  private async init(folder: string, instances: number, host: string): Promise<void> {
    writeFileSync(join(folder, "terraform.rc"), cliConfig(this.mirror));
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(providerConfig(instances, host, new Date())));
    await this.terraform(["init"], folder, {});
  }

  private terraform(
    args: readonly string[],
    cwd: string,
    environment: Readonly<Record<string, string>>,
  ): ReturnType<typeof runProcess> {
    return runProcess("terraform", [...args, "-input=false", "-no-color"], {
      cwd,
      environment: {
        ...environment,
        TF_CLI_CONFIG_FILE: join(cwd, "terraform.rc"),
        TF_IN_AUTOMATION: "1",
        CHECKPOINT_DISABLE: "1",
      },
    });
  }
}

/** Has Terraform take providers from a mirror only. */
function cliConfig(mirror: string): string {
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["*/*/*"]
  }
}
`;
}

/** Data sources of so many instances, whose provider asks this host and no other. */
export function providerConfig(instances: number, host: string, now: Date): object {
  const at = (days: number): string => `${new Date(now.getTime() + days * dayMs).toISOString().slice(0, 16)}Z`;
  return {
    terraform: { required_providers: { alicloud: { source: "aliyun/alicloud" } } },
    provider: {
      alicloud: {
        region: regionId,
        protocol: "HTTP",
        skip_region_validation: true,
        // Without the type of the account and these endpoints it asks central services before it plans.
        account_type: "Domestic",
        endpoints: [{ bssopenapi: host, location: host, rds: host, sts: host }],
      },
    },
    data: {
      alicloud_rds_cross_region_backups: {
        each: {
          count: instances,
          db_instance_id: "rm-bench${count.index}",
          start_time: at(-10),
          end_time: at(1),
        },
      },
    },
  };
}
