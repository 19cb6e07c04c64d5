/**
 * The changelog of a release, in the current folder:
 *
 *     node scripts/changelog.mjs release       the heading "Unreleased" becomes the version of package.json with today's date;
 *                                              the page for other languages gets that version too
 *     node scripts/changelog.mjs notes [tag]   prints the newest section; a tag must agree with version and heading
 *
 * `npm version` runs the first, and the workflow of a release the second.
 */
import { readFileSync, writeFileSync } from "node:fs";

const unreleased = "## [Unreleased]";

/** It says what Maven is told. */
const languagesPage = "docs/languages.md";

const [task, tag = ""] = process.argv.slice(2);
const { version, homepage } = JSON.parse(readFileSync("package.json", "utf8"));
const changelog = readFileSync("CHANGELOG.md", "utf8");
const [, heading, section] = /^(## .*)\n((?:(?!## ).*\n)*)/m.exec(changelog) ?? fail("CHANGELOG.md has no section");

if (task === "release") {
  release();
} else if (task === "notes") {
  notes();
} else {
  fail(`the task must be release or notes, but is ${task}`);
}

function release() {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    fail(`the version must have the form 1.2.3, but is ${version}`);
  }
  if (heading !== unreleased) {
    fail(`the first heading of CHANGELOG.md must be "${unreleased}", but is "${heading}": add it, with what is new`);
  }
  if (!/^- /m.test(section)) {
    fail(`CHANGELOG.md has no entry below "${unreleased}": say there what is new`);
  }
  const today = new Date().toISOString().slice(0, 10);
  const page = readFileSync(languagesPage, "utf8");
  writeFileSync("CHANGELOG.md", changelog.replace(unreleased, `## [${version}] - ${today}`));
  writeFileSync(languagesPage, page.replace(/(?<=<version>)\d+\.\d+\.\d+/, version));
}

function notes() {
  if (tag !== "" && tag !== `v${version}`) {
    fail(`the tag must be v${version}, the version of package.json, but is ${tag}`);
  }
  if (tag !== "" && !heading.startsWith(`## [${version}] - `)) {
    fail(`the first heading of CHANGELOG.md must be that of ${version}, but is "${heading}": npm version writes it`);
  }
  console.log(asGitHubShowsIt(section.trim()));
}

/** In the notes of a release, GitHub keeps each line break, and a link begins at the page itself. */
function asGitHubShowsIt(text) {
  const files = `${homepage.replace(/#.*/, "")}/blob/v${version}/`;
  return text.replaceAll(/\n +(?!- )(?=\S)/g, " ").replaceAll(/\]\((?!https?:)/g, `](${files}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
