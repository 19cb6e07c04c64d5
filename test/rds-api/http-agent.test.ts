import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect as connectSocket, type AddressInfo } from "node:net";
import { inspect } from "node:util";
import { createAgent } from "../../lib/rds-api/http-agent";
import { describeCrossRegionBackups } from "../../lib/rds-api/describe-cross-region-backups";
import { startSimulator, type Simulator } from "../../lib/simulator";
import { connect, lastDays, mysql } from "./simulated";

const variables = ["http_proxy", "https_proxy", "no_proxy", "all_proxy"].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

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

test("a proxy that cannot be reached is an error of the network that does not tell its password", async () => {
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

describe("a variable that holds no URL of a proxy is named, and its value is not told", () => {
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
