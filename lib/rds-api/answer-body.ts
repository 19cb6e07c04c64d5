import type { ClientRequest, IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { createUnzip } from "node:zlib";

/** Most of an answer once it is unpacked, MB: a page of the API has less than one. */
const maxBodyMb = 64;

/** Most objects and lists within each other: an answer of the API has five. */
const maxDepth = 100;

/** A request that got no answer of the API. */
export class TransportFault extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The text of an OpenSSL error; only its reason, such as "wrong version number", is for people. */
const openSslError = /\b[0-9A-F]+:error:[0-9A-F]*:[^:]*:[^:]*:([^:]+):.*/gs;

/** The code of a connection that failed, and the reason in words. */
export function connectionFault(thrown: object): { readonly code: string; readonly reason: string } {
  const { code = "NetworkError", message = "" } = thrown as Partial<NodeJS.ErrnoException>;
  return { code, reason: message.replace(openSslError, "$1").trim() || "the connection failed" };
}

export interface HttpAnswer {
  readonly httpStatus: number;
  readonly body: string;
}

/**
 * Waits for the answer to a request, and reads it as text, unpacked.
 *
 * @throws TransportFault as soon as there is too much of it, and if it cannot be unpacked; else the network's error
 */
export function answerTo(request: ClientRequest, maxMb = maxBodyMb): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    request.on("error", reject).on("response", (response) => {
      const httpStatus = response.statusCode ?? 0;
      readBody(response, maxMb).then((body) => {
        resolve({ httpStatus, body });
      }, reject);
    });
  });
}

async function readBody(response: IncomingMessage, maxMb: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const isTooLong = (): boolean => size > maxMb * 2 ** 20;
  const keep = async (body: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (isTooLong()) {
        // Ends the loop, and with it the connection.
        throw new Error();
      }
    }
  };
  const isPacked = /gzip|deflate/i.test(response.headers["content-encoding"] ?? "");
  try {
    await (isPacked ? pipeline(response, createUnzip(), keep) : pipeline(response, keep));
  } catch (error) {
    // A pipeline may report that it was broken off, in place of why.
    if (isTooLong()) {
      throw new TransportFault("AnswerTooLong", `the answer is longer than ${maxMb} MB`);
    }
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw code.startsWith("Z_")
      ? new TransportFault("InvalidResponse", `the answer cannot be unpacked: ${message}`)
      : error;
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

/** The strings, numbers and brackets of a JSON text. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"?|[-+.eE\d]*\d[-+.eE\d]*|[[\]{}]/gs;

/** An integer that a number cannot hold. */
const bigInteger = /^-?[1-9]\d{15,}$/;

/**
 * Parses JSON; integers that a number cannot hold become strings of digits.
 *
 * @throws TransportFault if it would overflow the stack of whatever walks through it; else SyntaxError if it is no JSON
 */
export function parseAnswer(text: string): unknown {
  let depth = 0;
  const readable = text.replace(tokens, (token) => {
    depth += token === "{" || token === "[" ? 1 : token === "}" || token === "]" ? -1 : 0;
    if (depth > maxDepth) {
      const reason = `the answer is nested deeper than ${maxDepth} levels, and no answer of the API is`;
      throw new TransportFault("InvalidResponse", reason);
    }
    return bigInteger.test(token) ? `"${token}"` : token;
  });
  return JSON.parse(readable);
}
