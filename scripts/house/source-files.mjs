// What is counted of the sources: files, lines, lines of code.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Every TypeScript file below a folder, but for the folders that are left out; sorted. */
export function sourceFiles(folder, leftOut = []) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return leftOut.includes(path) ? [] : sourceFiles(path, leftOut);
      }
      return path.endsWith(".ts") ? [path] : [];
    })
    .sort();
}

/** The syntax tree of a file. */
export function parse(path) {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

/** How many lines a file has. */
export function lineCount(path) {
  return readFileSync(path, "utf8").trimEnd().split("\n").length;
}

/** How many lines of a file hold code: none that is blank, or that only comments or imports stand on. */
export function codeLineCount(path) {
  const tree = parse(path);
  const lines = new Set();
  const lineAt = (position) => tree.getLineAndCharacterOfPosition(position).line;
  const visit = (node) => {
    const isComment = node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode;
    if (isComment || ts.isImportDeclaration(node) || node.kind === ts.SyntaxKind.EndOfFileToken) {
      return;
    }
    const children = node.getChildren(tree);
    children.forEach(visit);
    if (children.length === 0) {
      for (let line = lineAt(node.getStart(tree)); line <= lineAt(node.getEnd()); line += 1) {
        lines.add(line);
      }
    }
  };
  visit(tree);
  return lines.size;
}
