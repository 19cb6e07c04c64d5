import { readFileSync, type Stats, statSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { isObject } from "../backup/json-object";
import { InvalidRequestError } from "./checks";

const bytesPerMb = 1024 * 1024;

/** Answers for 200,000 instances are less: what is larger is another file, or one that grows for ever. */
const maxMb = 256;

/**
 * The text of a file that people edit, without a byte order mark; undefined if there is no such file.
 *
 * @throws InvalidRequestError if it cannot be read, is no regular file, or is too large
 */
export function readTextFile(file: string): string | undefined {
  try {
    const stats = statSync(file);
    // To open a FIFO would wait for somebody who writes to it. A folder is left to the read, which says what it is.
    if (!stats.isFile() && !stats.isDirectory()) {
      const allowed = "a regular file, which can be read more than once";
      throw new InvalidRequestError(file, kindOf(stats), allowed);
    }
    if (stats.size > maxMb * bytesPerMb) {
      throw tooLarge(file);
    }
    // A file of the kernel, such as one below /proc, has no size, and may have no end.
    if (stats.size === 0 && stats.isFile()) {
      return "";
    }
    // Without an encoding Node reads no further than the size that the file has now.
    return readFileSync(file)
      .toString("utf8")
      .replace(/^\uFEFF/, "");
  } catch (error) {
    if (isObject(error) && error["code"] === "ENOENT") {
      return undefined;
    }
    throw unreadable(file, error);
  }
}

/**
 * The text of a stream: standard input, or a file, which may be a FIFO as well. A shell makes one for `<(…)`.
 *
 * @param name for the message
 * @throws InvalidRequestError if it cannot be read, or is too large
 */
export async function readInput(input: AsyncIterable<unknown>, name: string): Promise<string> {
  // Not with a list of parts, which would take as much memory again.
  const decoder = new StringDecoder("utf8");
  let text = "";
  let bytes = 0;
  try {
    for await (const part of input) {
      const buffer = Buffer.from(part as Buffer);
      text += decoder.write(buffer);
      bytes += buffer.length;
      if (bytes > maxMb * bytesPerMb) {
        throw tooLarge(name);
      }
    }
  } catch (error) {
    throw unreadable(name, error);
  }
  return text + decoder.end();
}

function tooLarge(name: string): InvalidRequestError {
  return new InvalidRequestError(name, `over ${maxMb} MB`, `at most ${maxMb} MB of text`);
}

function unreadable(name: string, error: unknown): InvalidRequestError {
  return error instanceof InvalidRequestError
    ? error
    : new InvalidRequestError(name, isObject(error) ? error["code"] : error, "a file that can be read");
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) {
    return "a FIFO";
  }
  return stats.isSocket() ? "a socket" : "a device";
}

/**
 * Reads JSON. The error says no more than the place: what JSON.parse says may quote the file.
 *
 * @param file for the message
 * @param allowed what it should be, for the message
 * @throws InvalidRequestError
 */
export function parseJsonFile(file: string, text: string, allowed = "JSON"): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const at = placeOf(error as SyntaxError, text);
    throw new InvalidRequestError(file, at === undefined ? "broken" : `broken at ${at}`, allowed);
  }
}

/** Node says the position of an error, most of the time; people want its line. */
function placeOf({ message }: SyntaxError, text: string): string | undefined {
  if (message.startsWith("Unexpected end")) {
    return "its end";
  }
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) {
    return /line \d+ column \d+/.exec(message)?.[0];
  }
  const lines = text.slice(0, Number(position)).split("\n");
  return `line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
