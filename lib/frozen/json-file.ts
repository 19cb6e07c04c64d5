import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { isObject } from "../backup/row";
import { InvalidRequestError } from "../rds-api/invalid-request-error";

const bytesPerMb = 1024 * 1024;

/** A thousand lists of thousands of records are less: what is larger is another file, or one that grows for ever. */
const maxMb = 64;

/** Read at once, bytes: nearly every lock file fits. */
const partBytes = 64 * 1024;

/**
 * The text of a file that people edit, without a byte order mark; undefined where there is no such file.
 *
 * @throws InvalidRequestError if it cannot be read, is no regular file, or is too large
 */
export function readTextFile(file: string): string | undefined {
  try {
    return readRegularFile(file)
      .toString("utf8")
      .replace(/^\uFEFF/, "");
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      throw error;
    }
    const code = isObject(error) ? error["code"] : error;
    if (code === "ENOENT") {
      return undefined;
    }
    if (code === "ENXIO") {
      throw notRegular(file, "a socket");
    }
    throw new InvalidRequestError(file, code, "a file that can be read");
  }
}

function readRegularFile(file: string): Buffer {
  // To open a FIFO would wait for somebody who writes to it.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() && !stats.isDirectory()) {
      throw notRegular(file, kindOf(stats));
    }
    // A folder is left to the read, whose error says what it is.
    return readToEnd(file, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads to the end, wherever that is by now: a file may grow while it is read. */
function readToEnd(file: string, descriptor: number): Buffer {
  const parts: Buffer[] = [];
  let bytes = 0;
  while (bytes <= maxMb * bytesPerMb) {
    const part = Buffer.alloc(partBytes);
    const count = readSync(descriptor, part);
    if (count === 0) {
      return Buffer.concat(parts);
    }
    parts.push(part.subarray(0, count));
    bytes += count;
  }
  throw new InvalidRequestError(file, `over ${maxMb} MB`, `a file of at most ${maxMb} MB`);
}

function notRegular(file: string, kind: string): InvalidRequestError {
  return new InvalidRequestError(file, kind, "a regular file, which can be read more than once");
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) {
    return "a FIFO";
  }
  return stats.isSocket() ? "a socket" : "a device";
}

/**
 * Reads JSON. The error tells no more than the place: what JSON.parse says may quote the file.
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

/** Node tells the position of an error, most of the time; people want its line. */
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
