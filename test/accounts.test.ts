import { join } from "node:path";
import { readLockFile } from "../lib/lock/lock-file";
import { lockedQueries } from "../lib/lock/parse-locked-answers";
import { startSimulator, type Simulator, type World } from "../lib/simulator";
import { instance, hoursOld, outputsOf, projectRoot, readStack, regionId, runNode, temporaryFolders } from "./fixtures";
import { assumed, TokenStandIn, type TemporaryKey } from "./rds-api/token-stand-in";

// One app that looks up backups of two accounts, each by a role; in a process of its own, as it waits in its main thread.

const keyOf = (account: string): TemporaryKey => ({
  accessKeyId: `${account}-key-id`,
  accessKeySecret: `${account}-key-secret`,
  securityToken: `${account}-token`,
});
const roleOf = (account: string): string => `acs:ram::1234567890123456:role/${account}`;

const temporaryFolder = temporaryFolders();
const sts = new TokenStandIn();
let shop: Simulator;
let bank: Simulator;

beforeAll(async () => {
  await sts.start();
  sts.answer = ({ form }) => assumed(keyOf(form["RoleArn"]?.split("/").at(-1) ?? ""));
  const worldOf = (id: number): World => ({
    instances: ["rm-orders", "rm-billing"].map((name) => instance(name, [hoursOld(2, id)])),
  });
  shop = await startSimulator({ ...keyOf("shop"), world: worldOf(101) });
  bank = await startSimulator({ ...keyOf("bank"), world: worldOf(201) });
});
afterAll(async () => {
  sts.stop();
  await Promise.all([shop.stop(), bank.stop()]);
});

test("lookups of several accounts are signed by the role of each, which is assumed once", async () => {
  const outdir = temporaryFolder();
  const lookup = (id: string, dbInstanceId: string, account: string, endpoint: string): string =>
    `new LatestCrossRegionBackup(stack, "${id}", ${JSON.stringify({ ...{ dbInstanceId, regionId, endpoint }, roleArn: roleOf(account) })});`;
  const app = `
    const { App, TerraformStack } = require("cdktf");
    const { CrossRegionBackups, LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
    const app = new App({ outdir: ${JSON.stringify(outdir)} });
    const stack = new TerraformStack(app, "lookup");
    ${lookup("shop-orders", "rm-orders", "shop", shop.url)}
    ${lookup("shop-billing", "rm-billing", "shop", shop.url)}
    ${lookup("bank-orders", "rm-billing", "bank", bank.url)}
    new CrossRegionBackups(stack, "bank", ${JSON.stringify({ dbInstanceId: "rm-orders", regionId, endpoint: bank.url, roleArn: roleOf("bank") })});
    app.synth();`;
  const environment = {
    ...{ ALICLOUD_ACCESS_KEY: "base-key-id", ALICLOUD_SECRET_KEY: "base-key-secret" },
    ALIBABA_CLOUD_ENDPOINT_STS: sts.url,
  };

  const { code, stderr } = await runNode(["-e", app], {
    ...{ cwd: projectRoot, environment },
  });

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(outputsOf(readStack(outdir, "lookup"))).toMatchObject({
    shop_orders_cross_backup_id: "101",
    shop_billing_cross_backup_id: "101",
    bank_orders_cross_backup_id: "201",
    bank_cross_backup_ids: ["201"],
  });
  expect(sts.requests.map(({ form }) => form["RoleArn"]).sort()).toEqual([roleOf("bank"), roleOf("shop")]);
});

test("instances of several accounts are locked apart: each account has its own", async () => {
  const outdir = temporaryFolder();
  const lockFile = join(outdir, "rds-dr.lock.json");
  const fleet = (account: string, endpoint: string): string =>
    `new DiscoveredInstances(stack, "${account}", ${JSON.stringify({ regionId, endpoint, roleArn: roleOf(account), all: true })});`;
  const app = `
    const { App, TerraformStack } = require("cdktf");
    const { DiscoveredInstances } = require("cdktf-alicloud-rds-dr");
    const app = new App({ outdir: ${JSON.stringify(outdir)} });
    const stack = new TerraformStack(app, "lookup");
    ${fleet("shop", shop.url)}
    ${fleet("bank", bank.url)}
    app.synth();`;
  const environment = {
    ...{ ALICLOUD_ACCESS_KEY: "base-key-id", ALICLOUD_SECRET_KEY: "base-key-secret" },
    ...{ ALIBABA_CLOUD_ENDPOINT_STS: sts.url, RDS_DR_LOCK_FILE: lockFile },
  };
  bank.setWorld({ instances: [instance("rm-vault", [hoursOld(2, 301)])] });

  for (const mode of ["refresh", "locked"]) {
    const { stderr } = await runNode(["-e", app], {
      ...{ cwd: projectRoot, environment: { ...environment, RDS_DR_MODE: mode } },
    });

    expect(stderr).toBe("");
    expect(outputsOf(readStack(outdir, "lookup"))).toMatchObject({
      shop_db_instance_ids: ["rm-billing", "rm-orders"],
      bank_db_instance_ids: ["rm-vault"],
    });
  }
  expect(lockedQueries(readLockFile(lockFile).answers).map(({ connection }) => connection.roleArn)).toEqual([
    roleOf("bank"),
    roleOf("shop"),
  ]);
});
