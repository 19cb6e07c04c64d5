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
  const text = readFileSync(file, "utf8");
  let project: unknown;
  try {
    project = JSON.parse(text);
  } catch (error) {
    // Not the whole message, which may quote the file.
    const place =
      error instanceof Error
        ? /(?:at )?position \d+|line \d+ column \d+/.exec(error.message)?.[0]
        : undefined;
    throw new InvalidRequestError(file, `broken ${place ?? "at its end"}`, "JSON");
  }
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
