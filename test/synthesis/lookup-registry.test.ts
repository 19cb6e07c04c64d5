import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { App, Aspects, type IAspect, TerraformStack, Testing } from "cdktf";
import { type Construct, type IConstruct } from "constructs";
import { CrossRegionBackups, LatestCrossRegionBackup, type LatestCrossRegionBackupProps, OnStale } from "../../lib";
import { LookupError, LookupErrors } from "../../lib/errors";
import { FaultKind, type SimulatorThread, startSimulatorThread } from "../../lib/simulator";
import * as waiting from "../../lib/synthesis/wait-for-lookups";
import {
  appIn,
  environmentOf,
  errorOf,
  filesBelow,
  isolateEnvironment,
  lookupErrorOf,
  outputsOf,
  readStack,
  readText,
  regionId,
  temporaryFolders,
  testingSynth,
  testWorld,
} from "../fixtures";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
const wait = jest.spyOn(waiting, "waitForLookups");
let simulator: SimulatorThread;

beforeEach(async () => {
  simulator = await startSimulatorThread({ world: testWorld });
  Object.assign(process.env, environmentOf(simulator.url));
  wait.mockClear();
});

afterEach(() => simulator.stop());

/** A lookup in a stack of its own app. */
function latest(scope: Construct, id: string, props: Partial<LatestCrossRegionBackupProps> = {}) {
  return new LatestCrossRegionBackup(scope, id, { dbInstanceId: `rm-${id}`, regionId, ...props });
}

async function instancesAsked(): Promise<unknown[]> {
  return (await simulator.requests()).map(({ parameters }) => parameters["DBInstanceId"]);
}

describe("waiting", () => {
  test("declaring a lookup asks nothing", async () => {
    latest(new TerraformStack(new App(), "lookup"), "orders");

    expect(wait).not.toHaveBeenCalled();
    expect(await simulator.requests()).toEqual([]);
  });

  test("one lookup whose records fit one page is one request", async () => {
    latest(new TerraformStack(new App(), "lookup"), "orders").lookUp();

    expect(await simulator.requests()).toMatchObject([
      { action: "DescribeCrossRegionBackups", method: "POST", httpStatus: 200 },
    ]);
  });

  test("the first concrete value settles every lookup declared so far, of every stack, in one wait", async () => {
    // GIVEN
    const app = appIn(temporaryFolder());
    const orders = latest(new TerraformStack(app, "a"), "orders");
    const second = new TerraformStack(app, "b");
    const billing = latest(second, "billing");
    const list = new CrossRegionBackups(second, "list", { dbInstanceId: "rm-stale", regionId });

    // WHEN
    const firstValue = orders.lookUp().crossBackupId;
    await simulator.stop();

    // THEN the others need the network no more
    expect(firstValue).toBe("9007199254740993");
    expect(billing.canRestoreTo("cn-shanghai")).toBe(true);
    expect(list.lookUp()).toHaveLength(1);
    app.synth();
    expect(wait).toHaveBeenCalledTimes(1);
    expect(wait.mock.calls[0]?.[0].queries).toHaveLength(3);
  });

  test("without one, the synthesis waits once for all lookups of all stacks", async () => {
    const app = appIn(temporaryFolder());
    for (const stack of ["a", "b"].map((id) => new TerraformStack(app, id))) {
      for (const name of ["orders", "billing", "stale"]) {
        latest(stack, name, { restoreRegion: stack.node.id === "a" ? "cn-shanghai" : "cn-hangzhou" });
      }
    }

    app.synth();

    expect(wait).toHaveBeenCalledTimes(1);
    expect(wait.mock.calls[0]?.[0].queries).toHaveLength(6);
    expect(await simulator.connections()).toBeLessThanOrEqual(6);
    expect(outputsOf(readStack(app.outdir, "b"))).toHaveProperty("billing_cross_backup_id", "201");
  });

  test("a lookup declared after the first wait is settled in a second one, which asks nothing else", async () => {
    const stack = new TerraformStack(new App(), "lookup");
    latest(stack, "orders").lookUp();
    const billing = latest(stack, "billing");

    const { crossBackupId } = billing.lookUp();

    expect(crossBackupId).toBe("201");
    expect(wait).toHaveBeenCalledTimes(2);
    expect(await instancesAsked()).toEqual(["rm-orders", "rm-billing"]);
  });

  test("lookups that ask the same ask once, and each writes its own outputs", async () => {
    const stack = new TerraformStack(new App(), "lookup");
    latest(stack, "orders");
    latest(stack, "again", { dbInstanceId: "rm-orders" });
    latest(stack, "with-an-age", { dbInstanceId: "rm-orders", maxAgeHours: 26 });

    const outputs = outputsOf(testingSynth(stack));

    expect(Object.keys(outputs).filter((name) => name.endsWith("_id"))).toHaveLength(3);
    expect(wait.mock.calls[0]?.[0].queries).toHaveLength(1);
    expect(await simulator.requests()).toHaveLength(1);
  });

  test("lookups that ask the same of two endpoints ask both", () => {
    const stack = new TerraformStack(new App(), "lookup");
    latest(stack, "orders");
    latest(stack, "again", { dbInstanceId: "rm-orders", endpoint: `${simulator.url}/` });

    testingSynth(stack);

    expect(wait.mock.calls[0]?.[0].queries).toHaveLength(2);
  });

  test("a lookup that nothing uses and that adds no outputs settles all the same", () => {
    const app = appIn(temporaryFolder());
    latest(new TerraformStack(app, "lookup"), "failed", { outputs: false });

    expect(() => {
      app.synth();
    }).toThrow(/^lookup\/failed: no valid full backup/);
  });

  test("two apps in one process have nothing to do with each other", () => {
    const one = new App();
    const other = appIn(temporaryFolder());
    latest(new TerraformStack(one, "lookup"), "failed");
    latest(new TerraformStack(other, "lookup"), "orders");

    other.synth();

    expect(wait.mock.calls[0]?.[0].queries).toHaveLength(1);
  });

  test("a second synthesis of the same app asks nothing and writes the same", async () => {
    const app = appIn(temporaryFolder());
    latest(new TerraformStack(app, "lookup"), "orders");
    app.synth();
    const first = readText(app.outdir, "stacks", "lookup", "cdk.tf.json");

    app.synth();

    expect(readText(app.outdir, "stacks", "lookup", "cdk.tf.json")).toBe(first);
    expect(await simulator.requests()).toHaveLength(1);
  });

  test("the credentials at the time of the wait count", () => {
    const stack = new TerraformStack(new App(), "lookup");
    latest(stack, "orders").lookUp();
    process.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "changed-since";

    const error = errorOf(() => latest(stack, "billing").lookUp());

    expect(error).toMatchObject({ code: "SignatureDoesNotMatch" });
    expect(error.message).not.toMatch(/changed-since|simulator-secret/);
  });
});

test("the second wait reads a credentials file that was set after the first one", () => {
  // GIVEN a wait, in a thread of its own, with credentials that Alibaba's own chain does not know
  process.env["RDS_DR_DEADLINE_SECONDS"] = "20";
  process.env["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "";
  process.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "";
  process.env["ALIBABA_CLOUD_CLI_PROFILE_DISABLED"] = "true";
  process.env["ALICLOUD_ACCESS_KEY"] = "simulator";
  process.env["ALICLOUD_SECRET_KEY"] = "simulator-secret";
  const stack = new TerraformStack(new App(), "lookup");
  latest(stack, "orders").lookUp();

  // WHEN they give way to a file, which that chain knows
  process.env["ALICLOUD_ACCESS_KEY"] = "";
  process.env["ALICLOUD_SECRET_KEY"] = "";
  const file = join(temporaryFolder(), "credentials");
  const keys = ["access_key_id = simulator", "access_key_secret = simulator-secret"];
  writeFileSync(file, ["[default]", "enable = true", "type = access_key", ...keys].join("\n"));
  process.env["ALIBABA_CLOUD_CREDENTIALS_FILE"] = file;

  // THEN
  expect(latest(stack, "billing").lookUp().crossBackupId).toBe("201");
});

describe("errors", () => {
  test("are thrown before a file is written for any stack", () => {
    // GIVEN a stack that is fine, then one whose lookup fails
    const app = appIn(temporaryFolder());
    latest(new TerraformStack(app, "a-fine"), "orders");
    latest(new TerraformStack(app, "b-failing"), "failed");

    // WHEN
    const error = errorOf(() => {
      app.synth();
    });

    // THEN
    expect(error).toBeInstanceOf(LookupError);
    expect(error.message).toMatch(/^b-failing\/failed: no valid full backup of "rm-failed"/);
    expect(filesBelow(app.outdir)).toEqual([]);
  });

  test("of a lookup that an aspect of a later stack declares come late, but equally clean", () => {
    class Declares implements IAspect {
      visit(node: IConstruct): void {
        if (node instanceof TerraformStack && node.node.tryFindChild("failed") === undefined) {
          latest(node, "failed");
        }
      }
    }
    const app = appIn(temporaryFolder());
    new TerraformStack(app, "earlier");
    Aspects.of(new TerraformStack(app, "lookup")).add(new Declares());

    expect(() => {
      app.synth();
    }).toThrow(/^lookup\/failed: no valid full backup/);
    // The one file is that of the stack before: aspects are asked only when it is the turn of their own.
    expect(filesBelow(app.outdir)).toEqual(["cdk.tf.json"]);
  });

  test("come out clean from Testing.synth as well", () => {
    const stack = new TerraformStack(new App(), "lookup");
    latest(stack, "failed");

    expect(() => testingSynth(stack)).toThrow(/^lookup\/failed: no valid full backup/);
    expect(() => String(Testing.synthHcl(stack))).toThrow(/^lookup\/failed: no valid full backup/);
  });

  test("of several lookups come together, with one next step for each", () => {
    const app = appIn(temporaryFolder());
    const stack = new TerraformStack(app, "lookup");
    latest(stack, "failed");
    latest(stack, "orders");
    latest(stack, "empty");
    latest(stack, "stale", { maxAgeHours: 26 });

    const error = errorOf(() => {
      app.synth();
    });

    expect(error).toBeInstanceOf(LookupErrors);
    expect(error.message.split("\n\n").map((part) => part.replace(/\n[^]*/, ""))).toEqual([
      "3 lookups failed",
      expect.stringMatching(/^lookup\/failed: no valid full backup/),
      expect.stringMatching(/^lookup\/empty: no valid full backup/),
      expect.stringMatching(/^lookup\/stale: the latest valid backup .*, 301, holds the data of \d{4}-/),
    ]);
    expect(error.message.match(/\n {2}-> /g)).toHaveLength(3);
    const { failures } = error instanceof LookupErrors ? error : { failures: [] };
    expect(failures.map(({ path, code }) => [path, code])).toEqual([
      ["lookup/failed", "NoValidBackup"],
      ["lookup/empty", "NoValidBackup"],
      ["lookup/stale", "BackupTooOld"],
    ]);
  });

  test("with one cause come once, and the other constructs are only named", async () => {
    await simulator.injectFault({ kind: FaultKind.DENIED });
    const stack = new TerraformStack(new App(), "lookup");
    for (const id of ["orders", "billing", "stale"]) {
      latest(stack, id);
    }

    const { message } = errorOf(() => testingSynth(stack));

    expect(message.match(/Forbidden\.RAM/g)).toHaveLength(1);
    expect(message).toMatch(/\n {2}the same for 2 other lookups: lookup\/billing, lookup\/stale$/);
  });

  test("have no frame of the library in their stack, and none of their fields is printed below", () => {
    const stack = new TerraformStack(new App(), "lookup");
    const backup = latest(stack, "failed");

    const error = errorOf(() => backup.lookUp());

    expect(error.stack).toMatch(/^LookupError: lookup\/failed: no valid/);
    expect(error.stack).toMatch(/lookup-registry\.test/);
    expect(error.stack).not.toMatch(/node_modules|[/\\]lib[/\\]|node:/);
    expect(inspect(error)).toBe(error.stack);
  });

  test("of the API contain their status and request id", async () => {
    await simulator.injectFault({ kind: FaultKind.DENIED });
    const stack = new TerraformStack(new App(), "lookup");

    const error = lookupErrorOf(() => latest(stack, "orders").lookUp());

    expect(error).toMatchObject({ httpStatus: 403, path: "lookup/orders" });
    expect(error.requestId).toMatch(/^[0-9A-F-]{36}$/);
    expect(error.message).toContain(`(HTTP 403, request id ${error.requestId ?? ""})`);
    expect(error.message).toContain(error.hint);
  });
});

test.each([
  ["endpoint", { endpoint: "https://rds.aliyuncs.com.evil.example" }],
  ["profile", { profile: "production" }],
  ["roleArn", { roleArn: "acs:ram::1234567890123456:role/admin" }],
])("the context must not decide %s: %j fails the synthesis before anything is sent", async (key, context) => {
  delete process.env["RDS_DR_ENDPOINT"];
  const app = appIn(temporaryFolder(), context);
  latest(new TerraformStack(app, "lookup"), "orders");

  expect(() => {
    app.synth();
  }).toThrow(new RegExp(`^lookup/orders: "${key}" in the context "rds-dr" must be `));
  expect(wait).not.toHaveBeenCalled();
  expect(filesBelow(app.outdir)).toEqual([]);
  expect(await simulator.requests()).toEqual([]);
});

describe("warnings", () => {
  const stale = { maxAgeHours: 26 } as const;

  test("of the settings are shown once an app, whatever the number of lookups and waits", () => {
    process.env["ALIBABA_CLOUD_ENDPOINT_RDS"] = simulator.url;
    const app = appIn(temporaryFolder());
    const stack = new TerraformStack(app, "lookup");
    latest(stack, "orders").lookUp();
    latest(stack, "billing").lookUp();
    latest(new TerraformStack(app, "other"), "orders");

    app.synth();

    expect(annotationsOf(app)).toMatchObject([
      {
        constructPath: "lookup/orders",
        message: expect.stringMatching(/^ALIBABA_CLOUD_ENDPOINT_RDS is not a host/) as string,
      },
    ]);
    expect(readText(app.outdir, "manifest.json").match(/ALIBABA_CLOUD_ENDPOINT_RDS is/g)).toHaveLength(1);
  });

  function annotationsOf(app: App): unknown {
    return (
      JSON.parse(readText(app.outdir, "manifest.json")) as {
        readonly stacks: Readonly<Record<string, { readonly annotations: unknown }>>;
      }
    ).stacks["lookup"]?.annotations;
  }

  const expected = [
    {
      constructPath: "lookup/stale",
      level: "@cdktf/warn",
      message: expect.stringMatching(
        /^the latest valid backup of "rm-stale" of cn-hangzhou, 301, holds the data of \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, which is more than maxAgeHours \(26\) ago/,
      ) as unknown,
    },
  ];

  test("of a backup that is too old become one annotation of the construct, however many stacks there are", () => {
    const app = appIn(temporaryFolder());
    latest(new TerraformStack(app, "lookup"), "stale", { ...stale, onStale: OnStale.WARN });
    latest(new TerraformStack(app, "other"), "orders");

    app.synth();
    app.synth();

    expect(annotationsOf(app)).toMatchObject(expected);
    expect(annotationsOf(app)).toHaveLength(1);
    expect(outputsOf(readStack(app.outdir, "lookup"))).toHaveProperty("stale_cross_backup_id", "301");
  });

  test("come if the operator wants them, whatever the code says", () => {
    process.env["RDS_DR_ON_STALE"] = "warn";
    const app = appIn(temporaryFolder());
    latest(new TerraformStack(app, "lookup"), "stale", { ...stale, onStale: OnStale.FAIL });

    app.synth();

    expect(annotationsOf(app)).toMatchObject(expected);
  });

  test("become an error if the operator wants that", () => {
    process.env["RDS_DR_ON_STALE"] = "fail";
    const app = appIn(temporaryFolder());
    latest(new TerraformStack(app, "lookup"), "stale", { ...stale, onStale: OnStale.WARN });

    expect(() => {
      app.synth();
    }).toThrow(/^lookup\/stale: .* more than maxAgeHours \(26\) ago\n {2}-> .*RDS_DR_ON_STALE=warn/);
    expect(filesBelow(app.outdir)).toEqual([]);
  });

  test("do not come if the data is young enough", () => {
    const app = appIn(temporaryFolder());
    latest(new TerraformStack(app, "lookup"), "orders", { ...stale, onStale: OnStale.WARN });

    app.synth();

    expect(annotationsOf(app)).toEqual([]);
  });
});
