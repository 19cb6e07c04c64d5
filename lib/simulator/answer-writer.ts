import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { jsonText } from "./json-text";
import type { RpcError } from "./rpc-error";

/** The id of one request, as the cloud writes them. */
export function newRequestId(): string {
  return randomUUID().toUpperCase();
}

/** The JSON text of a refusal. */
export function refusalText(error: RpcError, host: string): string {
  return jsonText({
    RequestId: newRequestId(),
    HostId: host,
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.alibabacloud.com/troubleshoot?q=${error.code}&product=Rds`,
  });
}

/** Sends a whole answer. */
export function send(response: ServerResponse, httpStatus: number, type: string, body: string): void {
  response.writeHead(httpStatus, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** Sends a JSON answer. */
export function sendJson(response: ServerResponse, httpStatus: number, body: string): void {
  send(response, httpStatus, "application/json;charset=utf-8", body);
}

/** Promises a whole answer, sends half of it and breaks the connection. */
export function sendHalf(response: ServerResponse, httpStatus: number, body: string): void {
  const bytes = Buffer.from(body);
  response.writeHead(httpStatus, {
    "content-type": "application/json;charset=utf-8",
    "content-length": bytes.length,
  });
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}
