// The packed package: what npm packs of this repository, or a file that somebody else packed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { versions } from "./versions.mjs";

/** The frameworks that the package comes for. */
const frameworks = ["cdktf", "cdktn"];

/** What the matrix must know of a packed package. */
export function readPacked(file) {
  const { name, version, peerDependencies } = JSON.parse(readPackedFile(file, "package.json"));
  const readme = readPackedFile(file, "README.md");
  const framework = frameworks.find((each) => Object.hasOwn(peerDependencies, each));
  return {
    file: resolve(file),
    name,
    version,
    framework,
    peers: [`${framework}@${versions[framework]}`, `constructs@${versions[`constructs for ${framework}`]}`],
    /** The smallest app of the README. */
    app: named(readmeApp(readme), name, framework),
    /** The command of the README for a project of `cdktf init`. */
    wayRound: /npm install --save-dev typescript@[\d.]+/.exec(readme)?.[0],
    sizes: sizesOf(file),
  };
}

/** Packs this repository into a folder of its own, and passes the file to an action. */
export async function withPacked(action) {
  const folder = mkdtempSync(join(tmpdir(), "rds-dr-pack-"));
  try {
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { stdio: ["ignore", "ignore", "inherit"] });
    const [file] = readdirSync(folder);
    return await action(join(folder, file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes of the file, bytes of what is in it, and how many files that are. */
function sizesOf(file) {
  const [{ size, unpackedSize, entryCount }] = JSON.parse(output("npm", "pack", "--dry-run", "--json", resolve(file)));
  return { packed: size, unpacked: unpackedSize, files: entryCount };
}

function readPackedFile(file, name) {
  return output("tar", "-xzOf", file, `package/${name}`);
}

function output(command, ...args) {
  return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 2 ** 24 });
}

/** The smallest app of a README. */
export function readmeApp(readme) {
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  return blocks.find((code) => code.includes("app.synth();"));
}

/** Code with the names of a package and its framework in its imports. */
export function named(code, name, framework) {
  return code.replaceAll(/"cdkt[fn]-alicloud-rds-dr(["/])/g, `"${name}$1`).replaceAll(/"cdkt[fn]"/g, `"${framework}"`);
}
