import type { ClientRequest, IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { createUnzip } from "node:zlib";

/** Most of an answer once it is unpacked, MB: a page of the API has less than one. */
const maxBodyMb = 64;

/** Most objects and lists within each other: an answer of the API has five. */
const maxDepth = 100;

/** A request without an answer that is one of the API. */
export class TransportFault extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface HttpAnswer {
  readonly httpStatus: number;
  readonly body: string;
}

/**
 * Waits for the answer to a request, and reads it as text, unpacked.
 *
 * @throws TransportFault as soon as there is too much of it; else the error of the network, or of zlib for a cut body
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
    throw isTooLong() ? new TransportFault("AnswerTooLong", `the answer is longer than ${maxMb} MB`) : error;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Parses JSON; integers that a number cannot hold are strings of digits.
 *
 * @throws TransportFault if it would overflow the stack of whatever walks through it; else SyntaxError if it is no JSON
 */
export function parseAnswer(text: string): unknown {
  const pieces: string[] = [];
  let copied = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === "{" || character === "[") {
      if (++depth > maxDepth) {
        const reason = `the answer is nested deeper than ${maxDepth} levels, and no answer of the API is`;
        throw new TransportFault("InvalidResponse", reason);
      }
    } else if (character === "}" || character === "]") {
      depth--;
    } else if (isInNumber(character)) {
      const start = at;
      while (isInNumber(text[at + 1] ?? "")) {
        at++;
      }
      const number = text.slice(start, at + 1);
      if (/^-?[1-9]\d{15,}$/.test(number)) {
        pieces.push(text.slice(copied, start), `"${number}"`);
        copied = at + 1;
      }
    }
  }
  return JSON.parse(copied === 0 ? text : [...pieces, text.slice(copied)].join(""));
}

/** Where the string that begins at a quotation mark ends; the end of the text if it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end > 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") {
      backslashes++;
    }
    if (backslashes % 2 === 0) {
      return end;
    }
  }
  return text.length;
}

function isInNumber(character: string): boolean {
  return (character >= "0" && character <= "9") || (character !== "" && "+-.eE".includes(character));
}
