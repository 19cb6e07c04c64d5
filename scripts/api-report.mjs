// Writes what the package exports: into API.md what the assembly of jsii contains, which is the main entry without the
// bindings, and into api/*.api.md the other entries, from the declarations in dist/lib. With --check, says whether one no
// longer fits. A change of them in a pull request is a change of the public API.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, URL } from "node:url";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const project = fileURLToPath(new URL("..", import.meta.url));
const check = process.argv.includes("--check");
const temporaryFolder = mkdtempSync(join(tmpdir(), "rds-dr-api-"));

/** The entries that no assembly contains, with their declarations. */
const entries = {
  errors: "dist/lib/errors.d.ts",
  simulator: "dist/lib/simulator/index.d.ts",
  testing: "dist/lib/testing/index.d.ts",
};

try {
  const reports = Object.entries(entries).map(([name, file]) => reportOf(name, file));
  reports.push(reportOfBindings(), referenceOfAssembly());
  if (check && reports.includes(false)) {
    console.error("the public API differs from API.md and api/: see them after npm run api, and commit them");
    process.exitCode = 1;
  }
} finally {
  rmSync(temporaryFolder, { recursive: true, force: true });
}

function reportOf(name, file) {
  const quiet = { logLevel: ExtractorLogLevel.None };
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: project,
      mainEntryPointFilePath: join(project, file),
      compiler: { tsconfigFilePath: join(project, "tsconfig.json") },
      apiReport: {
        enabled: true,
        reportFolder: join(project, "api"),
        reportTempFolder: temporaryFolder,
        reportFileName: `${name}.api.md`,
        includeForgottenExports: false,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: { default: quiet },
        tsdocMessageReporting: { default: quiet },
      },
      newlineKind: "lf",
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(project, "package.json"),
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: !check,
    showVerboseMessages: false,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  return !apiReportChanged;
}

/** The main entry, as users of every language get it. */
function referenceOfAssembly() {
  const file = join(temporaryFolder, "API.md");
  const docgen = join(project, "node_modules", "jsii-docgen", "bin", "jsii-docgen");
  const { status, stderr } = spawnSync(
    process.execPath,
    [docgen, "--language", "typescript", "--submodule", "root", "--output", file],
    { cwd: project, encoding: "utf8" },
  );
  if (status !== 0) {
    throw new Error(`jsii-docgen failed: ${stderr}`);
  }
  return update(join(project, "API.md"), readFileSync(file, "utf8"));
}

/** The bindings are as the provider's schema says: their names are enough. */
function reportOfBindings() {
  const names = exportsOf(join(project, "dist/lib/alicloud.d.ts"));
  const text = `## Names that "cdktf-alicloud-rds-dr/alicloud" exports\n\nGenerated from schema/alicloud.json.\n\n${names.map((name) => `- ${name}\n`).join("")}`;
  return update(join(project, "api", "alicloud.api.md"), text);
}

/** Whether a file has a text already; without --check, it gets it. */
function update(file, text) {
  const isSame = read(file) === text;
  if (!check && !isSame) {
    writeFileSync(file, text);
  }
  return isSame;
}

/** The names that a declaration file exports, with those that it passes on. */
function exportsOf(file) {
  const text = readFileSync(file, "utf8");
  const passedOn = [...text.matchAll(/^export \* from "(.+)";/gm)].flatMap(([, path]) =>
    exportsOf(join(file, "..", path, "index.d.ts")),
  );
  const own = [...text.matchAll(/^export declare (?:abstract )?(?:class|interface|function|const|enum|type) (\w+)/gm)];
  const interfaces = [...text.matchAll(/^export interface (\w+)/gm)];
  return [...new Set([...passedOn, ...[...own, ...interfaces].map(([, name]) => name)])].sort();
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
