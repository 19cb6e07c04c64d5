import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { projectRoot } from "./fixtures";

/** Rewrites texts as the package for cdktn has them. */
function rewritten(files: readonly (readonly [string, string])[]): string[] {
  const script = `
    import { readFileSync } from "node:fs";
    import { rewrite } from "./scripts/cdktn/rewrite.mjs";
    const files = JSON.parse(readFileSync(0, "utf8"));
    console.log(JSON.stringify(files.map(([file, text]) => rewrite(file, text))));
  `;
  const input = JSON.stringify(files);
  const args = ["--input-type=module", "--eval", script];
  const output = execFileSync(process.execPath, args, { cwd: projectRoot, input, maxBuffer: 2 ** 28 });
  return JSON.parse(String(output)) as string[];
}

const own = "cdktf-alicloud-rds-dr";

describe("the package for cdktn", () => {
  const cases: readonly (readonly [file: string, text: string, expected: string])[] = [
    // Modules that code loads.
    ["a.ts", 'import { App } from "cdktf";', 'import { App } from "cdktn";'],
    ["a.ts", 'import type { App } from\n  "cdktf";', 'import type { App } from\n  "cdktn";'],
    ["a.ts", "import * as cdktf from 'cdktf';", "import * as cdktf from 'cdktn';"],
    ["a.ts", 'import "cdktf/lib/private";', 'import "cdktn/lib/private";'],
    ["a.ts", 'export * from "cdktf";', 'export * from "cdktn";'],
    ["a.ts", 'import cdktf = require("cdktf");', 'import cdktf = require("cdktn");'],
    ["a.mts", 'await import( "cdktf" )', 'await import( "cdktn" )'],
    ["a.ts", 'type App = import("cdktf").App;', 'type App = import("cdktn").App;'],
    [
      "a.ts",
      'jest.requireActual<typeof import("cdktf")>("cdktf")',
      'jest.requireActual<typeof import("cdktn")>("cdktn")',
    ],
    ["a.js", "require.resolve(`cdktf/package.json`)", "require.resolve(`cdktn/package.json`)"],
    ["a.ts", 'const program = "require(\\"cdktf\\")";', 'const program = "require(\\"cdktn\\")";'],
    ["a.ts", ' * import { App } from "cdktf";', ' * import { App } from "cdktn";'],
    ["a.md", 'import { App } from "cdktf";', 'import { App } from "cdktn";'],
    ["a.py", "from cdktf import App", "from cdktn import App"],
    // The package itself, in code and for other languages.
    ["a.ts", `import { worlds } from "${own}/simulator";`, 'import { worlds } from "cdktn-alicloud-rds-dr/simulator";'],
    ["a.py", "import cdktf_alicloud_rds_dr as rds_dr", "import cdktn_alicloud_rds_dr as rds_dr"],
    ["a.json", `https://unpkg.com/${own}/schema/x.json`, "https://unpkg.com/cdktn-alicloud-rds-dr/schema/x.json"],
    ["a.go", `github.com/${own}/${own}-go/rdsdr`, `github.com/${own}/cdktn-alicloud-rds-dr-go/rdsdr`],
    // The framework, for other languages.
    ["a.md", '"github.com/hashicorp/terraform-cdk-go/cdktf"', '"github.com/open-constructs/cdk-terrain-go/cdktn"'],
    ["a.md", "import com.hashicorp.cdktf.App;", "import io.cdktn.cdktn.App;"],
    ["a.md", "if it has `com.hashicorp:cdktf:0.21.0`.", "if it has `io.cdktn:cdktn:0.24.0`."],
    ["a.md", "using HashiCorp.Cdktf;", "using Io.Cdktn;"],
    ["a.md", "below `packages/cdktf/java`", "below `packages/cdktn/java`"],
    // Commands, and text for people.
    ["a.yml", "npx --no -- cdktf synth", "npx --no -- cdktn synth"],
    ["a.md", "RDS_DR_MODE=locked npx cdktf deploy dr", "RDS_DR_MODE=locked npx cdktn deploy dr"],
    [
      "a.md",
      `npm install ${own} cdktf@0.21 constructs@10`,
      "npm install cdktn-alicloud-rds-dr cdktn@0.24 constructs@10.6",
    ],
    ["a.md", "A CDKTF app; cdktf's own, or `cdktf` alone.", "A CDK Terrain app; cdktn's own, or `cdktn` alone."],
    ["a.md", "- *Type:* cdktf.IResolvable", "- *Type:* cdktn.IResolvable"],
    ["a.ts", " * What cdktf cannot write.", " * What cdktn cannot write."],
  ];

  test.each(cases)("%s: %j", (file, text, expected) => {
    expect(rewritten([[file, text]])).toEqual([expected]);
  });

  const kept: readonly (readonly [file: string, text: string])[] = [
    ["a.ts", 'join(folder, "cdktf.json"); // not cdktf.out'],
    ["a.ts", "CDKTF_OUTDIR; stack.cdktfStack; context.cdktfRelativeModules"],
    ["a.ts", 'Symbol.for("cdktf/TerraformStack")'],
    ["a.ts", `Symbol.for("${own}.CrossRegionBackup")`],
    ["a.ts", 'level === "@cdktf/warn" && fqn === "cdktf.App" && name === "cdktf"'],
    ["a.ts", 'import commons from "@cdktf/commons"; import a from "./cdktf"; import b from "cdktfx";'],
    ["a.ts", 'readFrom("cdktf"); const { from: cdktf } = { from: "cdktf" };'],
    ["a.md", "Commit `cdktf.json`, not cdktf.out/; set CDKTF_OUTDIR."],
    ["a.md", `https://github.com/${own}/${own}/tree/main/examples`],
    ["a.md", "| `cdktf` 0.21 | `cdktn` 0.24 |"],
    ["a.ts", 'const frameworks = ["cdktf", "cdktn"];'],
  ];

  test.each(kept)("%s keeps %j", (file, text) => {
    expect(rewritten([[file, text]])).toEqual([text]);
  });

  test("loads nothing of cdktf", () => {
    const files = String(execFileSync("git", ["ls-files", "*.ts", "*.mjs", "*.cjs"], { cwd: projectRoot }))
      .trim()
      .split("\n")
      .filter((file) => !file.startsWith("scripts/") && file !== "test/cdktn-sources.test.ts");
    const texts = rewritten(files.map((file) => [file, readFileSync(join(projectRoot, file), "utf8")]));
    const loaded = texts.flatMap((text, index) =>
      ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => [files[index], fileName]),
    );

    expect(loaded).toContainEqual(["lib/alicloud.ts", expect.any(String)]);
    expect(loaded).toContainEqual(["lib/constructs/prevent-destroy.ts", "cdktn"]);
    expect(loaded.filter(([, name = ""]) => /^cdktf\b/.test(name))).toEqual([]);
  });
});
