import * as http from "node:http";
import * as https from "node:https";
import { isIP, Socket } from "node:net";
import { proxyFor } from "./proxy-for";

/** What an agent is told of a new connection: an error, or the connection; Node's typings want both. */
type OnConnection = NonNullable<Parameters<http.Agent["createConnection"]>[1]>;

const noConnection = new Socket();

/** So much later than its request a tunnel is given up, milliseconds: the request says that time ran out. */
const graceMs = 100;

/** A proxy that answered, but opened no tunnel. */
export class ProxyRefusal extends Error {
  constructor(
    readonly proxy: string,
    readonly httpStatus: number,
  ) {
    super("the proxy opened no tunnel to the endpoint");
  }
}

/**
 * The agent for any URL: keeps connections alive, and opens no more than so many. If the environment names a proxy for
 * the URL (see `proxyFor`), the connections are tunnels through it; CONNECT opens them for http URLs as well, as
 * Terraform's providers do. `destroy` closes everything, tunnels that are still being opened included.
 *
 * @throws InvalidRequestError if the variable does not contain the URL of a proxy
 */
export function createAgent(url: string, maxSockets: number): http.Agent {
  const options = { keepAlive: true, maxSockets };
  const proxy = proxyFor(url);
  const isSecure = url.startsWith("https:");
  if (proxy === undefined) {
    return isSecure ? new https.Agent(options) : new http.Agent(options);
  }
  return isSecure ? new SecureTunnelAgent(proxy, options) : new TunnelAgent(proxy, options);
}

/** Tunnels through a proxy that are not open yet: an agent knows nothing of them. */
class OpeningTunnels {
  private readonly requests = new Set<http.ClientRequest>();

  constructor(private readonly proxy: URL) {}

  /** Asks the proxy for a tunnel; whatever goes wrong is an error of the request that needs it. */
  open({ host, port, timeout = 0 }: http.ClientRequestArgs, onTunnel: OnConnection): void {
    const { protocol, hostname, username, password } = this.proxy;
    const path = `${host?.includes(":") ? `[${host}]` : (host ?? "")}:${port ?? ""}`;
    const credentials = Buffer.from(decodeURIComponent(`${username}:${password}`)).toString("base64");
    const proxyHost = hostname.replace(/^\[|\]$/g, "");
    const request = (protocol === "https:" ? https : http).request({
      method: "CONNECT",
      host: proxyHost,
      // Node would hold the proxy's certificate to the host that the headers name, which is the endpoint.
      servername: isIP(proxyHost) === 0 ? proxyHost : "",
      port: this.proxy.port || (protocol === "https:" ? 443 : 80),
      path,
      agent: false,
      headers: {
        host: path,
        ...(credentials === "Og==" ? {} : { "proxy-authorization": `Basic ${credentials}` }),
      },
    });
    this.requests.add(request);
    // A proxy that accepts and stays silent would keep the process alive for ever.
    const timer = timeout > 0 ? setTimeout(() => request.destroy(), timeout + graceMs) : undefined;
    request
      .once("close", () => {
        clearTimeout(timer);
        this.requests.delete(request);
      })
      .once("connect", ({ statusCode = 0 }, socket, head) => {
        clearTimeout(timer);
        this.requests.delete(request);
        if (statusCode >= 200 && statusCode < 300) {
          socket.unshift(head);
          onTunnel(null, socket);
        } else {
          socket.destroy();
          onTunnel(new ProxyRefusal(this.proxy.host, statusCode), noConnection);
        }
      })
      .on("error", (error) => {
        onTunnel(error, noConnection);
      })
      .end();
  }

  close(): void {
    this.requests.forEach((request) => request.destroy());
  }
}

class TunnelAgent extends http.Agent {
  private readonly tunnels: OpeningTunnels;

  constructor(proxy: URL, options: http.AgentOptions) {
    super(options);
    this.tunnels = new OpeningTunnels(proxy);
  }

  override createConnection(target: http.ClientRequestArgs, onConnection?: OnConnection): undefined {
    this.tunnels.open(target, (error, tunnel) => {
      onConnection?.(error, tunnel);
    });
  }

  override destroy(): void {
    this.tunnels.close();
    super.destroy();
  }
}

class SecureTunnelAgent extends https.Agent {
  private readonly tunnels: OpeningTunnels;

  constructor(proxy: URL, options: https.AgentOptions) {
    super(options);
    this.tunnels = new OpeningTunnels(proxy);
  }

  override createConnection(target: https.RequestOptions, onConnection?: OnConnection): undefined {
    this.tunnels.open(target, (error, tunnel) => {
      if (error !== null) {
        onConnection?.(error, tunnel);
        return;
      }
      // The secure socket reports the errors of the one below; unheard there, they would end the process.
      tunnel.on("error", () => undefined);
      const through = { ...target, socket: tunnel };
      onConnection?.(null, super.createConnection(through) ?? tunnel);
    });
  }

  override destroy(): void {
    this.tunnels.close();
    super.destroy();
  }
}
