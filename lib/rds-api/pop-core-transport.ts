import * as http from "node:http";
import * as https from "node:https";
import RpcClient from "@alicloud/pop-core/lib/rpc";
import { isObject } from "../backup/json-object";
import { scrub } from "../validation/printable";
import { answerTo, connectionFault, type HttpAnswer, parseAnswer, TransportFault } from "./answer-body";
import type { AccessKey, CredentialsProvider } from "./credentials/key-source";
import { RdsApiError, type RdsApiFailure } from "./errors/rds-api-error";
import { checkBun } from "./oldest-bun";
import { createAgent, routeTo, ProxyRefusal } from "./proxy";
import type { RpcAnswer, RpcParameters, RpcTransport } from "./rds-client";
import { NameFailures } from "./retry";

const rdsVersion = "2014-08-15";

/** Codes of answers that succeed; pop-core knows the same. */
const successCodes: readonly unknown[] = [undefined, null, "", 0, 200, "200", "OK", "Success", "success"];

/** The form of an error code of the API, such as `InvalidSecurityToken.Expired`. */
const apiCodeForm = /^[A-Za-z]+(?:\.[A-Za-z]+)*$/;

export interface PopCoreTransportOptions {
  /** URL of the endpoint. */
  readonly endpoint: string;
  readonly credentials: CredentialsProvider;
  /** Version of the API. @default - that of RDS */
  readonly apiVersion?: string;
  /** Most sockets that are open at once. */
  readonly maxSockets: number;
}

/** A request that pop-core has signed, as it passes it to its HTTP library. */
interface SignedRequest {
  readonly data: string;
  readonly headers: http.OutgoingHttpHeaders;
}

/**
 * Ends pop-core's request as soon as it is signed: pop-core reads bodies without limits of size, depth and time, and
 * its HTTP library prints keys and links if the variable DEBUG names it.
 */
class Signed extends Error {
  constructor(readonly request: SignedRequest) {
    super("signed");
  }
}

/**
 * The transport that pop-core signs for, the only file that knows it. Always POST: with GET, the access key and the
 * signature would be in the URL, and the URL in errors and logs of proxies.
 */
export class PopCoreTransport implements RpcTransport {
  readonly route: string;
  private readonly endpoint: string;
  private readonly agent: http.Agent;
  private readonly client: RpcClient;
  private readonly underWay = new Set<http.ClientRequest>();
  /** Aborts with the transport: a request that is being signed then is not sent. */
  private closing = new AbortController();
  private readonly nameFailures = new NameFailures();
  /** The parts of every access key that was used: an answer may come after the key was renewed. */
  private readonly secrets = new Set<string>();

  constructor(options: PopCoreTransportOptions) {
    checkBun();
    const { endpoint } = options;
    this.endpoint = endpoint;
    this.agent = createAgent(endpoint, options.maxSockets);
    this.route = routeTo(endpoint);
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
    const { signal } = this.closing;
    const signed = await this.sign(action, given);
    const sentAt = performance.now();
    if (signal.aborted) {
      throw this.toRdsApiError(action, { code: "ECONNRESET" }, sentAt);
    }
    const { final } = this.nameFailures;
    if (final !== undefined) {
      throw this.toRdsApiError(action, final, sentAt);
    }
    let answer: HttpAnswer;
    try {
      answer = await this.post(signed, timeoutMs);
    } catch (error) {
      throw this.toRdsApiError(action, isObject(error) ? error : {}, sentAt);
    }
    this.nameFailures.answered();
    return this.read(action, answer);
  }

  close(): void {
    this.closing.abort();
    this.closing = new AbortController();
    this.destroyAll();
    this.agent.destroy();
  }

  private destroyAll(): void {
    this.underWay.forEach((request) => request.destroy());
  }

  private async sign(action: string, parameters: object): Promise<SignedRequest> {
    try {
      await this.client.request(action, parameters, {
        method: "POST",
        beforeRequest(this: SignedRequest) {
          throw new Signed(this);
        },
      });
    } catch (error) {
      if (error instanceof Signed) {
        return error.request;
      }
      throw error;
    }
    throw new Error("pop-core sent a request by itself");
  }

  /** Sends a request, and destroys its connection unless the complete answer comes in time. */
  private post({ data, headers }: SignedRequest, timeoutMs: number): Promise<HttpAnswer> {
    const begin = performance.now();
    const { request: create } = this.endpoint.startsWith("https:") ? https : http;
    const request = create(this.endpoint, { method: "POST", agent: this.agent, headers, timeout: timeoutMs });
    this.underWay.add(request);
    const outOfTime = new TransportFault("RequestTimeout", "the endpoint did not answer in time");
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<HttpAnswer>((resolve, reject) => {
      timer = setTimeout(() => {
        // A request that waits for its connection does not report that it was destroyed.
        reject(outOfTime);
        request.destroy();
      }, timeoutMs);
      answerTo(request.end(data)).then((whole) => {
        // Nobody waits for it any more, and parsing a long answer would delay the others.
        if (performance.now() - begin > timeoutMs) {
          reject(outOfTime);
        }
        resolve(whole);
      }, reject);
    });
    return answer.finally(() => {
      clearTimeout(timer);
      this.underWay.delete(request);
    });
  }

  /** The answer of the API, if the API wrote it. */
  private read(action: string, { httpStatus, body }: HttpAnswer): RpcAnswer {
    let answer: unknown;
    let reason = "the answer is not the JSON object that the API describes";
    try {
      answer = parseAnswer(body);
    } catch (error) {
      reason = error instanceof TransportFault ? error.message : "the answer is not JSON";
    }
    const fields = isObject(answer) && !Array.isArray(answer) ? answer : undefined;
    const { Code: code, Message: message, RequestId: requestId } = fields ?? {};
    const isRefusal = fields !== undefined && !successCodes.includes(code);
    // A gateway may write JSON as well. What RDS says has the id of the request.
    if (isRefusal && isScalar(code) && isScalar(requestId)) {
      throw this.error({
        action,
        code: String(code),
        reason: typeof message === "string" ? message : "the API gave no message",
        httpStatus,
        requestId: typeof requestId === "string" ? requestId : undefined,
      });
    }
    if (fields === undefined || isRefusal || httpStatus >= 300) {
      throw this.noAnswer({ action, code: "InvalidResponse", reason, httpStatus });
    }
    return fields;
  }

  /** The failure of a request that got no complete answer; never with the status of an answer that broke off. */
  private toRdsApiError(action: string, thrown: object, sentAt: number): RdsApiError {
    this.nameFailures.failed(thrown, sentAt, performance.now());
    const { final } = this.nameFailures;
    if (final !== undefined) {
      this.destroyAll();
    }
    const failure = final ?? thrown;
    if (failure instanceof ProxyRefusal) {
      const { message, httpStatus, proxy } = failure;
      const reason = `${message} (HTTP ${httpStatus} from the proxy ${proxy}, endpoint ${this.endpoint})`;
      return this.error({ action, code: "InvalidResponse", reason, httpStatus });
    }
    return this.noAnswer({ action, ...connectionFault(failure), isFinal: final !== undefined });
  }

  /** The error of a call without an answer of the API: it says where the answer was expected. */
  private noAnswer(failure: RdsApiFailure): RdsApiError {
    const { reason, httpStatus } = failure;
    const status = httpStatus === undefined ? "" : `HTTP ${httpStatus} from the `;
    return this.error({ ...failure, reason: `${reason} (${status}${this.route})` });
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

function isScalar(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}
