import "./no-debug";
import type { Agent } from "node:http";
import RpcClient from "@alicloud/pop-core/lib/rpc";
import { isObject } from "../backup/row";
import { createAgent, proxyFor, tellingStatus } from "./http-agent";
import { InvalidRequestError } from "./invalid-request-error";
import { RdsApiError, type RdsApiFailure } from "./rds-api-error";
import type { AccessKey, CredentialsProvider, RpcAnswer, RpcParameters, RpcTransport } from "./rpc-transport";
import { scrub } from "./scrub";

const rdsVersion = "2014-08-15";

/** What pop-core's HTTP library glues to the end of the message of a network error. */
const requestLine = /(?:GET|POST) https?:\/\/\S* failed\.?/g;

/** The form of an error code of the API, such as `InvalidSecurityToken.Expired`. */
const apiCodeForm = /^[A-Za-z]+(?:\.[A-Za-z]+)*$/;

/** What OpenSSL says of an error; only the reason, such as "wrong version number", is for people. */
const openSslError = /\b[0-9A-F]+:error:[0-9A-F]*:[^:]*:[^:]*:([^:]+):.*/gs;

export interface PopCoreTransportOptions {
  /** URL of the endpoint. */
  readonly endpoint: string;
  readonly credentials: CredentialsProvider;
  /** Version of the API. @default - that of RDS */
  readonly apiVersion?: string;
  /** Most sockets that are open at once. */
  readonly maxSockets: number;
}

/**
 * The transport over @alicloud/pop-core, the only file that knows it. Always POST: with GET, pop-core puts
 * the access key and the signature into the URL, and the URL into its errors.
 */
export class PopCoreTransport implements RpcTransport {
  readonly route: string;
  private readonly agent: Agent;
  private readonly client: RpcClient;
  /** Of every access key that was used: an answer may come after the key was renewed. */
  private readonly secrets = new Set<string>();

  constructor(options: PopCoreTransportOptions) {
    const { endpoint } = options;
    this.agent = createAgent(endpoint, options.maxSockets);
    const proxy = proxyFor(endpoint);
    this.route = `endpoint ${endpoint}${proxy === undefined ? "" : `, through the proxy ${proxy.host}`}`;
    const credentialsProvider = {
      getCredentials: async (): Promise<AccessKey> => {
        const accessKey = await options.credentials.getCredentials();
        const { accessKeyId, accessKeySecret, securityToken = "" } = accessKey;
        [accessKeyId, accessKeySecret, securityToken].forEach((secret) => this.secrets.add(secret));
        return accessKey;
      },
    };
    const config = { endpoint, apiVersion: options.apiVersion ?? rdsVersion, credentialsProvider };
    // The typings do not know `credentialsProvider`.
    const Client = RpcClient as unknown as new (config: object) => RpcClient;
    this.client = new Client(config);
  }

  async send(action: string, parameters: RpcParameters, timeoutMs: number): Promise<RpcAnswer> {
    const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
    let httpStatus: number | undefined;
    // pop-core forgets the status of an answer that is not JSON.
    const agent = tellingStatus(this.agent, (status) => (httpStatus = status));
    let answer: unknown;
    try {
      const options = { method: "POST", agent, timeout: timeoutMs };
      answer = withPlainNumbers(await this.client.request<unknown>(action, given, options));
    } catch (error) {
      // Credentials have errors of their own.
      const isOwn = error instanceof RdsApiError || error instanceof InvalidRequestError;
      throw isOwn ? error : this.toRdsApiError(action, error, httpStatus);
    }
    // pop-core takes any JSON without a Code for success, whatever the status.
    if (!isObject(answer) || Array.isArray(answer) || (httpStatus !== undefined && httpStatus >= 300)) {
      throw this.noApiAnswer(
        action,
        "InvalidResponse",
        "the answer is not the JSON object that the API describes",
        httpStatus,
      );
    }
    return answer;
  }

  close(): void {
    this.agent.destroy();
  }

  /** pop-core throws errors of the API, errors of the network, and plain objects for bodies that are not JSON. */
  private toRdsApiError(action: string, thrown: unknown, httpStatus: number | undefined): RdsApiError {
    const failure = isObject(thrown) ? thrown : {};
    const data = failure["data"];
    if (isObject(data)) {
      return this.error({
        action,
        code: String(data["Code"]),
        reason: typeof data["Message"] === "string" ? data["Message"] : "the API gave no message",
        httpStatus,
        requestId: typeof data["RequestId"] === "string" ? data["RequestId"] : undefined,
      });
    }
    const name = typeof failure["name"] === "string" ? failure["name"] : "";
    const code = typeof failure["code"] === "string" ? failure["code"] : undefined;
    if (name.startsWith("RequestTimeout")) {
      return this.noApiAnswer(action, "RequestTimeout", "the endpoint did not answer in time");
    }
    // A TypeError comes of the body `null`, whose fields pop-core reads.
    if (code === undefined && ["SyntaxError", "TypeError"].includes(name)) {
      return this.noApiAnswer(action, "InvalidResponse", "the answer is not JSON", httpStatus);
    }
    const message = typeof failure["message"] === "string" ? failure["message"] : "";
    const reason = message.replace(requestLine, "").replace(openSslError, "$1").trim();
    // Without the status: what began as an answer and broke off says nothing by it.
    return this.noApiAnswer(action, code ?? "NetworkError", reason || "the connection failed");
  }

  /** Whoever reads that no answer of the API came has to know where it was looked for. */
  private noApiAnswer(action: string, code: string, reason: string, httpStatus?: number): RdsApiError {
    const status = httpStatus === undefined ? "" : `HTTP ${httpStatus} from the `;
    return this.error({ action, code, reason: `${reason} (${status}${this.route})`, httpStatus });
  }

  private error(failure: RdsApiFailure): RdsApiError {
    const { code, reason, requestId } = failure;
    const secrets = [...this.secrets];
    return new RdsApiError({
      ...failure,
      // A credential that is a part of a code, as "Security" may be, must not make it unreadable.
      code: scrub(code, apiCodeForm.test(code) ? [] : secrets),
      reason: scrub(reason, secrets),
      requestId: requestId === undefined ? undefined : scrub(requestId, secrets),
    });
  }
}

/**
 * pop-core reads numbers of more than 15 digits as BigNumber objects, the only ones with a method: those are put
 * right where they stand, as an answer can be long.
 */
function withPlainNumbers(json: unknown): unknown {
  if (!isObject(json)) {
    return json;
  }
  const { toFixed } = json;
  if (typeof toFixed === "function") {
    return toFixed.call(json) as string;
  }
  for (const [name, value] of Object.entries(json)) {
    if (isObject(value)) {
      json[name] = withPlainNumbers(value);
    }
  }
  return json;
}
