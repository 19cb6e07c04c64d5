import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  defaultInstanceName,
  projectIdOf,
  type RestoreIdentity,
  restoreIdentity,
  shortHash,
} from "../../../lib/constructs/disaster-recovery-instance/identity";
import { checkInstanceName } from "../../../lib/constructs/disaster-recovery-instance/prop-rules";
import { temporaryFolders } from "../../fixtures";

const temporaryFolder = temporaryFolders();

const identity: RestoreIdentity = {
  projectId: "3b5e8b0e-0000-4000-8000-000000000000",
  path: "dr/orders-dr",
  dbInstanceId: "rm-orders",
  sourceRegion: "cn-hangzhou",
  restoreRegion: "cn-shanghai",
  generation: undefined,
};

test("the identity of a restore is one JSON text, in whatever order its parts are given", () => {
  const reversed = Object.fromEntries(Object.entries(identity).reverse()) as unknown as RestoreIdentity;
  const text =
    '{"projectId":"3b5e8b0e-0000-4000-8000-000000000000","path":"dr/orders-dr","dbInstanceId":"rm-orders","sourceRegion":"cn-hangzhou","restoreRegion":"cn-shanghai"}';

  expect([identity, reversed].map((each) => restoreIdentity(each))).toEqual([text, text]);
});

test.each(Object.keys(identity))("another %s is another restore", (name) => {
  const hashes = [identity, { ...identity, [name]: "other" }].map((each) => shortHash(restoreIdentity(each)));

  expect(new Set(hashes).size).toBe(2);
});

test.each([
  ["dr/orders-dr", "dr-orders-dr"],
  ["dr/prod/orders.v2", "dr-prod-orders-v2"],
  ["7/orders", "rds-7-orders"],
  ["x", "x"],
  ["y".repeat(300), "y".repeat(247)],
  ["dr/订单-1", "dr--1"],
  ["订单", "rds--"],
])("the path %s gives a name that RDS accepts, with 8 digits of a hash", (path, words) => {
  const name = defaultInstanceName(path, "identity");

  expect(name).toBe(`${words}-689f6a62`);
  expect(() => {
    checkInstanceName("instanceName", name);
  }).not.toThrow();
});

test.each([
  ["of the project", "of the project"],
  [17, "17"],
])("the id of the project is that of the nearest cdktf.json: %p", (projectId, expected) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".git"));
  mkdirSync(join(folder, "app"));
  expect(projectIdOf(join(folder, "app"))).toBe("");

  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ projectId }));

  expect(projectIdOf(join(folder, "app"))).toBe(expected);
});
