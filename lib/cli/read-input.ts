import { createReadStream } from "node:fs";
import { isObject } from "../backup/row";
import { InvalidRequestError } from "../rds-api/invalid-request-error";

const bytesPerMb = 1024 * 1024;

/** More than any list of ids or query has: a device, or a program that never stops, would fill the memory. */
const maxMb = 16;

/**
 * The text of standard input, or of a file, which may also be a FIFO, as a shell makes one for `<(…)`.
 *
 * @param file a path; `-` is standard input
 * @param name for the message
 * @throws InvalidRequestError if it cannot be read, or is too large
 */
export async function readInput(file: string, name: string): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of file === "-" ? process.stdin : createReadStream(file)) {
      const buffer = Buffer.from(part as Buffer);
      parts.push(buffer);
      bytes += buffer.length;
      if (bytes > maxMb * bytesPerMb) {
        throw new InvalidRequestError(name, `over ${maxMb} MB`, `at most ${maxMb} MB of text`);
      }
    }
  } catch (error) {
    if (error instanceof InvalidRequestError) {
      throw error;
    }
    const code = isObject(error) ? error["code"] : error;
    throw new InvalidRequestError(name, code, "a file that can be read");
  }
  return Buffer.concat(parts).toString("utf8");
}
