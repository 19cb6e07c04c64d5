/**
 * Bundles the compiled command into one file, which starts faster than many, with the licences of what is in it.
 *
 * The library `debug` stays out, so that no DEBUG makes a library print an access key.
 * The simulator stays beside it: it is a part of the package by itself, and only one command loads it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const compiled = join(root, "dist", "lib");

/** What replaces modules in the bundle. */
const replacements = [
  {
    filter: /^debug$/,
    contents: "module.exports = () => Object.assign(() => undefined, { enabled: false });",
  },
];

const silence = {
  name: "silence",
  setup({ onResolve, onLoad }) {
    replacements.forEach(({ filter, contents }, index) => {
      onResolve({ filter }, () => ({ path: String(index), namespace: "silence" }));
      onLoad({ filter: new RegExp(`^${index}$`), namespace: "silence" }, () => ({ contents }));
    });
  },
};

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [join(compiled, "cli", "main.js")],
  outfile: join(root, "dist", "rds-dr.js"),
  bundle: true,
  platform: "node",
  target: "node20.17",
  external: [join(compiled, "simulator", "index.js")],
  plugins: [silence],
  // Stacks show the names of the source.
  keepNames: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const inputs = Object.keys(metafile.inputs);
if (replacements.some((_, index) => !inputs.includes(`silence:${index}`))) {
  throw new Error("a module that scripts/bundle-command.mjs replaces is not in the command any more");
}

/** For packages that name this licence, but ship no text of it. */
const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** The licence of the package in a folder, such as node_modules/commander. */
function licenceIn(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined && license !== "MIT") {
    throw new Error(`${name} ships no text of its licence, ${license}`);
  }
  const text =
    file === undefined
      ? `Copyright (c) ${author.name ?? author}\n\n${mit}`
      : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

const packages = new Set(inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
const licences = [...packages].sort().map((folder) => licenceIn(join(root, folder)));
writeFileSync(join(root, "dist", "THIRD-PARTY-LICENSES"), licences.join(`\n${"-".repeat(80)}\n\n`));
