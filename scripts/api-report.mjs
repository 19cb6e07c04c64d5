// Writes what the entries of the package export into api/*.api.md, from the declarations in dist/lib; with --check, says
// which report no longer fits. A changed report in a pull request is a changed public API.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, URL } from "node:url";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const project = fileURLToPath(new URL("..", import.meta.url));
const check = process.argv.includes("--check");
const temporaryFolder = mkdtempSync(join(tmpdir(), "rds-dr-api-"));

/** The entries, but for the generated bindings, with their declarations. */
const entries = {
  index: "dist/lib/index.d.ts",
  errors: "dist/lib/errors.d.ts",
  simulator: "dist/lib/simulator/index.d.ts",
  testing: "dist/lib/testing/index.d.ts",
};

try {
  const fits = [...Object.entries(entries).map(([name, file]) => reportOf(name, file)), reportOfBindings()];
  if (check && fits.includes(false)) {
    console.error("the public API differs from the reports in api/: see them after npm run api, and commit them");
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

/** The bindings are as the provider's schema says: their names are enough. */
function reportOfBindings() {
  const names = exportsOf(join(project, "dist/lib/alicloud.d.ts"));
  const text = `## Names that "cdktf-alicloud-rds-dr/alicloud" exports\n\nGenerated from schema/alicloud.json.\n\n${names.map((name) => `- ${name}\n`).join("")}`;
  const file = join(project, "api", "alicloud.api.md");
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
