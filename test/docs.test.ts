import { readdirSync } from "node:fs";
import { join } from "node:path";
import { RejectionReason } from "../lib/backup/rejection";
import { errorTable } from "../lib/rds-api/errors/error-table";
import { projectRoot, readText } from "./fixtures";

/** The codes in the first cells of a page's tables, between backquotes. */
function codesOf(text: string): string[] {
  const cells = [...text.matchAll(/^\| (`.*?) +\|/gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => cell.split(", ").map((code) => code.replaceAll("`", "")));
}

const [ownSection = "", tableSection = ""] = readText(projectRoot, "docs", "troubleshooting.md").split(
  "## Codes of the API",
);

/** The codes that the rules of the package give to their errors, as its source names them. */
function codesInSource(): string[] {
  const sources = readdirSync(join(projectRoot, "lib"), { encoding: "utf8", recursive: true })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("simulator"))
    .map((file) => readText(projectRoot, "lib", file));
  const code =
    /(?:\bcode: (?:code \?\? )?|\bcode \?\? |(?:misuse|refusal)\(\s*(?:[^,()]+,\s*)?)"([A-Z]\w+)"/g;
  const listed = new Set(errorTable.flatMap((row) => row.code.split(", ")));
  const found = sources.flatMap((text) => [...text.matchAll(code)].map(([, name = ""]) => name));
  return [...new Set(found)].filter((name) => !listed.has(name)).sort();
}

describe("docs/troubleshooting.md", () => {
  it("has every code that the rules of the package give, and no other", () => {
    // What the network does without a code of its own is "no answer" in the table.
    const expected = codesInSource().filter((code) => code !== "NetworkError");

    expect(codesOf(ownSection).sort()).toEqual(expected);
  });

  it("has every code of the table of errors", () => {
    const shown = new Set(codesOf(tableSection).map((code) => code.replaceAll("`", "")));
    const missing = errorTable.filter(({ code }) => code.split(", ").some((each) => !shown.has(each)));

    expect(missing.map(({ code }) => code)).toEqual([]);
  });
});

test("docs/concepts.md has every reason for a rejection, in the order of the rules", () => {
  const [, section = ""] = readText(projectRoot, "docs", "concepts.md").split("## Which backup");

  expect(codesOf(section)).toEqual(Object.values(RejectionReason));
});
