// Compiles lib, tests, examples and bench into dist/ with jsii, which also writes the assembly: what the packages for
// other languages are made of. A second compiler would overwrite what jsii adds to the classes.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { posix } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { quietJsii } from "./pacmak.mjs";

const jsii = createRequire(import.meta.url).resolve("jsii/bin/jsii");
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [jsii, "--compress-assembly", ...process.argv.slice(2)],
  {
    encoding: "utf8",
    maxBuffer: 1e8,
    env: { ...process.env, ...quietJsii },
  },
);
// The bindings have the names of the provider's schema, of which some are reserved words in other languages.
const expected = /^\.gen\/.*\[language-compatibility\/reserved-word\]$/;
const warnings = `${stdout}${stderr}`
  .split("\n")
  .filter((line) => /warning JSII\d+:/.test(line) && !expected.test(line));
if (status !== 0 || warnings.length > 0) {
  console.error(status === 0 ? warnings.join("\n") : `${stdout}${stderr}`);
  process.exit(1);
}
finishAssembly(".jsii.gz", "docs/languages.md");

/**
 * Gives the assembly what registries of other languages show: their own page in place of the README for npm, and an address
 * of the repository that PyPI takes.
 */
function finishAssembly(file, page) {
  const { homepage } = JSON.parse(readFileSync("package.json", "utf8"));
  const folder = `${homepage.replace(/#.*/, "")}/blob/main/${posix.dirname(page)}/`;
  const markdown = readFileSync(page, "utf8").replaceAll(/\]\((?![a-z]+:|#)/g, `](${folder}`);
  const assembly = JSON.parse(gunzipSync(readFileSync(file)).toString());
  const { type, url } = assembly.repository;
  const repository = { type, url: url.replace(/^git\+/, "") };
  writeFileSync(file, gzipSync(JSON.stringify({ ...assembly, readme: { markdown }, repository })));
}
