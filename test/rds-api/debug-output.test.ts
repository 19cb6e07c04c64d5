import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { mkdirSync, writeFileSync } from "node:fs";
import { startSimulator, type Simulator } from "../../lib/simulator";
import { cliMain, projectRoot, regionId, runNode, temporaryFolders, testWorld, type Finished } from "../fixtures";

// What the libraries print for developers holds all that a request holds. Each case runs real processes.

const accessKey = {
  accessKeyId: "MY-KEY-ID",
  accessKeySecret: "MY-KEY-SECRET",
  securityToken: "MY-SECURITY-TOKEN",
};
const secrets = /MY-KEY|MY-SECURITY-TOKEN|MY-PROXY-PASSWORD|METADATA-TOKEN|FAKE-LINK|Signature|stringToSign/i;

const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let credentials: Record<string, string>;

beforeAll(async () => {
  simulator = await startSimulator({ ...accessKey, world: testWorld });
  credentials = {
    RDS_DR_ENDPOINT: simulator.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKey.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKey.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: accessKey.securityToken,
  };
});
afterAll(() => simulator.stop());

/** An app that looks a backup up, and prints by `debug` itself, before and after. */
const app = `
  const debug = require("debug")("httpx:my-app");
  debug("before the lookup");
  const { App, TerraformStack } = require("cdktf");
  const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
  const stack = new TerraformStack(new App({ outdir: process.env.OUTDIR }), "lookup");
  const backup = new LatestCrossRegionBackup(stack, "orders", { dbInstanceId: "rm-orders", regionId: "${regionId}" });
  console.log(backup.lookUp().crossBackupId);
  debug("after the lookup");
  console.log(require("debug").enabled("httpx:any"), process.env.DEBUG);
`;

/** The programs that ask the API: each finds the backup of rm-orders. */
const programs: Readonly<Record<string, readonly string[]>> = {
  lookup: [cliMain, "lookup", "--db-instance-id", "rm-orders", "--region-id", regionId],
  list: [cliMain, "list", "--db-instance-id", "rm-orders", "--region-id", regionId],
  synthesis: ["-e", app],
};

function runProgram(name: string, environment: Readonly<Record<string, string>>): Promise<Finished> {
  const OUTDIR = temporaryFolder();
  return runNode(programs[name] ?? [], {
    cwd: projectRoot,
    environment: { HOME: OUTDIR, OUTDIR, ...environment },
  });
}

/** Runs every program: each must do its work, and print no secret. */
async function expectSilence(environment: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(programs);
  const all = await Promise.all(names.map((name) => runProgram(name, { ...credentials, ...environment })));
  all.forEach(({ code, stdout, stderr }, index) => {
    const found = stdout.includes("9007199254740993");
    expect({ program: names[index], code, found }).toEqual({ program: names[index], code: 0, found: true });
    expect(stdout + stderr).not.toMatch(secrets);
  });
}

/** Writes a script that every process of Node loads first, as operators and agents of theirs have them. */
function preload(script: string): Record<string, string> {
  const file = join(temporaryFolder(), "preload.cjs");
  writeFileSync(file, script);
  return { NODE_OPTIONS: `--require ${file}` };
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test.each(["*", "httpx:*", "httpx:body,httpx:header", "*,-express"])("DEBUG=%s prints no secret", async (DEBUG) => {
  await expectSilence({ DEBUG });
});

test.each([
  ["loaded and enabled", 'load("debug").enable("*");'],
  ["loaded with the library that uses it, and enabled", 'from("httpx"); load("debug").enable("*");'],
  ["enabled later on", 'setInterval(() => load("debug").enable("*"), 5).unref();'],
])("a `debug` that somebody has %s prints no secret", async (_, script) => {
  const { NODE_OPTIONS = "" } = preload(`
    const { createRequire } = require("node:module");
    const from = createRequire(${JSON.stringify(join(projectRoot, "package.json"))});
    const load = createRequire(from.resolve("httpx"));
    ${script}
  `);

  await expectSilence({ NODE_OPTIONS, DEBUG: "*" });
  await expectSilence({ NODE_OPTIONS });
});

test("DEBUG=* prints no password of a proxy", async () => {
  const tunnels: string[] = [];
  const proxy = createServer().on("connect", ({ url = "" }, socket) => {
    tunnels.push(url);
    const upstream = connect(Number(new URL(simulator.url).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  const port = await listening(proxy);

  await expectSilence({
    DEBUG: "*",
    RDS_DR_ENDPOINT: "http://rds.proxied.test",
    RDS_DR_ALLOW_HTTP: "true",
    HTTP_PROXY: `http://me:MY-PROXY-PASSWORD@127.0.0.1:${port}`,
  });

  expect(new Set(tunnels)).toEqual(new Set(["rds.proxied.test:80"]));
});

test("DEBUG=* prints nothing of the temporary key of an ECS role", async () => {
  const asked: string[] = [];
  const role = "/latest/meta-data/ram/security-credentials/";
  const metadata = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    const key = {
      Code: "Success",
      AccessKeyId: accessKey.accessKeyId,
      AccessKeySecret: accessKey.accessKeySecret,
      SecurityToken: accessKey.securityToken,
      Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
    };
    const answers: Record<string, string> = {
      "/latest/api/token": "METADATA-TOKEN",
      [role]: "drill",
      [`${role}drill`]: JSON.stringify(key),
    };
    response.end(answers[url] ?? "");
  });
  const port = await listening(metadata);
  const { NODE_OPTIONS = "" } = preload(`
    const http = require("node:http");
    const { request } = http;
    http.request = (options, ...others) =>
      request(
        [options.hostname, options.host].includes("100.100.100.200")
          ? { ...options, host: "127.0.0.1", hostname: "127.0.0.1", port: ${port} }
          : options,
        ...others,
      );
  `);

  await expectSilence({
    NODE_OPTIONS,
    DEBUG: "*",
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "",
    ALIBABA_CLOUD_ACCESS_KEY_ID: "",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "",
    ALIBABA_CLOUD_SECURITY_TOKEN: "",
  });

  expect(asked.filter((url) => url === `${role}drill`)).toHaveLength(Object.keys(programs).length);
});

test("the app's own use of DEBUG stays as it is, in a synthesis and under the command", async () => {
  const DEBUG = "httpx:my-app,httpx:any";
  const folder = temporaryFolder(join(projectRoot, "dist"));
  mkdirSync(join(folder, ".git"));
  writeFileSync(join(folder, "main.js"), `${app.replace("process.env.OUTDIR", "undefined")}; stack.node.root.synth();`);
  writeFileSync(join(folder, "cdktf.json"), '{"app": "node main.js"}');

  const [synthesis, refresh] = await Promise.all([
    runProgram("synthesis", { ...credentials, DEBUG }),
    runNode([cliMain, "refresh"], { cwd: folder, environment: { ...credentials, DEBUG } }),
  ]);

  for (const { code, stdout, stderr } of [synthesis, refresh]) {
    expect(code).toBe(0);
    expect(stderr).toContain("httpx:my-app before the lookup");
    expect(stderr).toContain("httpx:my-app after the lookup");
    // The command passes on what the app prints on standard error.
    expect(stdout + stderr).toContain(`true ${DEBUG}`);
  }
});
