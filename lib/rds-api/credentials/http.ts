import * as http from "node:http";
import * as https from "node:https";
import { answerTo, type HttpAnswer } from "../answer-body";
import { createAgent } from "../proxy";
import {
  credentialsError,
  denied,
  keyIn,
  type KeySource,
  type SessionKey,
  stsNames,
  unavailable,
  withinAttempt,
} from "./key-source";
import { isObject } from "../../backup/json-object";

/** A request for credentials that is not one to an API of Alibaba Cloud. */
interface HttpRequest {
  readonly url: URL;
  readonly method?: "GET" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Set for a part of this machine, which is never asked through a proxy. */
  readonly direct?: true;
}

/** More than any answer with an access key has, MB. */
const maxAnswerMb = 0.1;

/** A service at a URL that answers a GET with an access key, such as an agent on this machine. */
export function credentialsUri(uri: string): KeySource {
  const url = parseHttpUrl("the credentials URI", uri);
  // Only its origin is shown: a path may be a capability.
  const asked = `the credentials URI at ${url.origin}`;
  return (run) =>
    withinAttempt(asked, run, async (signal) => keyOf(asked, jsonOf(asked, await ask(asked, { url }, signal))));
}

/** CloudSSO, by the token that `aliyun configure --mode CloudSSO` left in the profile. */
export function cloudSso(signInUrl: string, accessToken: string, accountId: string, accessConfig: string): KeySource {
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
      return keyOf(asked, isObject(credential) ? credential : {});
    });
}

const metadataService = "http://100.100.100.200";
const rolesPath = "/latest/meta-data/ram/security-credentials/";

/** How long the metadata service may take for one answer, milliseconds: it is a part of the machine, or absent. */
const metadataTimeoutMs = 1_000;

/**
 * The RAM role of the ECS instance that this process runs on.
 *
 * @param roleName the role; if omitted, the one that the instance has
 * @param needsToken whether only requests with a token of the metadata service are sent
 */
export function ecsRole(roleName: string | undefined, needsToken: boolean): KeySource {
  const named = roleName === undefined ? "" : ` "${roleName}"`;
  const asked = `the metadata service of ECS (role${named} of the instance)`;
  return (run) =>
    withinAttempt(asked, run, async (signal) => {
      const askMetadata = async (path: string, options: Partial<HttpRequest>): Promise<HttpAnswer> => {
        const limited = AbortSignal.any([signal, AbortSignal.timeout(metadataTimeoutMs)]);
        const url = new URL(path, metadataService);
        return ask(asked, { url, ...options, direct: true }, limited);
      };
      let headers = {};
      try {
        const ttl = { "x-aliyun-ecs-metadata-token-ttl-seconds": "21600" };
        const answer = await askMetadata("/latest/api/token", { method: "PUT", headers: ttl });
        headers = { "x-aliyun-ecs-metadata-token": textOf(asked, answer) };
      } catch (error) {
        // The first version of the service knows no tokens, and a token does not get into every container.
        if (needsToken) {
          throw error;
        }
      }
      const role = roleName ?? textOf(asked, await askMetadata(rolesPath, { headers })).trim();
      if (role === "") {
        throw denied(asked, "the instance has no role");
      }
      const answer = await askMetadata(rolesPath + encodeURIComponent(role), { headers });
      return keyOf(asked, jsonOf(asked, answer));
    });
}

/** Sends one request, whose socket is gone when this ends or the signal aborts. */
async function ask(asked: string, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, method = "GET", headers = {}, body, direct } = request;
  const agent = direct === true ? new http.Agent() : createAgent(url.origin, 1);
  try {
    const send = url.protocol === "https:" ? https.request : http.request;
    const { hostname, port, pathname, search } = url;
    const sent = send({
      hostname: hostname.replace(/^\[|\]$/g, ""),
      ...(port === "" ? {} : { port }),
      path: pathname + search,
      ...{ method, headers, agent, signal },
    });
    return await answerTo(sent.end(body), maxAnswerMb);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw unavailable(asked, signal.aborted ? "it did not answer in time" : [code, message].filter(Boolean).join(": "));
  } finally {
    agent.destroy();
  }
}

/** The text of an answer that is one; a status says whether another try can succeed. */
function textOf(asked: string, { httpStatus, body }: HttpAnswer): string {
  if (httpStatus === 200) {
    return body;
  }
  const isRefusal = httpStatus >= 400 && httpStatus < 500 && httpStatus !== 408 && httpStatus !== 429;
  throw (isRefusal ? denied : unavailable)(asked, `it answered with HTTP ${httpStatus}`, { httpStatus });
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
    // The error quotes the answer, which may contain a key.
  }
  throw unavailable(asked, "its answer is not a JSON object");
}

function keyOf(asked: string, json: Record<string, unknown>): SessionKey {
  const { Code: code } = json;
  if (typeof code === "string" && code !== "Success") {
    throw denied(asked, `it answered with the code ${code}`);
  }
  const key = keyIn(json, stsNames);
  if (key === undefined) {
    throw denied(asked, "its answer contains no whole access key");
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
