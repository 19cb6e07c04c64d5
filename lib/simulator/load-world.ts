import { readFileSync } from "node:fs";
import { checkShape } from "./check-shape";
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
  return checkShape(worldSchema, json, `the world file "${path}"`);
}

/** Checks a world that was parsed already; throws an error that names every wrong place. */
export function parseWorld(json: unknown): World {
  return checkShape(worldSchema, json, "the world");
}
