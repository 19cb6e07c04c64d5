import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a service for credentials was asked. */
export interface TokenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** The parameters of a form. */
  readonly form: Readonly<Record<string, string>>;
}

/** What it answers: a status with JSON, with text, or nothing at all. */
export interface TokenAnswer {
  readonly status?: number;
  readonly json?: object;
  readonly text?: string;
  /** Set to accept the request, and to say nothing. */
  readonly silent?: true;
  /** Set to begin an answer that never ends. */
  readonly endless?: true;
}

type Answer = (request: TokenRequest, count: number) => TokenAnswer;

/** A server that stands in for STS, a credentials URI or CloudSSO on this machine. */
export class TokenStandIn {
  readonly requests: TokenRequest[] = [];
  private readonly server: Server;
  answer: Answer = () => ({ status: 500, text: "no answer was set" });

  constructor() {
    this.server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        this.respond(request, body, response);
      });
    });
  }

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private respond(request: IncomingMessage, body: string, response: ServerResponse): void {
    const { method = "", url = "", headers } = request;
    const form = Object.fromEntries(new URLSearchParams(body));
    const asked = { method, url, headers, body, form };
    this.requests.push(asked);
    const { status = 200, json, text, silent, endless } = this.answer(asked, this.requests.length);
    if (silent) {
      return;
    }
    response.writeHead(status, { "content-type": json === undefined ? "text/html" : "application/json" });
    if (endless) {
      response.write("{");
      return;
    }
    response.end(json === undefined ? text : JSON.stringify(json));
  }
}

/** An access key with all its parts. */
export interface TemporaryKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
}

/** The fields in which STS and its likes give an access key. */
export function stsKey({ accessKeyId, accessKeySecret, securityToken }: TemporaryKey, lastsMs = 3_600_000): object {
  return {
    AccessKeyId: accessKeyId,
    AccessKeySecret: accessKeySecret,
    SecurityToken: securityToken,
    Expiration: new Date(Date.now() + lastsMs).toISOString(),
  };
}

/** The answer of STS to AssumeRole. */
export function assumed(key: TemporaryKey, lastsMs?: number): TokenAnswer {
  return { json: { RequestId: "1-2-3", Credentials: stsKey(key, lastsMs) } };
}

/** Whether a request is signed with a secret, by the rules of RPC. */
export function isSignedWith({ form, method }: TokenRequest, secret: string): boolean {
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
  const { Signature, ...signed } = form;
  const canonical = Object.keys(signed)
    .sort()
    .map((name) => `${encode(name)}=${encode(signed[name] ?? "")}`)
    .join("&");
  const text = `${method}&${encode("/")}&${encode(canonical)}`;
  return createHmac("sha1", `${secret}&`).update(text).digest("base64") === Signature;
}
