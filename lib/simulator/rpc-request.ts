import type { IncomingMessage } from "node:http";

/** An RPC call as it came in: its method, its path, and its parameters from the query and the form. */
export interface RpcRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const maxFormBytes = 1024 * 1024;

/** Reads a request to its end; rejects when the client goes away or sends more than 1 MiB. */
export async function readRpcRequest(message: IncomingMessage): Promise<RpcRequest> {
  const url = new URL(message.url ?? "/", "http://simulator");
  const form = await readText(message);
  const isForm = message.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  const parameters = new Map(url.searchParams);
  if (isForm) {
    new URLSearchParams(form).forEach((value, name) => parameters.set(name, value));
  }
  return { method: message.method ?? "GET", path: url.pathname, parameters };
}

async function readText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxFormBytes) {
      throw new Error(`the form is longer than ${maxFormBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
