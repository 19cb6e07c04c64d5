/**
 * Makes of what jsii compiled what the package contains: it needs no other package at run time but CDKTF.
 *
 * - The command becomes one file, which starts faster than many. Beside it stay the simulator, which is a part of the
 *   package by itself, and what draws charts: only one subcommand each loads them.
 * - A file of lib/ that loads a library gets into itself what it needs of it.
 * - The bindings load one by one, if an app uses them. The main entry loads late what few apps need of it.
 *
 * The library `debug` stays out, so that no DEBUG makes a library print an access key.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const compiled = join(root, "dist", "lib");
const command = join(root, "dist", "rds-dr.js");

/** What an app installs itself. */
const peers = Object.keys(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).peerDependencies);

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

const options = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.17",
  plugins: [silence],
  // Stacks show the names of the source.
  keepNames: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

/** What draws charts, and its source: large, and only one option of one command loads it. */
const charts = join(compiled, "report", "timeline-svg.js");
const chartsSource = join(root, "lib", "report", "timeline-svg.ts");

/** What a compiled file calls to load an export at its first use. */
const late = `function late(name, get) {
  Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });
}
`;

/** The sources of shipped files that load a library by its name. From the source, esbuild leaves out what is not used. */
const withLibraries = readdirSync(compiled, { recursive: true })
  .filter((file) => file.endsWith(".js") && !/^(?:cli|restore)[\\/]/.test(file))
  .filter((file) => librariesIn(join(compiled, file)).length > 0)
  .map((file) => join(root, "lib", file.replace(/\.js$/, ".ts")));

const bundles = [
  await build({
    ...options,
    entryPoints: [join(compiled, "cli", "main.js")],
    outfile: command,
    external: [join(compiled, "simulator", "index.js"), charts],
  }),
  await build({
    ...options,
    entryPoints: withLibraries.filter((file) => file !== chartsSource),
    outdir: compiled,
    outbase: join(root, "lib"),
    plugins: [silence, { name: "own-files-stay", setup: ownFilesStay }],
  }),
  // Half a megabyte that nobody reads.
  await build({ ...options, entryPoints: [chartsSource], outfile: charts, minify: true }),
];
const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
if (replacements.some((_, index) => !inputs.includes(`silence:${index}`))) {
  throw new Error("a module that scripts/bundle.mjs replaces is in no bundle any more");
}
loadLate(join(compiled, "alicloud.js"));
loadLateOfMain({ alicloud: "./alicloud", TestAnswers: "./testing/test-answers" });

/** The libraries that a compiled file loads, without Node's own and the peers. */
function librariesIn(file) {
  const loaded = [...readFileSync(file, "utf8").matchAll(/\brequire\("([^".][^"]*)"\)/g)];
  return loaded.map(([, name]) => name).filter((name) => !name.startsWith("node:") && !peers.includes(name));
}

/** Files of this package are loaded, not copied: a class must be one for all who import it. */
function ownFilesStay({ onResolve }) {
  onResolve({ filter: /^\.{1,2}\// }, ({ path, importer }) =>
    importer.startsWith(join(root, "lib")) ? { path, external: true } : undefined,
  );
}

/** Makes a file that exports everything of others load each of them at its first use. */
function loadLate(file) {
  const load = createRequire(file);
  const others = [...readFileSync(file, "utf8").matchAll(/__exportStar\(require\("([^"]+)"\), exports\)/g)];
  const exported = others.flatMap(([, path]) => Object.keys(load(path)).map((name) => ({ name, path })));
  if (exported.length === 0) {
    throw new Error(`${file} exports nothing of other files any more`);
  }
  writeFileSync(
    file,
    `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
${exported.map(({ name, path }) => `late("${name}", () => require("${path}").${name});`).join("\n")}
${late}// Never runs: Node reads here what an ES module can import.
0 && (module.exports = { ${exported.map(({ name }) => name).join(", ")} });
`,
  );
}

/** Makes the main entry load what few apps use of it at its first use: other languages have no subpaths. */
function loadLateOfMain(paths) {
  const file = join(compiled, "index.js");
  let text = readFileSync(file, "utf8");
  for (const [name, path] of Object.entries(paths)) {
    const whole = `exports.${name} = __importStar(require("${path}"));`;
    const one = new RegExp(`var \\w+ = require\\("${path}"\\);\nObject\\.defineProperty\\(exports, "${name}", .*\\);`);
    const changed = text
      .replace(whole, `late("${name}", () => require("${path}"));`)
      .replace(one, `late("${name}", () => require("${path}").${name});`);
    if (changed === text) {
      throw new Error(`${file} does not export ${name} of ${path} any more`);
    }
    text = changed;
  }
  writeFileSync(file, text + late);
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
