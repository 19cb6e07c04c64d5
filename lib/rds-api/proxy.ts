import * as http from "node:http";
import * as https from "node:https";
import { BlockList, isIP, Socket } from "node:net";
import { domainToASCII } from "node:url";
import { InvalidRequestError } from "../validation/checks";
import { isLoopback } from "./endpoint";

/**
 * The proxy for a URL, if any, by the rules of Go, which Terraform and its providers follow:
 * `HTTPS_PROXY` (for an http URL `HTTP_PROXY`) names it, unless `NO_PROXY` excepts the host. A proxy without a scheme
 * is an http proxy. This machine itself is never asked through a proxy. Beyond Go, `ALL_PROXY` counts if neither is set.
 *
 * @throws InvalidRequestError names the variable, never its value: that may contain a password
 */
export function proxyFor(url: string): URL | undefined {
  const names = [url.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY", "ALL_PROXY"];
  const name = spellings(names).find(isSet);
  const exceptions = spellings(["NO_PROXY"]).find(isSet) ?? "";
  if (name === undefined || isLoopback(url) || isExcepted(url, process.env[exceptions] ?? "")) {
    return undefined;
  }
  const proxy = parseProxy(process.env[name]?.trim() ?? "");
  if (proxy === undefined) {
    throw new InvalidRequestError(name, "(hidden)", "the URL of a proxy, such as http://proxy.example.com:3128");
  }
  return proxy;
}

/** An endpoint and the proxy to it, for messages; never a user or a password. Throws as `proxyFor`. */
export function routeTo(endpoint: string): string {
  const proxy = proxyFor(endpoint);
  return `endpoint ${endpoint}${proxy === undefined ? "" : `, through the proxy ${proxy.host}`}`;
}

/** The variables that name proxies or exceptions, with what may be shown of their values: never a user or a password. */
export function proxyVariables(): readonly (readonly [name: string, shown: string])[] {
  const proxies = spellings(["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"]).filter(isSet);
  const exceptions = spellings(["NO_PROXY"]).filter(isSet);
  return [
    ...proxies.map((name) => [name, shownProxy(parseProxy(process.env[name]?.trim() ?? ""))] as const),
    ...exceptions.map((name) => [name, process.env[name] ?? ""] as const),
  ];
}

function shownProxy(proxy: URL | undefined): string {
  if (proxy === undefined) {
    return "(hidden, as it is not the URL of a proxy)";
  }
  const user = `${proxy.username}${proxy.password}` === "" ? "" : "(hidden)@";
  return `${proxy.protocol}//${user}${proxy.host}`;
}

/** The spellings of variables: both cases are in use. */
function spellings(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [name, name.toLowerCase()]);
}

function isSet(name: string): boolean {
  return (process.env[name] ?? "").trim() !== "";
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
  const host = hostname.replace(/^\[|\]$/g, "");
  const hostPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => {
      const exception = hostAndPort(entry);
      const isOfPort = exception.port === "" || exception.port === hostPort;
      return entry === "*" || isInSubnet(host, entry) || (isOfPort && matches(host, exception.host));
    });
}

/** Whether an entry is a block of addresses, such as `10.0.0.0/8`, that contains the host. */
function isInSubnet(host: string, entry: string): boolean {
  const [, network = "", prefix = ""] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const [family, hostFamily] = [familyOf(network), familyOf(host)];
  if (family === undefined || hostFamily === undefined || Number(prefix) > longestPrefix[family]) {
    return false;
  }
  const block = new BlockList();
  block.addSubnet(network, Number(prefix), family);
  return block.check(host, hostFamily);
}

const longestPrefix = { ipv4: 32, ipv6: 128 } as const;

function familyOf(host: string): keyof typeof longestPrefix | undefined {
  const version = isIP(host);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

/** Whether an entry without its port is the address or the name of a host, or a domain that contains it. */
function matches(host: string, entry: string): boolean {
  const family = familyOf(entry);
  if (family !== undefined) {
    return isInSubnet(host, `${entry}/${longestPrefix[family]}`);
  }
  const name = entry.replace(/^\*(?=\.)/, "");
  const domain = name.replace(/^\./, "");
  const ascii = domainToASCII(domain) || domain;
  return domain !== "" && (host.endsWith(`.${ascii}`) || (name === domain && host === ascii));
}

/** An entry such as `host`, `host:port`, `[address]:port` or a bare IPv6 address. */
function hostAndPort(entry: string): { readonly host: string; readonly port: string } {
  const [, address, name, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(entry) ?? [];
  return port === undefined ? { host: entry, port: "" } : { host: address ?? name ?? "", port };
}

/** Takes a new connection or an error; Node's typings want both. */
type OnConnection = NonNullable<Parameters<http.Agent["createConnection"]>[1]>;

const noConnection = new Socket();

/** How much longer than its request a tunnel may take, milliseconds: the request reports that time ran out. */
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
  const proxyHost = hostname.replace(/^\[|\]$/g, "");
  const credentials = Buffer.from(decodeURIComponent(`${username}:${password}`)).toString("base64");
  const request = (protocol === "https:" ? https : http).request({
    method: "CONNECT",
    host: proxyHost,
    // Node would hold the proxy's certificate to the host that the headers name, which is the endpoint.
    servername: isIP(proxyHost) === 0 ? proxyHost : "",
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
