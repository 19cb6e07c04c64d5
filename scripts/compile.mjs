// Compiles lib, tests, examples and bench into dist/ with jsii, which also writes the assembly: what the packages for
// other languages are made of. A second compiler would overwrite what jsii adds to the classes.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { posix } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const jsii = createRequire(import.meta.url).resolve("jsii/bin/jsii");
// Words that are reserved in another language are names of the provider's schema.
const options = ["--compress-assembly", "--silence-warnings=reserved-word"];
const { status } = spawnSync(process.execPath, [jsii, ...options, ...process.argv.slice(2)], {
  stdio: "inherit",
  // jsii warns at length of a version of Node whose support has ended; `engines` says which ones this package supports.
  env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split(".")[0] },
});
if (status !== 0) {
  process.exit(status ?? 1);
}
replaceReadme(".jsii.gz", "docs/languages.md");

/** The README of the packages for other languages: it stands in the assembly, where jsii has put that of npm. */
function replaceReadme(file, page) {
  const { homepage } = JSON.parse(readFileSync("package.json", "utf8"));
  const folder = `${homepage.replace(/#.*/, "")}/blob/main/${posix.dirname(page)}/`;
  const markdown = readFileSync(page, "utf8").replaceAll(/\]\((?![a-z]+:|#)/g, `](${folder}`);
  const assembly = JSON.parse(gunzipSync(readFileSync(file)).toString());
  writeFileSync(file, gzipSync(JSON.stringify({ ...assembly, readme: { markdown } })));
}
