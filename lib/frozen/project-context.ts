import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isObject } from "../backup/row";
import { InvalidRequestError } from "../rds-api/invalid-request-error";
import { contextKey } from "./settings";

/**
 * The package's part of the context in the nearest `cdktf.json`, from a folder upwards: what an app gets from
 * cdktf. Undefined where there is none.
 *
 * @throws InvalidRequestError where that file is not JSON
 */
export function readProjectContext(folder: string): unknown {
  const file = nearestProjectFile(folder);
  if (file === undefined) {
    return undefined;
  }
  const project = parseProject(file, readProject(file));
  const context = isObject(project) ? project["context"] : undefined;
  return isObject(context) ? context[contextKey] : undefined;
}

function nearestProjectFile(folder: string): string | undefined {
  const file = join(folder, "cdktf.json");
  if (existsSync(file)) {
    return file;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestProjectFile(parent);
}

function readProject(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const code = isObject(error) ? error["code"] : error;
    throw new InvalidRequestError(file, code, "a file that can be read");
  }
}

/** The message tells no more than the place: what JSON.parse says may quote the file. */
function parseProject(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as SyntaxError;
    const place = /position \d+|line \d+ column \d+/.exec(message)?.[0];
    const end = message.startsWith("Unexpected end") ? "its end" : undefined;
    const at = place ?? end;
    throw new InvalidRequestError(file, at === undefined ? "broken" : `broken at ${at}`, "JSON");
  }
}
