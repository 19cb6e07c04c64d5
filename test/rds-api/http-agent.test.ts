import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import * as net from "node:net";
import { type AddressInfo, connect as connectSocket } from "node:net";
import { join } from "node:path";
import * as tls from "node:tls";
import { inspect } from "node:util";
import { describeCrossRegionBackups } from "../../lib/rds-api/actions/describe-cross-region-backups";
import { createAgent } from "../../lib/rds-api/proxy";
import { type Simulator, startSimulator } from "../../lib/simulator";
import { environmentOf, isOnPath, spawnCli, temporaryFolders } from "../fixtures";
import { connect, lastDays, mysql } from "./simulated";

const temporaryFolder = temporaryFolders();

const variables = ["http_proxy", "https_proxy", "no_proxy", "all_proxy"].flatMap((name) => [name, name.toUpperCase()]);

let saved: NodeJS.ProcessEnv;
let simulator: Simulator;
let proxy: Server;
let tunnels: string[];

beforeEach(async () => {
  saved = { ...process.env };
  for (const variable of variables) {
    Reflect.deleteProperty(process.env, variable);
  }
  simulator = await startSimulator();
  tunnels = [];
  proxy = createServer().on("connect", ({ url = "" }, socket, head) => {
    tunnels.push(url);
    const upstream = connectSocket(Number(new URL(simulator.url).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
});

afterEach(async () => {
  process.env = saved;
  await simulator.stop();
  proxy.closeAllConnections();
  proxy.close();
});

function useProxy(): void {
  process.env["HTTP_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

/** Only the proxy of the test knows the way there. */
const endpoint = "http://rds.proxied.test";

test("requests go through the proxy of the environment, over a connection that is kept", async () => {
  useProxy();

  const client = connect(simulator, { endpoint, concurrency: 1 });
  await describeCrossRegionBackups(client, { ...mysql, ...lastDays(3) });
  await describeCrossRegionBackups(client, { ...mysql, ...lastDays(3) });
  client.close();

  expect(simulator.requests.map(({ httpStatus }) => httpStatus)).toEqual([200, 200]);
  expect(tunnels).toEqual(["rds.proxied.test:80"]);
});

test("a host that NO_PROXY excepts is asked directly", async () => {
  useProxy();
  process.env["NO_PROXY"] = "rds.proxied.test";

  const client = connect(simulator, { endpoint, deadlineMs: 300 });

  await expect(client.call("DescribeCrossRegionBackups", {})).rejects.toMatchObject({ kind: "transient" });
  expect(tunnels).toEqual([]);
});

test("this machine is asked directly, so that a stand-in works behind a proxy", async () => {
  useProxy();

  const client = connect(simulator);
  const backups = await describeCrossRegionBackups(client, { ...mysql, ...lastDays(3) });
  client.close();

  expect(backups).not.toEqual([]);
  expect(tunnels).toEqual([]);
});

test("a proxy that cannot be reached is a network error that does not show its password", async () => {
  process.env["HTTP_PROXY"] = "http://proxy-user:proxy-password@127.0.0.1:9";

  const failure = await connect(simulator, { endpoint, deadlineMs: 300 })
    .call("DescribeCrossRegionBackups", {})
    .catch((error: unknown) => error);

  expect(failure).toMatchObject({ code: "ECONNREFUSED", kind: "transient" });
  expect(String(failure)).toContain(
    `connect ECONNREFUSED 127.0.0.1:9 (endpoint ${endpoint}, through the proxy 127.0.0.1:9)`,
  );
  expect(String(failure)).not.toMatch(/proxy-password|proxy-user/);
});

test("a proxy that refuses to make a tunnel is explained by its status, and asked once", async () => {
  let asked = 0;
  proxy.removeAllListeners("connect").on("connect", (_, socket) => {
    asked++;
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-type: text/html\r\n\r\n<html>");
  });
  useProxy();

  const failure = await connect(simulator, { endpoint })
    .call("DescribeCrossRegionBackups", {})
    .catch((error: unknown) => error);

  expect(failure).toMatchObject({ code: "InvalidResponse", httpStatus: 407, kind: "transient" });
  expect(asked).toBe(1);
});

describe("the error for a variable without the URL of a proxy names it, and hides its value", () => {
  test.each([
    ["HTTPS_PROXY", "https://rds.aliyuncs.com", "http://user:SECRET@:bad:proxy"],
    ["https_proxy", "https://rds.aliyuncs.com", "http://user:SECRET@:bad:proxy"],
    ["HTTP_PROXY", "http://rds.proxied.test", "http://user:SECRET@:bad:proxy"],
    ["http_proxy", "http://rds.proxied.test", "user:SECRET@two hosts"],
    ["ALL_PROXY", "https://rds.aliyuncs.com", "socks5://user:SECRET@127.0.0.1:1080"],
    ["HTTPS_PROXY", "https://rds.aliyuncs.com", "http://user:100%SECRET@127.0.0.1:3128"],
  ])("%s for %s", (variable, url, value) => {
    process.env[variable] = value;

    let failure: unknown;
    try {
      createAgent(url, 1);
    } catch (error) {
      failure = error;
    }

    expect(failure).toMatchObject({
      name: "InvalidRequestError",
      message: `${variable} must be the URL of a proxy, such as http://proxy.example.com:3128, but is "(hidden)"`,
    });
    expect(inspect(failure)).not.toContain("SECRET");
  });
});

// The client's own bound on requests under way would hide it if the agent had none.
test.each([
  ["https://rds.aliyuncs.com", undefined],
  ["http://127.0.0.1:8080", undefined],
  ["https://rds.aliyuncs.com", "http://127.0.0.1:3128"],
])("the agent for %s by the proxy %s keeps connections, and no more than so many", (url, through) => {
  if (through !== undefined) {
    process.env["HTTPS_PROXY"] = through;
  }
  expect(createAgent(url, 7)).toMatchObject({ maxSockets: 7, keepAlive: true });
});

describe("a proxy that opens no tunnel, in whatever way, is an error of the call, and the locked answer can stand in", () => {
  let odd: net.Server;
  let stop: () => void;

  /** A server that does so to each connection. */
  async function startOdd(answer: (socket: net.Socket) => void): Promise<string> {
    const sockets = new Set<net.Socket>();
    odd = net.createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("data", () => {
        answer(socket);
      });
    });
    stop = () => {
      sockets.forEach((socket) => socket.destroy());
      odd.close();
    };
    odd.listen(0, "127.0.0.1");
    await once(odd, "listening");
    return `127.0.0.1:${(odd.address() as AddressInfo).port}`;
  }

  const html = (status: string) => (socket: net.Socket) =>
    socket.end(`HTTP/1.1 ${status}\r\ncontent-type: text/html\r\n\r\n<html>login</html>`);
  const opened = "HTTP/1.1 200 Connection Established\r\n\r\n";

  test.each<[what: string, scheme: string, answer: (socket: net.Socket) => void, failure: object]>([
    ["closes", "", (socket) => socket.end(), { code: "ECONNRESET" }],
    ["resets", "", (socket) => socket.resetAndDestroy(), { code: "ECONNRESET" }],
    ["writes no HTTP", "", (socket) => socket.end("SSH-2.0-x\r\n"), { kind: "transient" }],
    ["does not speak TLS", "https://", (socket) => socket.end("nonsense"), { kind: "transient" }],
    ["breaks off", "", (socket) => socket.end("HTTP/1.1 200 Conn"), { kind: "transient" }],
    ["answers 407", "", html("407 Proxy Authentication Required"), { httpStatus: 407, retryable: false }],
    ["answers 403", "", html("403 Forbidden"), { httpStatus: 403, retryable: false }],
    ["answers 302", "", html("302 Found"), { httpStatus: 302, retryable: false }],
    ["answers 502", "", html("502 Bad Gateway"), { httpStatus: 502, retryable: true }],
    ["opens and closes", "", (socket) => socket.end(opened), { code: "ECONNRESET" }],
    ["opens and resets", "", (s) => s.write(opened, () => s.resetAndDestroy()), { kind: "transient" }],
    ["opens, and is a page", "", (socket) => socket.end(`${opened}<html>`), { kind: "transient" }],
    ["stays silent", "", () => undefined, { code: "DeadlineExceeded" }],
    ["opens and stays silent", "", (socket) => socket.write(opened), { code: "DeadlineExceeded" }],
  ])("%s", async (what, scheme, answer, expected) => {
    const address = await startOdd(answer);
    process.env["HTTPS_PROXY"] = `${scheme}${address}`;
    process.env["HTTP_PROXY"] = `${scheme}${address}`;

    for (const url of ["https://rds.proxied.test", endpoint]) {
      const client = connect(simulator, { endpoint: url, deadlineMs: 200 });
      const failure = await client.call("X", {}).catch((error: unknown) => error);
      client.close();

      expect(failure).toMatchObject({ kind: "transient", name: "RdsApiError" });
      expect(String(failure)).toContain(address);
      if (url !== endpoint || !what.startsWith("opens")) {
        expect(failure).toMatchObject(expected);
      }
    }
    stop();
  });

  test("no connection is left when the client is closed, though the proxy never answers", async () => {
    process.env["HTTPS_PROXY"] = await startOdd(() => undefined);
    const client = connect(simulator, { endpoint: "https://rds.proxied.test", deadlineMs: 200 });
    await client.call("X", {}).catch(() => undefined);
    client.close();
    await new Promise((resolve) => setTimeout(resolve, 100));

    const left = await new Promise((resolve) => {
      odd.getConnections((_, count) => {
        resolve(count);
      });
    });
    expect(left).toBe(0);
    stop();
  });
});

const testTls = isOnPath("openssl") ? test : test.skip;

/** The files of a new certificate, which nobody trusts, and of its key. */
function certificateOf(host: string): { readonly key: string; readonly cert: string } {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const named = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];
  const made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...made, ...named], { stdio: "ignore" });
  return { key, cert };
}

testTls("an endpoint of https is asked through a proxy without a scheme, and its certificate is checked", async () => {
  const { key, cert } = certificateOf("rds.proxied.test");
  const secure = tls.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    const upstream = connectSocket(Number(new URL(simulator.url).port), "127.0.0.1");
    upstream.pipe(socket).pipe(upstream);
    socket.on("error", () => upstream.destroy());
  });
  secure.listen(0, "127.0.0.1");
  await once(secure, "listening");
  proxy.removeAllListeners("connect").on("connect", ({ url = "" }, socket) => {
    tunnels.push(url);
    const upstream = connectSocket((secure.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    socket.on("error", () => upstream.destroy());
  });
  const environment = {
    ...environmentOf("https://rds.proxied.test"),
    HTTPS_PROXY: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  };
  const args = ["lookup", "--db-instance-id", mysql.dbInstanceId, "--region-id", mysql.regionId];

  const trusted = await spawnCli(args, { environment: { ...environment, NODE_EXTRA_CA_CERTS: cert } });
  const doubted = await spawnCli(args, { environment });
  secure.close();

  expect(trusted.code).toBe(0);
  expect(doubted.code).toBe(2);
  expect(doubted.stderr).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(new Set(tunnels)).toEqual(new Set(["rds.proxied.test:443"]));
});

testTls("a proxy of https proves that it is the proxy, not the endpoint", async () => {
  const { key, cert } = certificateOf("localhost");
  const secure = tls.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    const upstream = connectSocket((proxy.address() as AddressInfo).port, "127.0.0.1");
    upstream.pipe(socket).pipe(upstream);
    socket.on("error", () => upstream.destroy());
  });
  secure.listen(0, "127.0.0.1");
  await once(secure, "listening");
  const environment = {
    ...environmentOf(endpoint),
    RDS_DR_ALLOW_HTTP: "true",
    HTTP_PROXY: `https://localhost:${(secure.address() as AddressInfo).port}`,
    NODE_EXTRA_CA_CERTS: cert,
  };
  const args = ["lookup", "--db-instance-id", mysql.dbInstanceId, "--region-id", mysql.regionId];

  const { code, stderr } = await spawnCli(args, { environment });
  secure.close();

  expect(stderr).not.toContain("error");
  expect(code).toBe(0);
  expect(tunnels).toEqual(["rds.proxied.test:80"]);
});

test("a proxy that fails again and again is told of once, and Node warns of nothing", async () => {
  const closing = net.createServer((socket) => socket.end()).listen(0, "127.0.0.1");
  await once(closing, "listening");
  const environment = {
    ...environmentOf("https://rds.proxied.test"),
    HTTPS_PROXY: `127.0.0.1:${(closing.address() as AddressInfo).port}`,
    RDS_DR_DEADLINE_SECONDS: "1",
  };
  const ids = Array.from({ length: 16 }, (_, index) => ["--db-instance-id", `rm-${index}`]).flat();

  const { code, stderr } = await spawnCli(["lookup", ...ids, "--region-id", "cn-hangzhou"], { environment });
  closing.close();

  expect(code).toBe(5);
  expect(stderr).toContain("through the proxy 127.0.0.1:");
  expect(stderr).not.toContain("Warning");
});

test.each(["lookup", "list", "external"])(
  "the command %s is gone by its deadline though the proxy never answers",
  async (command) => {
    const silent = net.createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const environment = {
      ...environmentOf("https://rds.proxied.test"),
      HTTPS_PROXY: `127.0.0.1:${(silent.address() as AddressInfo).port}`,
      RDS_DR_DEADLINE_SECONDS: "1",
    };
    const asked = { db_instance_id: "rm-1", region_id: "cn-hangzhou" };
    const args = command === "external" ? [] : ["--db-instance-id", "rm-1", "--region-id", "cn-hangzhou"];
    const begin = performance.now();

    const finished = await spawnCli([command, ...args], { environment, input: JSON.stringify(asked) });
    silent.close();

    expect(finished.stderr).toContain("DeadlineExceeded");
    expect(finished.code).toBeGreaterThan(0);
    expect(performance.now() - begin).toBeLessThan(4_000);
  },
);
