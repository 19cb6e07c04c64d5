import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { createUnzip } from "node:zlib";

/** Most of an answer once it is unpacked, MB: a page of the API has less than one. */
const maxBodyMb = 64;

/** Most objects and lists within each other: an answer of the API has five. */
const maxDepth = 100;

/** An answer that has no end, or that unpacks to more than any answer of the API. */
export class BodyTooLong extends Error {}

/** An answer that would overflow the stack of whatever walks through it. */
export class NestedTooDeep extends Error {}

/**
 * Reads the body of an answer as text, unpacked, without a byte order mark, which some proxies add.
 *
 * @throws BodyTooLong as soon as there is too much of it; else the error of the network, or of zlib for a cut body
 */
export async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const isTooLong = (): boolean => size > maxBodyMb * 2 ** 20;
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
    throw isTooLong() ? new BodyTooLong(`the answer is longer than ${maxBodyMb} MB`) : error;
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

/**
 * Parses JSON; integers that a number cannot hold are strings of digits.
 *
 * @throws NestedTooDeep; else SyntaxError if it is no JSON
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
        throw new NestedTooDeep(
          `the answer is nested deeper than ${maxDepth} levels, and no answer of the API is`,
        );
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
