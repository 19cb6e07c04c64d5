import * as http from "node:http";
import * as https from "node:https";
import { BlockList, isIP, Socket } from "node:net";
import { domainToASCII } from "node:url";
import { InvalidRequestError } from "../validation/invalid-request-error";
import { isLoopback } from "./endpoint";

/** The variable that is set, in the spelling in which it is set. */
interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * The proxy through which a URL is asked, if any, by the rules of Go, which Terraform and its providers follow:
 * `HTTPS_PROXY` (for an http URL `HTTP_PROXY`) names it, unless `NO_PROXY` excepts the host. A proxy without a scheme
 * is an http proxy. This machine itself is never asked through a proxy. Beyond Go, `ALL_PROXY` stands in for both.
 *
 * @throws InvalidRequestError names the variable, never its value: that may contain a password
 */
export function proxyFor(url: string): URL | undefined {
  const { protocol } = new URL(url);
  const variable =
    variableOf(protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY") ?? variableOf("ALL_PROXY");
  if (variable === undefined || isLoopback(url) || isExcepted(url, variableOf("NO_PROXY")?.value ?? "")) {
    return undefined;
  }
  const proxy = parseProxy(variable.value);
  if (proxy === undefined) {
    throw new InvalidRequestError(
      variable.name,
      "(hidden)",
      "the URL of a proxy, such as http://proxy.example.com:3128",
    );
  }
  return proxy;
}

function variableOf(upperCaseName: string): Variable | undefined {
  const names = [upperCaseName, upperCaseName.toLowerCase()];
  const [variable] = names.flatMap((name) => {
    const value = process.env[name]?.trim() ?? "";
    return value === "" ? [] : [{ name, value }];
  });
  return variable;
}

function parseProxy(text: string): URL | undefined {
  try {
    const url = new URL(text.includes("://") ? text : `http://${text}`);
    // Decoded for each connection: there, nobody would understand the error that a lone percent sign causes.
    decodeURIComponent(url.username + url.password);
    return ["http:", "https:"].includes(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a list such as `NO_PROXY` excepts the host of a URL; see golang.org/x/net/http/httpproxy. */
export function isExcepted(url: string, list: string): boolean {
  const { hostname, port, protocol } = new URL(url);
  const target = {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? String(protocol === "https:" ? 443 : 80) : port,
  };
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry === "*" || subnetHolds(entry, target.host) || matches(entry, target));
}

/** Whether an entry is a block of addresses, such as `10.0.0.0/8`, with the host in it. */
function subnetHolds(entry: string, host: string): boolean {
  const [, network = "", prefix = ""] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const [family, hostFamily] = [familyOf(network), familyOf(host)];
  if (family === undefined || hostFamily === undefined || Number(prefix) > (family === "ipv4" ? 32 : 128)) {
    return false;
  }
  const block = new BlockList();
  block.addSubnet(network, Number(prefix), family);
  return block.check(host, hostFamily);
}

function matches(entry: string, target: { readonly host: string; readonly port: string }): boolean {
  const { host, port } = hostAndPort(entry);
  if (host === "" || (port !== "" && port !== target.port)) {
    return false;
  }
  if (familyOf(host) !== undefined) {
    return subnetHolds(`${host}/${familyOf(host) === "ipv4" ? 32 : 128}`, target.host);
  }
  const name = host.replace(/^\*(?=\.)/, "");
  const isSubdomainsOnly = name.startsWith(".");
  const domain = isSubdomainsOnly ? name.slice(1) : name;
  const ascii = domainToASCII(domain) || domain;
  return target.host.endsWith(`.${ascii}`) || (!isSubdomainsOnly && target.host === ascii);
}

/** An entry such as `host`, `host:port`, `[address]:port` or a bare IPv6 address. */
function hostAndPort(entry: string): { readonly host: string; readonly port: string } {
  const [, address, name, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(entry) ?? [];
  return port === undefined ? { host: entry, port: "" } : { host: address ?? name ?? "", port };
}

function familyOf(host: string): "ipv4" | "ipv6" | undefined {
  const families = [undefined, "ipv4", "ipv6"] as const;
  return families[[0, 4, 6].indexOf(isIP(host))];
}

/** Takes a new connection or an error; Node's typings want both. */
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
 * Terraform's providers do. `destroy` closes everything, also tunnels that are not open yet.
 *
 * @throws InvalidRequestError if the variable does not contain the URL of a proxy
 */
export function createAgent(url: string, maxSockets: number): http.Agent {
  const options = { keepAlive: true, maxSockets };
  const agent = url.startsWith("https:") ? new https.Agent(options) : new http.Agent(options);
  const proxy = proxyFor(url);
  return proxy === undefined ? agent : tunnelling(agent, proxy);
}

/** Makes an agent connect through tunnels of a proxy. */
function tunnelling(agent: http.Agent, proxy: URL): http.Agent {
  const [connect, destroy] = [agent.createConnection.bind(agent), agent.destroy.bind(agent)];
  // An agent knows nothing of the tunnels that are not open yet.
  const opening = new Set<http.ClientRequest>();
  agent.createConnection = (target: http.ClientRequestArgs, onConnection?: OnConnection): undefined => {
    openTunnel(proxy, target, opening, (error, tunnel) => {
      if (error !== null || !(agent instanceof https.Agent)) {
        onConnection?.(error, tunnel);
        return;
      }
      // The secure socket reports the errors of the one below; unheard there, they would end the process.
      tunnel.on("error", () => undefined);
      onConnection?.(null, connect({ ...target, socket: tunnel } as http.ClientRequestArgs) ?? tunnel);
    });
  };
  agent.destroy = () => {
    opening.forEach((request) => request.destroy());
    destroy();
  };
  return agent;
}

/** Asks a proxy for a tunnel; whatever goes wrong is an error of the request that needs it. */
function openTunnel(
  proxy: URL,
  { host, port, timeout = 0 }: http.ClientRequestArgs,
  opening: Set<http.ClientRequest>,
  onTunnel: OnConnection,
): void {
  const { protocol, hostname, username, password } = proxy;
  const path = `${host?.includes(":") ? `[${host}]` : (host ?? "")}:${port ?? ""}`;
  const credentials = Buffer.from(decodeURIComponent(`${username}:${password}`)).toString("base64");
  const request = (protocol === "https:" ? https : http).request({
    method: "CONNECT",
    host: hostname.replace(/^\[|\]$/g, ""),
    port: proxy.port || (protocol === "https:" ? 443 : 80),
    path,
    agent: false,
    headers: {
      host: path,
      ...(credentials === "Og==" ? {} : { "proxy-authorization": `Basic ${credentials}` }),
    },
  });
  opening.add(request);
  // A proxy that accepts and stays silent would keep the process alive for ever.
  const timer = timeout > 0 ? setTimeout(() => request.destroy(), timeout + graceMs) : undefined;
  const ended = (): void => {
    clearTimeout(timer);
    opening.delete(request);
  };
  request
    .once("close", ended)
    .once("connect", ({ statusCode = 0 }, socket, head) => {
      ended();
      if (statusCode >= 200 && statusCode < 300) {
        socket.unshift(head);
        onTunnel(null, socket);
      } else {
        socket.destroy();
        onTunnel(new ProxyRefusal(proxy.host, statusCode), noConnection);
      }
    })
    .on("error", (error) => {
      onTunnel(error, noConnection);
    })
    .end();
}
