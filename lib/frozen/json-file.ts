import { readFileSync } from "node:fs";
import { isObject } from "../backup/row";
import { InvalidRequestError } from "../rds-api/invalid-request-error";

/**
 * The text of a file that people edit, without a byte order mark; undefined where there is no such file.
 *
 * @throws InvalidRequestError where it cannot be read
 */
export function readTextFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const code = isObject(error) ? error["code"] : error;
    if (code === "ENOENT") {
      return undefined;
    }
    throw new InvalidRequestError(file, code, "a file that can be read");
  }
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
