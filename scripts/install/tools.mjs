// What the matrix runs its cases with: versions of Node, package managers, commands. npm installs each of them once,
// into .cache/install, as its exact version.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { CommandFailure, run } from "./process.mjs";
import { specOf } from "./versions.mjs";

const cache = join(import.meta.dirname, "..", "..", ".cache", "install");

/** A case that cannot be run here, with the reason. */
export class Skipped extends Error {}

/** Variables of this process that would change what is tested; npm sets its own for each script that it runs. */
const foreign = /^(?:ALICLOUD_|ALIBABA_CLOUD_|RDS_DR_|CDKTF_|npm_|INIT_CWD$|NODE_OPTIONS$|NODE_PATH$|TS_NODE_|DEBUG$)/;

/** The variables of every command of the matrix. */
export function environment(...path) {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return {
    ...own,
    // npm puts the commands of this repository there.
    PATH: [...path, ...process.env.PATH.split(delimiter).filter((each) => !each.endsWith(".bin"))].join(delimiter),
    CHECKPOINT_DISABLE: "1",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    ...npmSettings,
    YARN_GLOBAL_FOLDER: join(cache, "yarn"),
    YARN_ENABLE_TELEMETRY: "0",
  };
}

const npmSettings = {
  npm_config_cache: process.env.npm_config_cache ?? join(homedir(), ".npm"),
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_update_notifier: "false",
  npm_config_prefer_offline: "true",
  // A request that gets stuck is sent again.
  npm_config_fetch_timeout: "45000",
};

/** The folder of the commands of a tool of the table of versions. @throws Skipped if the registry does not have it */
export function binOf(key) {
  installing[key] ??= install(key);
  return installing[key];
}

const installing = {};

async function install(key) {
  const spec = key.startsWith("node ")
    ? specOf(key).replace("node@", `node-${process.platform}-${process.arch}@`)
    : specOf(key);
  const folder = join(cache, spec.replaceAll("/", "+"));
  const bin = join(folder, "node_modules", ".bin");
  if (!existsSync(bin)) {
    await mkdir(folder, { recursive: true });
    await servedOrSkipped([spec], () =>
      run(["npm", "install", "--prefix", folder, spec], { cwd: folder, env: environment() }),
    );
  }
  return bin;
}

/** Does an installation; if it fails as the registry does not serve one of the packages, the case is skipped. */
export async function servedOrSkipped(specs, installation) {
  try {
    return await installation();
  } catch (error) {
    for (const spec of specs) {
      if (!(await isServed(spec))) {
        throw new Skipped(`the registry does not serve ${spec}`);
      }
    }
    throw error;
  }
}

/** Whether the registry has a version of a package. */
async function isServed(spec) {
  try {
    await run(["npm", "view", spec, "version"], { env: environment() });
    return true;
  } catch (error) {
    return !(error instanceof CommandFailure && error.output.includes("E404"));
  }
}
