import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { betweenMarks } from "../report/marks";
import { projectRoot } from "../setting";
import type { ManyLookups } from "./many-lookups";
import type { Result } from "./run-row";
import { measuredText } from "./tables";

const pageFile = join(projectRoot, "docs", "reliability.md");

/** Writes what came of a whole run into the page, between its marks. */
export async function writePage(results: readonly Result[], many: ManyLookups): Promise<void> {
  const text = betweenMarks(readFileSync(pageFile, "utf8"), measuredText(results, many));
  const style = { parser: "markdown", printWidth: 110, proseWrap: "always" as const };
  writeFileSync(pageFile, await format(text, style));
}
