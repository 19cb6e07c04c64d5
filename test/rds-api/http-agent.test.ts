import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect as connectSocket, type AddressInfo } from "node:net";
import { describeCrossRegionBackups } from "../../lib/rds-api/describe-cross-region-backups";
import { startSimulator, type Simulator } from "../../lib/simulator";
import { connect, lastDays, mysql } from "./simulated";

const variables = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

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
  expect(String(failure)).not.toContain("proxy-password");
});
