import * as http from "node:http";
import * as https from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { isLoopback } from "./endpoint";
import { InvalidRequestError } from "./invalid-request-error";

/** What every agent of Node has, and its typings leave out. */
interface AskedAgent extends http.Agent {
  addRequest(request: http.ClientRequest, options: object): void;
}

/**
 * The agent for an endpoint: keeps connections alive, and opens no more than so many. Where `HTTPS_PROXY` (for
 * an http endpoint `HTTP_PROXY`) names a proxy, and `NO_PROXY` does not except the host, the connections are
 * tunnels through it, made by CONNECT for http endpoints as well. This machine itself is never asked through a
 * proxy. Terraform's providers do the same.
 *
 * @throws InvalidRequestError where the variable holds no URL of a proxy
 */
export function createAgent(endpoint: string, maxSockets: number): http.Agent {
  const options = { keepAlive: true, maxSockets };
  const proxy = proxyFor(endpoint);
  if (proxy !== undefined) {
    return new HttpsProxyAgent(proxy, options);
  }
  const { Agent } = endpoint.startsWith("https:") ? https : http;
  return new Agent(options);
}

/**
 * The proxy through which an endpoint is asked, if any.
 *
 * @throws InvalidRequestError names the variable, never its value: that may hold a password
 */
export function proxyFor(endpoint: string): URL | undefined {
  const text = getProxyForUrl(endpoint);
  if (text === "" || isLoopback(endpoint)) {
    return undefined;
  }
  const proxy = parseProxy(text);
  if (proxy === undefined) {
    throw new InvalidRequestError(
      variableFor(endpoint),
      "(hidden)",
      "the URL of a proxy, such as http://proxy.example.com:3128",
    );
  }
  return proxy;
}

function parseProxy(text: string): URL | undefined {
  try {
    const url = new URL(text);
    // Decoded for each connection, where a lone percent sign would be an error that nobody understands.
    decodeURIComponent(url.username + url.password);
    return ["http:", "https:"].includes(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** The variable that names the proxy, in the case in which it is set. */
function variableFor(endpoint: string): string {
  const name = endpoint.startsWith("https:") ? "HTTPS_PROXY" : "HTTP_PROXY";
  const names = [name, "ALL_PROXY"].flatMap((upper) => [upper.toLowerCase(), upper]);
  return names.find((candidate) => process.env[candidate]) ?? name;
}

/** The agent for one request, whose HTTP status is told as soon as the answer begins. */
export function tellingStatus(agent: http.Agent, tell: (httpStatus: number) => void): http.Agent {
  const addRequest: AskedAgent["addRequest"] = (request, options) => {
    request.once("response", ({ statusCode = 0 }) => {
      tell(statusCode);
    });
    // The agent itself is asked, as it is the one that counts its sockets.
    (agent as AskedAgent).addRequest(request, options);
  };
  return Object.assign(Object.create(agent) as http.Agent, { addRequest });
}
