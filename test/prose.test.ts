import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, runNode, temporaryFolders } from "./fixtures";

const temporaryFolder = temporaryFolders();

/** Lints a page as `npm run lint:prose` does; returns the findings by rule. */
async function findingsIn(page: string): Promise<{ readonly ruleId: string; readonly message: string }[]> {
  const file = join(temporaryFolder(), "page.md");
  writeFileSync(file, page);
  const textlint = join(projectRoot, "node_modules", "textlint", "bin", "textlint.js");
  const args = [textlint, "--rulesdir", "scripts/prose", "--format", "json", file];
  const { stdout } = await runNode(args, { cwd: projectRoot });
  const [result] = JSON.parse(stdout) as [{ readonly messages: { ruleId: string; message: string }[] }];
  return result.messages;
}

const words = (count: number): string => `${"word ".repeat(count).trim()}.`;

test("a sentence of 26 words is found, in a paragraph and in a cell; code counts as one word", async () => {
  const page = [words(26), words(25), `\`a b c\` ${words(24)}`, `| a |\n| --- |\n| ${words(26)} |`].join("\n\n");

  const findings = await findingsIn(page);

  expect(findings).toMatchObject([{ ruleId: "sentence-words" }, { ruleId: "sentence-words" }]);
});

test("the turns of phrase that readers had to read twice are found", async () => {
  const turns = [
    "The latest backup wins wherever it can be restored.",
    "The attributes are tokens: pass them on whole.",
    "It is rejected, so that this holds of the locked answer as well.",
    "What it refuses leaves the logs to decide.",
    "Denied access is an error all the same.",
    "Nothing of it belongs into the file.",
    "Where the API is down, the lock file answers.",
    "It is an error where there is no backup.",
    "The guard goes where the construct is taken out.",
    "The provider's documents tell 7.",
    "Is the instance of no use, restore again.",
  ];

  const findings = await findingsIn(turns.join("\n\n"));

  const found = new Set(findings.map(({ message }) => message));
  expect(findings.every(({ ruleId }) => ruleId === "plain-words")).toBe(true);
  expect(found.size).toBeGreaterThanOrEqual(turns.length);
});

test("places may be named with where", async () => {
  expect(await findingsIn("The folder where the app is. It says where to look. Where to begin.")).toEqual([]);
});
