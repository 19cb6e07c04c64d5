import * as http from "node:http";
import * as https from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";

const loopbackForm = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * The agent for an endpoint: keeps connections alive, and opens no more than so many. Where `HTTPS_PROXY` (for
 * an http endpoint `HTTP_PROXY`) names a proxy, and `NO_PROXY` does not except the host, the connections are
 * tunnels through it. This machine itself is never asked through a proxy. Terraform's providers do the same.
 */
export function createAgent(endpoint: string, maxSockets: number): http.Agent {
  const options = { keepAlive: true, maxSockets };
  const proxy = getProxyForUrl(endpoint);
  if (proxy !== "" && !loopbackForm.test(new URL(endpoint).hostname)) {
    return new HttpsProxyAgent(proxy, options);
  }
  const { Agent } = endpoint.startsWith("https:") ? https : http;
  return new Agent(options);
}
