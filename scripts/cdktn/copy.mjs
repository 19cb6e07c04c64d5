// Makes the package for cdktn: rewrites a copy of the sources in .cache/cdktn, and compiles it there with the lowest
// versions of cdktn and constructs that it takes. A second run does only what has changed.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rewrite, rewriteManifest } from "./rewrite.mjs";

const root = join(import.meta.dirname, "..", "..");

/** The folder of the copy. */
export const copy = join(root, ".cache", "cdktn");

/** What the copy does not need: how it is made, and what other packages are installed here. */
const notCopied = /^(?:\.github|scripts\/cdktn)\/|^test\/cdktn-sources\.test\.ts$|^(?:package|package-lock)\.json$/;

/** What was measured with cdktf, and does not say anything of cdktn. */
const measured = /^docs\/performance\./;

const text = /\.(?:[mc]?[jt]s|json|jsonl|md|svg|ya?ml|py|tf|tfvars|txt|toml|cfg)$/;

/** The sources as they are now, committed or not, with the bindings, which are generated. */
function sources() {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
  const bindings = readdirSync(join(root, ".gen"), { recursive: true }).map((file) => join(".gen", file));
  return [...new Set([...String(listed).trim().split("\n"), ...bindings])].filter(
    (file) => !notCopied.test(file) && statSync(join(root, file), { throwIfNoEntry: false })?.isFile(),
  );
}

/** What the copy contains of a source. */
function copied(file) {
  const content = readFileSync(join(root, file));
  return text.test(file) && !measured.test(file) ? Buffer.from(rewrite(file, String(content))) : content;
}

/** Runs a step unless the last one that succeeded was for the same input. */
function once(name, input, step) {
  const mark = join(copy, ".done", name);
  if (existsSync(mark) && readFileSync(mark, "utf8") === input) {
    return;
  }
  rmSync(mark, { force: true });
  step();
  write(mark, input);
}

function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: copy, stdio: "inherit" });
  if (status !== 0) {
    console.error(error ?? `${command} ${args.join(" ")}, in ${copy}, ended with ${status}`);
    process.exit(1);
  }
}

/** Brings the copy up to date. */
export function makeCopy() {
  if (!existsSync(join(root, ".gen"))) {
    execFileSync("npm", ["run", "-s", "generate"], { cwd: root, stdio: "inherit" });
  }
  const files = new Map(sources().map((file) => [file, copied(file)]));
  const list = join(copy, ".done", "files.json");
  const before = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  before.filter((file) => !files.has(file)).forEach((file) => rmSync(join(copy, file), { force: true }));
  write(list, JSON.stringify([...files.keys()]));
  const hash = createHash("sha256");
  for (const [file, content] of files) {
    hash.update(`${file}\0`).update(content);
    const at = join(copy, file);
    if (!existsSync(at) || !readFileSync(at).equals(content)) {
      write(at, content);
    }
  }
  const manifest = `${JSON.stringify(rewriteManifest(readFileSync(join(root, "package.json"), "utf8")), null, 2)}\n`;
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  once("install", `${manifest}${lock}`, () => {
    write(join(copy, "package.json"), manifest);
    // npm keeps what is locked, and adds cdktn.
    write(join(copy, "package-lock.json"), lock);
    run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]);
  });
  once("build", `${hash.update(manifest).digest("hex")}\n`, () => run("npm", ["run", "-s", "build"]));
}

if (process.argv[1] === import.meta.filename) {
  makeCopy();
}
