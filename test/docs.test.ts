import { readdirSync } from "node:fs";
import { join } from "node:path";
import { errorTable } from "../lib/rds-api/errors/error-table";
import { projectRoot, readText, runCli } from "./fixtures";

/** The codes in the first cells of a page's tables, between backquotes. */
function codesOf(text: string): string[] {
  const cells = [...text.matchAll(/^\| (`.*?) +\|/gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => cell.split(", ").map((code) => code.replaceAll("`", "")));
}

const [ownSection = "", tableSection = ""] = readText(projectRoot, "docs", "troubleshooting.md").split(
  "## Codes of the API",
);

/** The sources of the package, without the simulator. */
function sources(): string[] {
  return readdirSync(join(projectRoot, "lib"), { encoding: "utf8", recursive: true })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("simulator"))
    .map((file) => readText(projectRoot, "lib", file));
}

/** The codes that the rules of the package give to their errors, as its source names them. */
function codesInSource(): string[] {
  // The value of a code, or an argument that looks like one; the names of actions and of their parameters look so too.
  const code =
    /(?:\bcode: (?:code \?\? )?|\bcode \?\? |\b(?!call\b|askSts\b|optional\b|read\b|check[A-Z])\w+\(\s*(?:[^,()]+,\s*)?)"([A-Z][a-z]+[A-Z]\w+)",/g;
  const listed = new Set(errorTable.flatMap((row) => row.code.split(", ")));
  const found = sources().flatMap((text) => [...text.matchAll(code)].map(([, name = ""]) => name));
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

test("docs/settings.md has every variable that the package reads", () => {
  const variable = /\b(?:RDS_DR|ALICLOUD|ALIBABA_CLOUD)_[A-Z_0-9]*[A-Z0-9]\b/g;
  const text = readText(projectRoot, "docs", "settings.md");
  const read = new Set(sources().flatMap((source) => source.match(variable) ?? []));

  // The first is between rds-dr refresh and the app that it runs.
  const missing = [...read].filter((name) => name !== "RDS_DR_REFRESH_REPORT" && !text.includes(name));
  expect(missing).toEqual([]);
});

describe("the commands of the documents", () => {
  const pages = [
    ...["README.md", "CONTRIBUTING.md", "SECURITY.md"],
    ...["docs", "examples"].flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { encoding: "utf8", recursive: true })
        .filter((file) => file.endsWith(".md"))
        .map((file) => join(folder, file)),
    ),
  ].map((page) => ({ page, text: readText(projectRoot, page) }));

  it("are scripts of package.json, if npm runs them", () => {
    const { scripts } = JSON.parse(readText(projectRoot, "package.json")) as { readonly scripts: object };
    const named = pages.flatMap(({ page, text }) =>
      [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, script = ""]) => ({ page, script })),
    );

    expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  it("have the options that the help of rds-dr lists", async () => {
    const used = pages.flatMap(({ page, text }) =>
      [...text.matchAll(/\brds-dr (?:-- )?([a-z][a-z-]*)((?:[^`\n]|\\\n)*)/g)].flatMap(([, command = "", rest = ""]) =>
        [...rest.matchAll(/ (--[a-z-]+)/g)].map(([, option = ""]) => ({ page, command, option })),
      ),
    );
    const commands = [...new Set(used.map(({ command }) => command))];
    const helps = await Promise.all(commands.map((command) => runCli([command, "--help"])));
    const helpOf = new Map(commands.map((command, index) => [command, helps[index]?.stdout ?? ""]));

    expect(used.length).toBeGreaterThan(30);
    expect(used.filter(({ command, option }) => !(helpOf.get(command) ?? "").includes(option))).toEqual([]);
  });
});
