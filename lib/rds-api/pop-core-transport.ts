import type { Agent } from "node:http";
import RpcClient from "@alicloud/pop-core/lib/rpc";
import { isObject } from "../backup/row";
import { createAgent } from "./http-agent";
import { RdsApiError } from "./rds-api-error";
import type { AccessKey, CredentialsProvider, RpcAnswer, RpcParameters, RpcTransport } from "./rpc-transport";
import { scrub } from "./scrub";

const apiVersion = "2014-08-15";

/** What pop-core's HTTP library glues to the end of the message of a network error. */
const requestLine = /(?:GET|POST) https?:\/\/\S* failed\.?/g;

/** What pop-core's `request` gives when it is told to be verbose. */
type Reply = readonly [json: unknown, entry: { readonly response?: { readonly statusCode?: number } }];

export interface PopCoreTransportOptions {
  /** URL of the endpoint. */
  readonly endpoint: string;
  readonly credentials: CredentialsProvider;
  /** Most sockets that are open at once. */
  readonly maxSockets: number;
}

/**
 * The transport over @alicloud/pop-core, the only file that knows it. Always POST: with GET, pop-core puts
 * the access key and the signature into the URL, and the URL into its errors.
 */
export class PopCoreTransport implements RpcTransport {
  private readonly agent: Agent;
  private readonly client: RpcClient;
  /** Of every access key that was used: an answer may come after the key was renewed. */
  private readonly secrets = new Set<string>();

  constructor(options: PopCoreTransportOptions) {
    this.agent = createAgent(options.endpoint, options.maxSockets);
    const credentialsProvider = {
      getCredentials: async (): Promise<AccessKey> => {
        const accessKey = await options.credentials.getCredentials();
        const { accessKeyId, accessKeySecret, securityToken = "" } = accessKey;
        [accessKeyId, accessKeySecret, securityToken].forEach((secret) => this.secrets.add(secret));
        return accessKey;
      },
    };
    const config = { endpoint: options.endpoint, apiVersion, credentialsProvider };
    // The typings know neither `credentialsProvider` nor the second argument.
    const Client = RpcClient as unknown as new (config: object, verbose: boolean) => RpcClient;
    this.client = new Client(config, true);
  }

  async send(action: string, parameters: RpcParameters, timeoutMs: number): Promise<RpcAnswer> {
    const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
    let reply: Reply;
    try {
      reply = await this.client.request<Reply>(action, given, {
        method: "POST",
        agent: this.agent,
        timeout: timeoutMs,
      });
    } catch (error) {
      throw error instanceof RdsApiError ? error : this.toRdsApiError(action, error);
    }
    const [json, { response }] = reply;
    const answer = withPlainNumbers(json);
    const httpStatus = response?.statusCode;
    // pop-core takes any JSON without a Code for success, whatever the status.
    if (!isObject(answer) || Array.isArray(answer) || (httpStatus !== undefined && httpStatus >= 300)) {
      throw this.error(action, {
        code: "InvalidResponse",
        reason: "the answer is not the JSON object that the API describes",
        httpStatus,
      });
    }
    return answer;
  }

  close(): void {
    this.agent.destroy();
  }

  /** pop-core throws errors of the API, errors of the network, and plain objects for bodies that are not JSON. */
  private toRdsApiError(action: string, thrown: unknown): RdsApiError {
    const failure = isObject(thrown) ? thrown : {};
    const entry = isObject(failure["entry"]) ? failure["entry"] : {};
    const response = isObject(entry["response"]) ? entry["response"] : {};
    const httpStatus = typeof response["statusCode"] === "number" ? response["statusCode"] : undefined;
    const data = failure["data"];
    if (isObject(data)) {
      return this.error(action, {
        code: String(data["Code"]),
        reason: typeof data["Message"] === "string" ? data["Message"] : "the API gave no message",
        httpStatus,
        requestId: typeof data["RequestId"] === "string" ? data["RequestId"] : undefined,
      });
    }
    const name = typeof failure["name"] === "string" ? failure["name"] : "";
    const timedOut = name.startsWith("RequestTimeout");
    const code = typeof failure["code"] === "string" ? failure["code"] : undefined;
    // A TypeError comes of the body `null`, whose fields pop-core reads.
    if (code === undefined && ["SyntaxError", "TypeError"].includes(name)) {
      return this.error(action, { code: "InvalidResponse", reason: "the answer is not JSON", httpStatus });
    }
    const message = typeof failure["message"] === "string" ? failure["message"] : "";
    return this.error(action, {
      code: timedOut ? "RequestTimeout" : (code ?? "NetworkError"),
      reason: timedOut
        ? "the endpoint did not answer in time"
        : message.replace(requestLine, "").trim() || "the connection failed",
      httpStatus,
    });
  }

  private error(
    action: string,
    failure: {
      readonly code: string;
      readonly reason: string;
      readonly httpStatus: number | undefined;
      readonly requestId?: string | undefined;
    },
  ): RdsApiError {
    const { httpStatus, requestId } = failure;
    const secrets = [...this.secrets];
    return new RdsApiError({
      action,
      code: scrub(failure.code, secrets),
      reason: scrub(failure.reason, secrets),
      httpStatus,
      requestId: requestId === undefined ? undefined : scrub(requestId, secrets),
    });
  }
}

/** pop-core reads numbers of more than 15 digits as BigNumber objects, the only ones with a method. */
function withPlainNumbers(json: unknown): unknown {
  if (Array.isArray(json)) {
    return json.map(withPlainNumbers);
  }
  if (!isObject(json)) {
    return json;
  }
  const { toFixed } = json;
  return typeof toFixed === "function"
    ? (toFixed.call(json) as string)
    : Object.fromEntries(Object.entries(json).map(([name, value]) => [name, withPlainNumbers(value)]));
}
