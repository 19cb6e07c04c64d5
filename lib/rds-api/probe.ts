import * as http from "node:http";
import * as https from "node:https";
import { scrub } from "../validation/printable";
import { answerTo, connectionFault, type HttpAnswer } from "./answer-body";
import { RdsApiError } from "./errors/rds-api-error";
import { createAgent, ProxyRefusal, routeTo } from "./proxy";

/** What one unsigned request shows of an endpoint. */
export interface Probe {
  /** From the start of the connection to the end of the answer, milliseconds. */
  readonly latencyMs: number;
  /** The time of the local clock in the middle of that, milliseconds since 1970. */
  readonly localTime: number;
  /** The time of the clock of the endpoint, milliseconds since 1970; undefined if it does not say it. */
  readonly remoteTime: number | undefined;
}

/** More than any error of an API has, MB. */
const maxAnswerMb = 0.1;

/**
 * Sends one request without an action and without a signature to an endpoint of an RPC API. The API rejects it, and so
 * shows that it is there. It needs no credentials, and changes nothing.
 *
 * @param endpoint URL
 * @throws InvalidRequestError if a variable contains no URL of a proxy
 * @throws RdsApiError if no answer comes, or if it is not that of an API of Alibaba Cloud
 */
export async function probe(endpoint: string, timeoutMs: number): Promise<Probe> {
  const route = routeTo(endpoint);
  const fault = (code: string, reason: string, httpStatus?: number): RdsApiError =>
    new RdsApiError({ action: "A request", code, reason: `${scrub(reason)} (${route})`, httpStatus });
  const agent = createAgent(endpoint, 1);
  const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
  const [startedAt, begin] = [Date.now(), performance.now()];
  let date: string | undefined;
  let answer: HttpAnswer;
  try {
    const { request: create } = endpoint.startsWith("https:") ? https : http;
    const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
    const request = create(endpoint, { method: "POST", agent, headers, signal, timeout: timeoutMs });
    request.on("response", (response) => (date = response.headers.date));
    answer = await answerTo(request.end("Format=JSON"), maxAnswerMb);
  } catch (error) {
    if (signal.aborted) {
      throw fault("RequestTimeout", "the endpoint did not answer in time");
    }
    if (error instanceof ProxyRefusal) {
      throw fault("InvalidResponse", error.message, error.httpStatus);
    }
    const { code, reason } = connectionFault(error as object);
    throw fault(code, reason);
  } finally {
    agent.destroy();
  }
  // Every answer of an RPC API has it, in JSON as in XML; a login page has not.
  if (!/\bRequestId\b/.test(answer.body)) {
    throw fault("InvalidResponse", "the answer is not that of an API of Alibaba Cloud", answer.httpStatus);
  }
  const latencyMs = Math.round(performance.now() - begin);
  const remoteTime = Date.parse(date ?? "");
  return {
    latencyMs,
    localTime: startedAt + latencyMs / 2,
    remoteTime: Number.isFinite(remoteTime) ? remoteTime : undefined,
  };
}
