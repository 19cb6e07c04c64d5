import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The nearest `cdktf.json`, from a folder upwards; undefined where there is none. */
export function nearestProjectFile(folder: string): string | undefined {
  const file = join(folder, "cdktf.json");
  if (existsSync(file)) {
    return file;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestProjectFile(parent);
}
