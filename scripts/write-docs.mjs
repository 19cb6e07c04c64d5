/**
 * Writes what follows from the code and the benchmark: the reference and the reasons for a rejection from the
 * docstrings, the tables of error codes, the comparison with the provider, and what the install matrix tests. With `--check` it writes nothing, and fails if a page is out of date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { comparison } from "./docs/comparison.mjs";
import { errorTables } from "./docs/error-tables.mjs";
import { installMatrix } from "./docs/install-matrix.mjs";
import { rejections } from "./docs/rejections.mjs";
import { reference } from "./docs/reference.mjs";

const begin = "<!-- generated: begin -->";
const end = "<!-- generated: end -->";

/** A page in which what stands between the two marks is the generated text. */
async function pageWith(file, generated) {
  const old = readFileSync(file, "utf8");
  const [from, to] = [old.indexOf(begin), old.indexOf(end)];
  if (from === -1 || to === -1) {
    throw new Error(`${file} has no marks "${begin}" and "${end}"`);
  }
  const text = `${old.slice(0, from)}${begin}\n\n${generated}\n\n${old.slice(to)}`;
  return { file, old, text: await format(text, { ...(await resolveConfig(file)), filepath: file }) };
}

const pages = [
  await pageWith("README.md", comparison()),
  await pageWith("docs/comparison.md", comparison()),
  await pageWith("docs/concepts.md", rejections()),
  await pageWith("docs/reference.md", reference()),
  await pageWith("docs/troubleshooting.md", errorTables()),
  await pageWith("docs/versions.md", installMatrix()),
];
const stale = pages.filter(({ old, text }) => old !== text);
const isCheck = process.argv.includes("--check");
for (const { file, text } of stale) {
  if (isCheck) {
    console.error(`${file} is not what the code says: run "npm run docs"`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`${file} was written`);
  }
}
