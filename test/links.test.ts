import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot, runNode, temporaryFolders } from "./fixtures";

const temporaryFolder = temporaryFolders();
const homepage = "https://github.com/owner/name";

/** Checks the links of a repository that has these pages, of which those in docs/ are packed. */
async function findingsIn(pages: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = temporaryFolder();
  const packageJson = JSON.stringify({ files: ["docs"], homepage: `${homepage}#readme` });
  for (const [file, text] of Object.entries({
    "package.json": packageJson,
    "examples/app.md": "",
    ...pages,
  })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const script = join(projectRoot, "scripts", "check-links.mjs");
  const { code, stderr } = await runNode([script], { cwd: folder });
  const findings = stderr.split("\n").filter((line) => line !== "");
  expect(code).toBe(findings.length === 0 ? 0 : 1);
  return findings;
}

test("links to pages, headings and pages on GitHub are followed", async () => {
  const page = `# A page\n\n[a](page.md#a-page) [b](#a-page) [c](${homepage}/blob/main/examples/app.md) [d](https://example.com)\n`;

  expect(await findingsIn({ "docs/page.md": page })).toEqual([]);
});

test.each([
  ["a file that is not there", "[a](gone.md)", "docs/gone.md is not there"],
  ["a heading that is not there", "[a](#gone)", 'docs/page.md has no heading "gone"'],
  ["a page on GitHub that is not there", `[a](${homepage}/tree/main/gone)`, "gone is not there"],
  ["a link definition that leads nowhere", "[a]: gone.md", "docs/gone.md is not there"],
  ["a path in code that is not there", "`lib/gone.ts`", "lib/gone.ts is not there"],
  ["a page that is not in the package", "[a](../examples/app.md)", "examples/app.md is not in the package"],
])("%s is found", async (_what, text, finding) => {
  const findings = await findingsIn({ "docs/page.md": `# A page\n\n${text}\n` });

  expect(findings).toEqual([expect.stringContaining(finding)]);
});

test("links in blocks of code are no links", async () => {
  expect(await findingsIn({ "docs/page.md": "```ts\n[a](gone.md)\n```\n" })).toEqual([]);
});
