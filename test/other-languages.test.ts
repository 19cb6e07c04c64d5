import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import { LatestCrossRegionBackup } from "../lib";
import { LookupErrors } from "../lib/errors";
import { TestAnswers } from "../lib/testing";
import { printable } from "../lib/validation/printable";
import { packageName } from "../lib/validation/own-package";
import {
  cliMain,
  errorOf,
  isolateEnvironment,
  lookupErrorOf,
  projectRoot,
  runNode,
  temporaryFolders,
} from "./fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();

/** What the runtime of jsii says of the language that it serves. */
function inLanguage(agent: string): void {
  process.env["JSII_AGENT"] = agent;
}

afterEach(() => {
  Reflect.deleteProperty(process.env, "JSII_AGENT");
});

const props = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
const stackWith = (answers: TestAnswers): TerraformStack =>
  new TerraformStack(Testing.app({ context: answers.toContext() }), "dr");

describe("the text of an error", () => {
  const malformed = { ...props, dbInstanceId: "rm orders" };

  it("begins with its code and kind in a language that gets nothing else", () => {
    inLanguage("Java/21");

    const { message } = lookupErrorOf(() => new LatestCrossRegionBackup(stackWith(new TestAnswers()), "a", malformed));

    expect(message).toMatch(/^\[InvalidRequest, misuse\] dr\/a: dbInstanceId must be .*\n {2}-> correct dbInstanceId$/);
  });

  it("begins with the path in JavaScript, where the error has a code and a kind", () => {
    const error = lookupErrorOf(() => new LatestCrossRegionBackup(stackWith(new TestAnswers()), "a", malformed));

    expect(error.message).toMatch(/^dr\/a: /);
    expect(error).toMatchObject({ code: "InvalidRequest", kind: "misuse" });
  });

  it("has the code and kind of each lookup if several failed", () => {
    inLanguage("Go/1.25");
    const stack = stackWith(new TestAnswers().noBackup(props));
    new LatestCrossRegionBackup(stack, "a", props);
    new LatestCrossRegionBackup(stack, "b", { ...props, restoreRegion: "cn-shanghai" });

    const error = errorOf(() => Testing.synth(stack));

    expect(error).toBeInstanceOf(LookupErrors);
    expect(error.message).toMatch(/^\[NoValidBackup, not-found\] dr\/a: /m);
    expect(error.message).toMatch(/^\[NotLocked, misuse\] dr\/b: /m);
  });
});

test.each([
  ["Python/3.11.7", 'run "rds-dr refresh"'],
  ["Java/21", 'run "npx cdktf-alicloud-rds-dr refresh"'],
])("in %s, where npx would fetch a foreign package, a hint says: %s", (agent, hint) => {
  inLanguage(agent);

  expect(printable('run "npx rds-dr refresh"')).toBe(hint);
  expect(printable(hint)).toBe(hint);
});

test("a command that npx has fetched names the package, as npx knows it", async () => {
  const folder = temporaryFolder();
  const fetched = join(folder, "_npx", "1a2b", "node_modules", packageName);
  mkdirSync(join(fetched, "dist"), { recursive: true });
  cpSync(cliMain, join(fetched, "dist", "rds-dr.js"));
  cpSync(join(projectRoot, "package.json"), join(fetched, "package.json"));
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ language: "go", app: "go run main.go" }));

  const { stderr } = await runNode([join(fetched, "dist", "rds-dr.js"), "check"], { cwd: folder });

  expect(stderr).toContain(`fill it with "npx ${packageName} refresh"`);
});

test("the context of a test contains no null, which is lost on the way from another language", () => {
  const context = new TestAnswers().latest(props, { crossBackupId: "1" }).noBackup(props).toContext();

  expect(JSON.stringify(context)).not.toContain("null");
  const stack = new TerraformStack(Testing.app({ context }), "dr");
  expect(new LatestCrossRegionBackup(stack, "orders", props).tryLookUp()).toBeUndefined();
});
