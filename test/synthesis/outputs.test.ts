import { App, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { LatestCrossRegionBackup, type LatestCrossRegionBackupProps } from "../../lib";
import { LookupError } from "../../lib/errors";
import {
  errorOf,
  isolateEnvironment,
  lockedApp,
  outputsOf,
  regionId,
  temporaryFolders,
  testingSynth,
} from "../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

const answers = {
  "latest rm-orders regionId=cn-hangzhou": {
    backup: { crossBackupId: "14562", dataTime: "2024-03-05T02:22:54Z", restoreRegions: ["cn-shanghai"] },
  },
};

function newStack(): TerraformStack {
  return new TerraformStack(lockedApp(temporaryFolder(), answers), "lookup");
}

function latest(scope: Construct, id: string, props: Partial<LatestCrossRegionBackupProps> = {}) {
  return new LatestCrossRegionBackup(scope, id, { dbInstanceId: "rm-orders", regionId, ...props });
}

describe("the names of the outputs", () => {
  test("begin with the id of the construct, with hyphens as underscores", () => {
    const stack = newStack();
    latest(stack, "orders-of-the-shop");

    expect(Object.keys(outputsOf(testingSynth(stack)))).toEqual([
      "orders_of_the_shop_backup",
      "orders_of_the_shop_cross_backup_id",
      "orders_of_the_shop_restore_regions",
    ]);
  });

  test("begin with outputPrefix if it is set", () => {
    const stack = newStack();
    latest(stack, "orders", { outputPrefix: "dr" });

    expect(outputsOf(testingSynth(stack))).toMatchObject({ dr_cross_backup_id: "14562" });
  });

  test.each(["orders.db", "9orders", "orders db", "bestellungen-für-münchen"])(
    "cannot begin with the construct id %j, unless outputPrefix or outputs: false helps",
    (id) => {
      const error = errorOf(() => latest(newStack(), id));

      expect(error).toBeInstanceOf(LookupError);
      expect(error.message).toMatch(
        /^lookup\/.*: the names of the outputs cannot begin with ".*"\n {2}-> set outputPrefix to .*; or set outputs to false$/,
      );
      const stack = newStack();
      latest(new Construct(stack, "a"), id, { outputPrefix: "orders" });
      latest(new Construct(stack, "b"), id, { outputs: false });
      expect(Object.keys(outputsOf(testingSynth(stack)))).toHaveLength(3);
    },
  );
});

test("outputs: false adds none", () => {
  const stack = newStack();
  latest(stack, "orders", { outputs: false });

  expect(testingSynth(stack).output).toBeUndefined();
});

describe("a name that another output of the stack has", () => {
  const clash = (name: string, one: string, other: string): RegExp =>
    new RegExp(
      `^lookup/orders: the stack "lookup" has two outputs named "${name}": ${one} and ${other}\\n {2}-> set another outputPrefix at lookup/orders, or set its outputs to false$`,
    );

  test("is an error that names both, for an output declared before", () => {
    const stack = newStack();
    new TerraformOutput(stack, "orders_cross_backup_id", { value: "mine" });
    latest(stack, "orders");

    expect(() => testingSynth(stack)).toThrow(
      clash("orders_cross_backup_id", "lookup/orders_cross_backup_id", "lookup/orders/cross_backup_id"),
    );
  });

  test("is an error for one declared later", () => {
    const stack = newStack();
    latest(stack, "orders");
    new TerraformOutput(stack, "orders_backup", { value: "mine" });

    expect(() => testingSynth(stack)).toThrow(clash("orders_backup", "lookup/orders/backup", "lookup/orders_backup"));
  });

  test("is an error for one with a static id, deep in the tree", () => {
    const stack = newStack();
    latest(stack, "orders");
    new TerraformOutput(new Construct(stack, "deep"), "orders_backup", { value: "mine", staticId: true });

    expect(() => testingSynth(stack)).toThrow(
      clash("orders_backup", "lookup/orders/backup", "lookup/deep/orders_backup"),
    );
  });

  test("is an error for one whose logical id is overridden after the lookup was declared", () => {
    const stack = newStack();
    const mine = new TerraformOutput(new Construct(stack, "deep"), "mine", { value: "mine" });
    latest(stack, "orders");
    mine.overrideLogicalId("orders_restore_regions");

    expect(() => testingSynth(stack)).toThrow(
      clash("orders_restore_regions", "lookup/deep/mine", "lookup/orders/restore_regions"),
    );
  });

  test("is an error for two lookups of one id in different places", () => {
    const stack = newStack();
    latest(new Construct(stack, "a"), "orders");
    latest(new Construct(stack, "b"), "orders");

    expect(errorOf(() => testingSynth(stack)).message).toMatch(
      /^lookup\/b\/orders: the stack "lookup" has two outputs named "orders_cross_backup_id": lookup\/a\/orders\/cross_backup_id and lookup\/b\/orders\/cross_backup_id\n {2}-> set another outputPrefix at lookup\/b\/orders, or/,
    );
  });

  test("is an error if a hyphen and an underscore make the same name", () => {
    const stack = newStack();
    latest(stack, "orders-db");
    latest(stack, "orders_db");

    expect(errorOf(() => testingSynth(stack)).message).toContain('two outputs named "orders_db_');
  });

  test("is an error before anything is looked up", () => {
    const app = new App({ outdir: temporaryFolder() });
    process.env["RDS_DR_ENDPOINT"] = "http://127.0.0.1:1";
    const stack = new TerraformStack(app, "lookup");
    latest(stack, "orders");
    new TerraformOutput(stack, "orders_backup", { value: "mine" });

    expect(() => {
      app.synth();
    }).toThrow(/has two outputs named/);
  });

  test("is no error if the other output is in another stack, or if both are the app's own", () => {
    const app = lockedApp(temporaryFolder(), answers);
    const stack = new TerraformStack(app, "lookup");
    const other = new TerraformStack(app, "other");
    new TerraformOutput(other, "orders_backup", { value: "mine" });
    new TerraformOutput(new Construct(stack, "a"), "own", { value: 1, staticId: true });
    new TerraformOutput(new Construct(stack, "b"), "own", { value: 1, staticId: true });
    latest(stack, "orders");

    expect(outputsOf(testingSynth(stack))).toMatchObject({ orders_cross_backup_id: "14562", own: 1 });
  });

  test("is no error if the lookup found nothing and the app goes on", () => {
    const stack = newStack();
    latest(stack, "orders", { outputs: false });
    new TerraformOutput(stack, "orders_backup", { value: "mine" });

    expect(outputsOf(testingSynth(stack))).toEqual({ orders_backup: "mine" });
  });
});

test("a nested stack, which has a file of its own, may use the same names", () => {
  const stack = newStack();
  latest(stack, "orders");
  const inner = new TerraformStack(stack, "inner");
  latest(inner, "orders");

  expect(outputsOf(testingSynth(stack))).toMatchObject({ orders_cross_backup_id: "14562" });
  expect(outputsOf(testingSynth(inner))).toMatchObject({ orders_cross_backup_id: "14562" });
});
