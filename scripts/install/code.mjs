// The code of the projects: the README's app, and one unit test with the testing kit.

/** Where a test of each runner gets its `test` from. */
const harness = {
  "ts-jest": "",
  vitest: 'import { test } from "vitest";',
  "node:test": 'import { test } from "node:test";',
  "bun:test": 'import { test } from "bun:test";',
};

/** A unit test of a stack, which also loads every subpath of the package. */
export function unitTest(runner, { name, framework }) {
  return `${harness[runner]}
import { TerraformStack, Testing } from "${framework}";
import { LatestCrossRegionBackup } from "${name}";
import { AlicloudProvider } from "${name}/alicloud";
import { LookupError } from "${name}/errors";
import { startSimulator } from "${name}/simulator";
import { startWorld, TestAnswers } from "${name}/testing";

const props = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" };

// @ts-expect-error: a prop that is missing is told, as the types are there
const incomplete = () => new LatestCrossRegionBackup(new TerraformStack(Testing.app(), "lookup"), "orders", {});

test("a prop that is missing is an error", () => {
  let message = "";
  try {
    incomplete();
  } catch (error) {
    ({ message } = error);
  }
  if (!message.includes("dbInstanceId")) {
    throw new Error(message);
  }
});

test("the stack gets the backup of the answers", () => {
  const answers = new TestAnswers().latest(props, { crossBackupId: "14562", hoursAgo: 2 });
  const stack = new TerraformStack(Testing.app({ context: answers.toContext() }), "lookup");
  new AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
  new LatestCrossRegionBackup(stack, "orders", { ...props, maxAgeHours: 26 });
  const { output } = JSON.parse(Testing.synth(stack));
  if (output.orders_cross_backup_id.value !== "14562") {
    throw new Error(JSON.stringify(output));
  }
});

test("an error of a lookup is of the class that the package exports", () => {
  const app = Testing.app({ context: new TestAnswers().noBackup(props).toContext() });
  const stack = new TerraformStack(app, "lookup");
  new LatestCrossRegionBackup(stack, "orders", props);
  try {
    Testing.synth(stack);
  } catch (error) {
    if (error instanceof LookupError && error.code === "NoValidBackup") {
      return;
    }
    throw error;
  }
  throw new Error("nothing was thrown");
});

test("simulators start, in this thread and beside it", async () => {
  const simulator = await startSimulator();
  await simulator.stop();
  const world = await startWorld({ orders: { engine: "MySQL", backupHoursAgo: [2] } });
  await world.stop();
});
`;
}

/** A module that imports, as one that requires. */
export function asCommonJs(code) {
  return code.replaceAll(/^import (\{.*?\}) from ("[^"]+");$/gm, "const $1 = require($2);");
}
