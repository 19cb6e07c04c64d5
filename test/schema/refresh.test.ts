import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ChangeStatus } from "../../lib/lock/answer-changes";
import { FaultKind, startSimulator, type World } from "../../lib/simulator";
import { environmentOf, hoursOld, instance, readText, runCli, temporaryFolders } from "../fixtures";
import { looseEnds, readSchema, validatorOf } from "./schemas";

const temporaryFolder = temporaryFolders();
const validate = validatorOf("refresh");

test("the schema is strict at every depth, describes every property, and is found where it says", () => {
  const schema = readSchema("refresh");

  expect(schema["$id"]).toBe("https://unpkg.com/cdktf-alicloud-rds-dr/schema/refresh.schema.json");
  expect(looseEnds(schema)).toEqual([]);
});

test("it knows every status", () => {
  expect(readSchema("refresh")).toMatchObject({
    $defs: {
      change: { properties: { status: { enum: Object.values(ChangeStatus) } } },
    },
  });
});

interface Outcome {
  readonly written: boolean;
  readonly answers: readonly { readonly key: string; readonly status: string }[];
}

test("what rds-dr refresh --json prints is valid, whatever becomes of the answers", async () => {
  const worldOf = (orders: number): World => ({
    instances: [
      { ...instance("rm-orders", [hoursOld(orders, 1_000 - orders)]), policy: { Retention: 30 } },
      instance("rm-billing", [hoursOld(7, 201)]),
      instance("rm-pinned", [hoursOld(9, 301)]),
      instance("rm-empty", []),
    ],
  });
  const simulator = await startSimulator({ world: worldOf(30) });
  const folder = temporaryFolder();
  const path = join(folder, "rds-dr.lock.json");
  const options = {
    cwd: folder,
    environment: { ...environmentOf(simulator.url), RDS_DR_LOCK_FILE: path, RDS_DR_DEADLINE_SECONDS: "3" },
  };
  const refreshed = async (...args: readonly string[]): Promise<Outcome> => {
    const { stdout } = await runCli(["refresh", "--json", ...args], options);
    const outcome: unknown = JSON.parse(stdout);
    validate(outcome);
    expect(validate.errors).toBeNull();
    return outcome as Outcome;
  };
  const statuses = ({ answers }: Outcome): readonly string[] =>
    answers.map(({ key, status }) => `${status} ${key.split(" ").slice(0, 2).join(" ")}`);
  const first = { ...options, environment: { ...options.environment, RDS_DR_MODE: "refresh" } };
  const ids = ["rm-orders", "rm-billing", "rm-pinned", "rm-empty"];
  await runCli(["lookup", "--db-instance-id", ...ids, "--region-id", "cn-hangzhou"], first);
  await runCli(["list", "--db-instance-id", "rm-billing", "--region-id", "cn-hangzhou"], first);
  pin(path, "latest rm-pinned regionId=cn-hangzhou");

  simulator.setWorld(worldOf(5));
  const changed = await refreshed();
  simulator.setWorld(worldOf(50));
  simulator.injectFault({ kind: FaultKind.DENIED, dbInstanceId: "rm-billing" });
  const failed = await refreshed("--check");
  await simulator.stop();

  expect(changed.written).toBe(true);
  expect(statuses(changed)).toEqual([
    "unchanged latest rm-billing",
    "unchanged latest rm-empty",
    "changed latest rm-orders",
    "pinned latest rm-pinned",
    "unchanged list rm-billing",
  ]);
  expect(statuses(failed)).toEqual([
    "failed latest rm-billing",
    "unchanged latest rm-empty",
    "failed latest rm-orders",
    "pinned latest rm-pinned",
    "failed list rm-billing",
  ]);
});

test.each([{}, { lockFile: "a", written: true }, { lockFile: "a", written: true, answers: [{}] }])(
  "anything less is not: %j",
  (outcome) => {
    expect(validate(outcome)).toBe(false);
  },
);

/** Pins a locked answer by hand. */
function pin(path: string, key: string): void {
  const file = JSON.parse(readText(path)) as { readonly answers: Record<string, object> };
  file.answers[key] = { ...file.answers[key], pin: { reason: "the drill of March" } };
  writeFileSync(path, JSON.stringify(file));
}
