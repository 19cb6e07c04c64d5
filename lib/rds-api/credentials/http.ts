import * as http from "node:http";
import * as https from "node:https";
import "../no-debug";
import { isObject } from "../../backup/json-object";
import { createAgent } from "../proxy";
import {
  credentialsError,
  denied,
  keyIn,
  type KeySource,
  type SessionKey,
  unavailable,
  withinAttempt,
} from "./session-key";
import { stsFields } from "./token-service";

/** A request for credentials that is not one to an API of Alibaba Cloud. */
interface HttpRequest {
  readonly url: URL;
  readonly method?: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Set for what is part of this machine, however the proxies are set. */
  readonly direct?: true;
}

interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** More than any answer with an access key has, bytes. */
const maxAnswerBytes = 100_000;

/** A service at a URL that answers a GET with an access key, such as an agent on this machine. */
export function credentialsUri(uri: string): KeySource {
  const url = parseHttpUrl("the credentials URI", uri);
  // Only its origin is shown: a path may be a capability.
  const asked = `the credentials URI at ${url.origin}`;
  return (run) =>
    withinAttempt(asked, run, async (signal) => keyOf(asked, await ask(asked, { url }, signal)));
}

/** CloudSSO, by the token that `aliyun configure --mode CloudSSO` left in the profile. */
export function cloudSso(
  signInUrl: string,
  accessToken: string,
  accountId: string,
  accessConfig: string,
): KeySource {
  const { origin } = parseHttpUrl("cloud_sso_sign_in_url", signInUrl);
  const asked = `CloudSSO at ${origin}`;
  const request: HttpRequest = {
    url: new URL("/cloud-credentials", origin),
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ AccountId: accountId, AccessConfigurationId: accessConfig }),
  };
  return (run) =>
    withinAttempt(asked, run, async (signal) => {
      const { CloudCredential: credential } = jsonOf(asked, await ask(asked, request, signal));
      return keyOf(asked, { status: 200, text: JSON.stringify(credential ?? {}) });
    });
}

const metadataService = new URL("http://100.100.100.200");
const rolesPath = "/latest/meta-data/ram/security-credentials/";

/** How long the metadata service may take for one answer, milliseconds: it is a part of the machine, or absent. */
const metadataTimeoutMs = 1_000;

export interface EcsRoleOptions {
  /** The role. @default - the one that the instance has */
  readonly roleName: string | undefined;
  /** Whether only requests with a token of the metadata service are sent. */
  readonly needsToken: boolean;
}

/** The RAM role of the ECS instance that this process runs on. */
export function ecsRole({ roleName, needsToken }: EcsRoleOptions): KeySource {
  const named = roleName === undefined ? "" : ` "${roleName}"`;
  const asked = `the metadata service of ECS (role${named} of the instance)`;
  return (run) =>
    withinAttempt(asked, run, async (signal) => {
      const token = await metadataToken(asked, signal).catch((error: unknown) => {
        if (needsToken) {
          throw error;
        }
        // The first version of the service knows no tokens, and a token does not get into every container.
        return undefined;
      });
      const read = async (path: string): Promise<HttpAnswer> => {
        const headers: Record<string, string> =
          token === undefined ? {} : { "x-aliyun-ecs-metadata-token": token };
        return askMetadata(asked, { url: new URL(path, metadataService), headers }, signal);
      };
      const role = roleName ?? textOf(asked, await read(rolesPath)).trim();
      if (role === "") {
        throw denied(asked, "the instance has no role");
      }
      return keyOf(asked, await read(rolesPath + encodeURIComponent(role)));
    });
}

async function metadataToken(asked: string, signal: AbortSignal): Promise<string> {
  const headers = { "x-aliyun-ecs-metadata-token-ttl-seconds": "21600" };
  const url = new URL("/latest/api/token", metadataService);
  return textOf(asked, await askMetadata(asked, { url, method: "PUT", headers }, signal));
}

function askMetadata(asked: string, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(metadataTimeoutMs)]);
  return ask(asked, { ...request, direct: true }, limited);
}

/** Sends one request, whose socket is gone when this ends or the signal aborts. */
async function ask(asked: string, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, method = "GET", headers = {}, body, direct } = request;
  const agent = direct === true ? new http.Agent() : createAgent(url.origin, 1);
  try {
    return await new Promise<HttpAnswer>((resolve, reject) => {
      const send = url.protocol === "https:" ? https.request : http.request;
      const { hostname, port, pathname, search } = url;
      const sent = send({
        hostname: hostname.replace(/^\[|\]$/g, ""),
        ...(port === "" ? {} : { port }),
        path: pathname + search,
        ...{ method, headers, agent, signal },
      });
      sent.on("error", reject);
      sent.on("response", (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > maxAnswerBytes) {
            response.destroy(new Error("its answer is too long"));
          }
        });
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
        });
      });
      sent.end(body);
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw unavailable(
      asked,
      signal.aborted ? "it did not answer in time" : [code, message].filter(Boolean).join(": "),
    );
  } finally {
    agent.destroy();
  }
}

/** The text of an answer that is one; a status says whether another try can succeed. */
function textOf(asked: string, { status, text }: HttpAnswer): string {
  if (status === 200) {
    return text;
  }
  const reason = `it answered with HTTP ${status}`;
  const refuses = status >= 400 && status < 500 && status !== 408 && status !== 429;
  throw refuses
    ? denied(asked, reason, { httpStatus: status })
    : unavailable(asked, reason, { httpStatus: status });
}

/** The JSON of an answer; what is not JSON comes from somebody else, such as a login page. */
function jsonOf(asked: string, answer: HttpAnswer): Record<string, unknown> {
  const text = textOf(asked, answer);
  try {
    const json: unknown = JSON.parse(text);
    if (isObject(json) && !Array.isArray(json)) {
      return json;
    }
  } catch {
    // The error quotes the answer, which may hold a key.
  }
  throw unavailable(asked, "its answer is not a JSON object");
}

function keyOf(asked: string, answer: HttpAnswer): SessionKey {
  const json = jsonOf(asked, answer);
  const { Code: code } = json;
  if (typeof code === "string" && code !== "Success") {
    throw denied(asked, `it answered with the code ${code}`);
  }
  const key = keyIn(json, stsFields);
  if (key === undefined) {
    throw denied(asked, "its answer holds no whole access key");
  }
  return key;
}

function parseHttpUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw credentialsError("NoCredentials", `${name} must be an http or https URL, but is not`);
  }
  return url;
}
