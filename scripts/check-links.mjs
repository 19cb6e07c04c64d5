/**
 * Fails if a link of the Markdown leads nowhere: files, headings, and pages of this repository on GitHub; or if a path
 * of the repository that stands between backquotes is not there.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const { files: packed, homepage } = JSON.parse(readFileSync("package.json", "utf8"));
const onGitHub = new RegExp(`^${homepage.replace(/#.*/, "")}/(?:blob|tree)/main/`);
const pages = [
  ...readdirSync(".").filter((file) => file.endsWith(".md")),
  ...["docs", "examples"].flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((file) => file.endsWith(".md") && !file.includes("node_modules"))
      .map((file) => join(folder, file)),
  ),
];

/** What is not code: links in code are text. */
const prose = (page) => readFileSync(page, "utf8").replaceAll(/^( *)```.*?^\1```$/gms, "");

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page) {
  const headings = [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, text]) => text);
  return headings.map((text) =>
    text
      .replaceAll(/\[(.*?)\]\(.*?\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

const isPacked = (file) =>
  ["README.md", "LICENSE", ...packed].some((each) => file === each || file.startsWith(`${each}/`));

function whatIsWrong(page, link) {
  if (/^[a-z]+:/.test(link) && !onGitHub.test(link)) {
    return undefined;
  }
  const [path, anchor] = link.split("#");
  const isRelative = !onGitHub.test(link);
  const file = path === "" ? page : isRelative ? normalize(join(dirname(page), path)) : path.replace(onGitHub, "");
  if (!existsSync(file)) {
    return `${file} is not there`;
  }
  if (isRelative && isPacked(page) && !isPacked(file)) {
    return `${file} is not in the package: link to ${homepage.replace(/#.*/, "")}/blob/main/${file}`;
  }
  if (anchor !== undefined && file.endsWith(".md") && !anchorsOf(file).includes(anchor)) {
    return `${file} has no heading "${anchor}"`;
  }
  return undefined;
}

const findings = pages.flatMap((page) => {
  const links = [...prose(page).matchAll(/\]\(<?([^\s)>]+)>?\)|^\[[^\]]+\]: (\S+)/gm)].map(
    ([, inline, ofReference]) => inline ?? ofReference,
  );
  const paths = [...prose(page).matchAll(/`((?:bench|docs|examples|lib|schema|scripts|test)\/[\w./-]*)`/g)];
  const absent = paths.map(([, path]) => path).filter((path) => !existsSync(path));
  return [
    ...links.map((link) => [link, whatIsWrong(page, link)]),
    ...absent.map((path) => [path, `${path} is not there`]),
  ].flatMap(([what, wrong]) => (wrong === undefined ? [] : [`${page}: ${what}: ${wrong}`]));
});

for (const finding of findings) {
  console.error(finding);
}
process.exitCode = findings.length === 0 ? 0 : 1;
