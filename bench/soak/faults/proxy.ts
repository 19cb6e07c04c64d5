import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { Consequence, everyRun, FaultKind, Run, type Fault, type Surroundings } from "../fault";
import { closedPort, connected, credentials, listening, simulated } from "../surroundings";

const { OUTAGE, PASSES } = Consequence;

const kind = FaultKind.PROXY;

/** Only a proxy knows the way there. */
const endpoint = "http://rds.soak.invalid";
const secureEndpoint = "https://rds.soak.invalid";

export const proxyFaults: readonly Fault[] = [
  {
    kind,
    name: "the variable names a proxy without a scheme",
    consequence: PASSES,
    surround: throughTunnels,
    runs: [Run.LOOKUP, Run.LIST, Run.SYNTHESIS],
  },
  {
    kind,
    name: "nothing listens at the proxy",
    consequence: OUTAGE,
    surround: async () => ({ environment: throughProxy(await closedPort()), stop: () => undefined }),
  },
  {
    kind,
    name: "the name of the proxy does not resolve",
    consequence: OUTAGE,
    deadlineSeconds: 4,
    surround: () =>
      Promise.resolve({
        environment: { ...throughProxy(3128), HTTP_PROXY: "http://proxy.soak.invalid:3128" },
        stop: () => undefined,
      }),
  },
  proxyThat("closes every connection", (socket) => socket.end()),
  proxyThat("resets every connection", (socket) => socket.resetAndDestroy()),
  { ...proxyThat("never opens the tunnel", () => undefined), runs: everyRun },
  proxyThat("answers 407", replyWith("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")),
  proxyThat("answers 502", replyWith("HTTP/1.1 502 Bad Gateway\r\n\r\n<html></html>")),
  proxyThat("answers with a page", replyWith("<html><body>This site is blocked.</body></html>")),
  proxyThat(
    "opens a tunnel to a login page",
    replyWith("HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\n\r\n"),
  ),
  proxyThat(
    "opens a tunnel to something that does not speak TLS",
    replyWith("HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"),
    (port) => ({ ...throughProxy(port), RDS_DR_ENDPOINT: secureEndpoint }),
  ),
  proxyThat(
    "closes the tunnel in the handshake of TLS",
    (socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.once("data", () => socket.destroy());
      });
    },
    (port) => ({ ...throughProxy(port), RDS_DR_ENDPOINT: secureEndpoint }),
  ),
  proxyThat("is named as https and does not speak TLS", replyWith("HTTP/1.1 400 Bad Request\r\n\r\n"), (port) => ({
    ...throughProxy(port),
    HTTP_PROXY: `https://127.0.0.1:${port}`,
  })),
];

function throughProxy(port: number): Readonly<Record<string, string>> {
  const HTTP_PROXY = `http://127.0.0.1:${port}`;
  const HTTPS_PROXY = HTTP_PROXY;
  return { ...credentials, RDS_DR_ENDPOINT: endpoint, RDS_DR_ALLOW_HTTP: "true", HTTP_PROXY, HTTPS_PROXY };
}

/** A proxy that does no more than this with each connection. */
function proxyThat(does: string, use: (socket: Socket) => void, environmentOf = throughProxy): Fault {
  return {
    kind,
    name: `the proxy ${does}`,
    consequence: OUTAGE,
    surround: async () => {
      const server = await connected(use);
      return { ...server, environment: environmentOf(server.port) };
    },
  };
}

/** Replies to what comes first, to what comes second, and so on; after the last one it is silent. */
function replyWith(...replies: readonly string[]): (socket: Socket) => void {
  return (socket) => {
    const left = [...replies];
    socket.on("data", () => {
      socket.write(left.shift() ?? "");
      if (left.length === 0) {
        socket.end();
      }
    });
  };
}

/** A proxy that does its work, before a simulator. */
async function throughTunnels(): Promise<Surroundings> {
  const { environment, stop: stopSimulator } = await simulated([]);
  const target = Number(new URL(environment["RDS_DR_ENDPOINT"] ?? "").port);
  const server = createServer().on("connect", (_, socket: Socket) => {
    const upstream = connect(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  const { port, connections, stop } = await listening(server);
  return {
    connections,
    environment: { ...throughProxy(port), HTTP_PROXY: `127.0.0.1:${port}` },
    stop: async () => {
      await stop();
      await stopSimulator();
    },
  };
}
