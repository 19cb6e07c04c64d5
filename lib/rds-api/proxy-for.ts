import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import { isLoopback } from "./endpoint";
import { InvalidRequestError } from "./invalid-request-error";

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
