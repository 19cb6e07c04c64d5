// Checks that jsii compiles the public API, so that Python, Go, Java and C# can have it. It compiles a copy of the sources
// in a temporary folder; nothing in the tree changes.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, URL } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "rds-dr-jsii-"));

// Other languages have neither the command nor the simulator, and get only the text of an error.
const isLeftOut = /\/lib\/(?:cli|simulator|errors\.ts|testing\/(?:index\.ts|world))(?:$|\/)/;

// Other languages have no subpaths: the bindings are a submodule of theirs, and the answers of tests stand beside the rest.
const withoutSubpaths = `export * as alicloud from "./alicloud";
export { TestAnswers, type TestRestore } from "./testing/test-answers";
export type { TestBackup } from "./testing/test-backup";
`;

try {
  // jsii does not look into hidden folders.
  cpSync(join(project, ".gen"), join(folder, "gen"), { recursive: true });
  cpSync(join(project, "lib"), join(folder, "lib"), {
    recursive: true,
    filter: (file) => !isLeftOut.test(file.replaceAll("\\", "/")),
  });
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  for (const file of readdirSync(join(folder, "lib"), { recursive: true })) {
    if (file.endsWith(".ts")) {
      const path = join(folder, "lib", file);
      const text = readFileSync(path, "utf8").replaceAll("/.gen/", "/gen/");
      writeFileSync(path, file === "index.ts" ? text + withoutSubpaths : text);
    }
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest()));
  writeFileSync(join(folder, "README.md"), "# cdktf-alicloud-rds-dr\n");
  const jsii = join(project, "node_modules", "jsii", "bin", "jsii");
  const { status } = spawnSync(process.execPath, [jsii, "--silence-warnings=reserved-word"], {
    cwd: folder,
    stdio: "inherit",
    env: {
      ...process.env,
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split(".")[0],
    },
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The package.json that jsii wants. */
function manifest() {
  const { name, version, description, license, dependencies, peerDependencies, devDependencies } = JSON.parse(
    readFileSync(join(project, "package.json"), "utf8"),
  );
  const url = "https://example.com/cdktf-alicloud-rds-dr";
  // jsii wants the least versions that the peers may have.
  const leastPeers = Object.fromEntries(
    Object.entries(peerDependencies).map(([peer, range]) => [peer, range.replace("^", "")]),
  );
  return {
    ...{ name, version, description, license },
    author: { name, url },
    repository: { type: "git", url },
    stability: "stable",
    main: "dist/lib/index.js",
    types: "dist/lib/index.d.ts",
    jsii: { outdir: "dist/jsii", targets: {}, tsc: { outDir: "dist", rootDir: "." } },
    dependencies,
    bundleDependencies: Object.keys(dependencies),
    peerDependencies,
    devDependencies: { ...leastPeers, "@types/node": devDependencies["@types/node"] },
  };
}
