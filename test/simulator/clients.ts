import RPCClient from "@alicloud/pop-core/lib/rpc";
import { createHmac, randomUUID } from "node:crypto";
import { simulatorCredentials } from "../../lib/simulator";

/** A record of an answer, as loosely as tests read it. */
export type Json = Record<string, unknown>;

/** The answer of a raw call. */
export interface RawAnswer {
  readonly status: number;
  readonly text: string;
  readonly json: Json;
}

/** The error that pop-core throws. */
export interface PopCoreError {
  readonly code?: string;
  readonly message?: string;
  readonly name: string;
}

/** Calls an action with Alibaba's own client. */
export function callWithPopCore(url: string, action: string, parameters: Json): Promise<Json> {
  const client = new RPCClient({ endpoint: url, apiVersion: "2014-08-15", ...simulatorCredentials });
  return client.request<Json>(action, parameters, { method: "POST", timeout: 2000 });
}

/** The common parameters of a call, with a nonce of its own and the time of now. */
export function commonParameters(action: string): Record<string, string> {
  return {
    AccessKeyId: simulatorCredentials.accessKeyId,
    Action: action,
    Format: "JSON",
    SignatureMethod: "HMAC-SHA1",
    SignatureNonce: randomUUID(),
    SignatureVersion: "1.0",
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    Version: "2014-08-15",
  };
}

/** The parameters with their signature, written out once more so that it checks the simulator's own. */
export function signed(
  parameters: Readonly<Record<string, string>>,
  method = "POST",
  secret = simulatorCredentials.accessKeySecret,
): Record<string, string> {
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? "")}`)
    .join("&");
  const text = `${method}&%2F&${encode(query)}`;
  return { ...parameters, Signature: createHmac("sha1", `${secret}&`).update(text).digest("base64") };
}

/** Posts parameters as a form, as they are. */
export async function post(url: string, parameters: Readonly<Record<string, string>>): Promise<RawAnswer> {
  return rawAnswer(await fetch(url, { method: "POST", body: new URLSearchParams(parameters) }));
}

/** Gets with the parameters in the query, as they are. */
export async function get(url: string, parameters: Readonly<Record<string, string>>): Promise<RawAnswer> {
  return rawAnswer(await fetch(`${url}/?${new URLSearchParams(parameters).toString()}`));
}

/** Calls an action properly signed, and gives status and text too. */
export function call(
  url: string,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  return post(url, signed({ ...commonParameters(action), ...parameters }));
}

/** The records of an answer. */
export function itemsOf(answer: Json): Json[] {
  return (answer["Items"] as { Item: Json[] }).Item;
}

/** An instant in the API's format. */
export function instant(time: number | string | Date): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** A window that holds every record of the demo world. */
export function everything(): { StartTime: string; EndTime: string } {
  const day = 24 * 60 * 60 * 1000;
  return { StartTime: instant(Date.now() - 400 * day), EndTime: instant(Date.now() + day) };
}

async function rawAnswer(response: Response): Promise<RawAnswer> {
  const text = await response.text();
  let json: Json = {};
  try {
    json = JSON.parse(text) as Json;
  } catch {
    // Not JSON: the text says all.
  }
  return { status: response.status, text, json };
}
