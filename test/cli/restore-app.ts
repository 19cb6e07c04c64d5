import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLockFile } from "../../lib/lock/lock-file";
import type { LockedRestore } from "../../lib/lock/restores";
import type { World, WorldRecord, WorldRestores } from "../../lib/simulator";
import {
  type CommandOptions,
  environmentOf,
  type Finished,
  hoursOld,
  projectRoot,
  runCli,
  temporaryFolders,
  validBackup,
} from "../fixtures";

/** The path of the instance that the app declares. */
export const path = "dr/ledger-dr";

export const key = `${path} dbInstanceId=pgm-ledger regionId=cn-hangzhou restoreRegion=cn-shanghai generation=1`;

/** A source of PostgreSQL with these backups; each is a valid one but for what it says. */
export function ledgerWorld(
  restores: WorldRestores = {},
  backups: readonly WorldRecord[] = [hoursOld(5, 101)],
  [engine, engineVersion] = ["PostgreSQL", "15.0"],
): World {
  const ofEngine = { Engine: engine, EngineVersion: engineVersion, DBInstanceStorageType: "cloud_essd" };
  return {
    instances: [
      {
        dbInstanceId: "pgm-ledger",
        regionId: "cn-hangzhou",
        engine,
        engineVersion,
        backups: backups.map((backup) => ({ ...validBackup, ...ofEngine, ...backup })),
      },
    ],
    restores,
  };
}

export const instanceProps = {
  regionId: "cn-shanghai",
  instanceClass: "pg.n2.medium.2c",
  storageGb: 100,
  vswitchId: "vsw-uf6xxxx",
  vpcId: "vpc-uf6xxxx",
  zoneId: "cn-shanghai-b",
  securityIps: ["10.0.0.0/8"],
};

const makeFolder = temporaryFolders();

/** Writes an app below the project, where Node finds its packages: the restore of a ledger, with these props. */
export function ledgerApp(props: object = {}, more = ""): string {
  const folder = makeFolder(join(projectRoot, "dist"));
  rewriteLedgerApp(folder, props, more);
  return folder;
}

export function rewriteLedgerApp(folder: string, props: object = {}, more = ""): void {
  const project = { language: "typescript", app: "node main.js", projectId: "of-the-ledger", context: {} };
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(project));
  writeFileSync(
    join(folder, "main.js"),
    `
      const { App, TerraformStack } = require("cdktf");
      const { DisasterRecoveryInstance, LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
      const { AlicloudProvider } = require("cdktf-alicloud-rds-dr/alicloud");
      const app = new App();
      const lookup = new TerraformStack(app, "lookup");
      const source = { dbInstanceId: "pgm-ledger", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" };
      const backup = new LatestCrossRegionBackup(lookup, "ledger", source);
      const stack = new TerraformStack(app, "dr");
      new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
      const props = { backup, ...${JSON.stringify({ ...instanceProps, ...props })} };
      new DisasterRecoveryInstance(stack, "ledger-dr", props);
      ${more}
      app.synth();
    `,
  );
}

/** What the command needs to ask a simulator. */
export function restoreEnvironment(url: string): Record<string, string> {
  return { ...environmentOf(url), ALIBABA_CLOUD_ENDPOINT_STS: url, RDS_DR_DEADLINE_SECONDS: "2" };
}

/** Runs `rds-dr restore --yes` in a folder, or with other words. */
export function restore(
  folder: string,
  url: string,
  args: readonly string[] = ["--yes"],
  { environment, ...others }: CommandOptions = {},
): Promise<Finished> {
  const ofSimulator = { ...restoreEnvironment(url), ...environment };
  return runCli(["restore", ...args], { cwd: folder, environment: ofSimulator, ...others });
}

/** What the lock file of a folder says of the restore of the ledger. */
export function lockedIn(folder: string): LockedRestore | undefined {
  return readLockFile(join(folder, "rds-dr.lock.json")).restores?.[key];
}

/** Writes what a lock file says of the restore of the ledger. */
export function lockRestore(folder: string, entry: LockedRestore): void {
  const text = JSON.stringify({ version: 1, answers: {}, restores: { [key]: entry } });
  writeFileSync(join(folder, "rds-dr.lock.json"), text);
}
