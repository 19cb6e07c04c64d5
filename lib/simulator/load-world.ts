import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { World } from "./world";
import { worldSchema } from "./world-schema";

/** Reads and checks a world file, JSON; throws an error that names the file and the place in it. */
export function loadWorld(path: string): World {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new Error(`can't read the world file "${path}": ${String(cause)}`, { cause });
  }
  return checkWorld(json, `the world file "${path}"`);
}

/** Checks a world that was parsed already; throws an error that names every wrong place. */
export function parseWorld(json: unknown): World {
  return checkWorld(json, "the world");
}

function checkWorld(json: unknown, name: string): World {
  const result = v.safeParse(worldSchema, json);
  if (result.success) {
    return result.output;
  }
  const faults = result.issues.map((issue) => `  ${placeOf(issue)}: ${issue.message}`);
  throw new Error(`${name} is wrong at\n${faults.join("\n")}`);
}

/** A place in JSON text as programmers write it, such as `instances[0].backups[3].CrossBackupId`. */
function placeOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) => key);
  if (keys.length === 0) {
    return "the top";
  }
  return keys
    .map((key) => {
      if (typeof key === "number") {
        return `[${key}]`;
      }
      return /^\w+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(key)}]`;
    })
    .join("")
    .replace(/^\./, "");
}
