import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import * as ts from "typescript";
import * as publicApi from "../lib";
import { projectRoot } from "./fixtures";

/** The constructs that the package exports. */
const constructs = Object.entries<unknown>(publicApi)
  .filter(([, value]) => typeof value === "function" && value.prototype instanceof Construct)
  .map(([name]) => name);

/** The example in the docstring of each class below lib/constructs. */
function examples(): ReadonlyMap<string, string> {
  const folder = join(projectRoot, "lib", "constructs");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const found = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return ts
      .createSourceFile(file, text, ts.ScriptTarget.Latest, true)
      .statements.filter((statement) => ts.isClassDeclaration(statement))
      .flatMap((statement) => {
        const tag = ts.getJSDocTags(statement).find(({ tagName }) => tagName.text === "example");
        const example = tag && ts.getTextOfJSDocComment(tag.comment);
        return example === undefined ? [] : [[statement.name?.text ?? "", example] as const];
      });
  });
  return new Map(found);
}

/** What TypeScript says against a program that uses the package by its name. */
function flawsOf(code: string): readonly string[] {
  // In this folder, the name of the package means the package itself.
  const file = join(projectRoot, "example.ts");
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node20,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([file], options, {
    ...host,
    fileExists: (path) => path === file || host.fileExists(path),
    readFile: (path) => (path === file ? code : host.readFile(path)),
    getSourceFile: (path, languageVersion) =>
      path === file ? ts.createSourceFile(path, code, languageVersion) : host.getSourceFile(path, languageVersion),
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

test.each(constructs)("the docstring of %s has an example that compiles", (name) => {
  const example = examples().get(name) ?? "";

  expect(example).toContain(name);
  expect(flawsOf(example)).toEqual([]);
});

test("a broken example would be noticed", () => {
  const example = examples().get("DisasterRecoveryInstance") ?? "";

  expect(flawsOf(example.replace("storageGb: 100", 'storage: "100"'))).toEqual([
    expect.stringContaining("'storage' does not exist in type 'DisasterRecoveryInstanceProps'"),
  ]);
});
