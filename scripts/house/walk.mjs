// How many files a reader passes from one file to another by what each of them imports.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { parse } from "./source-files.mjs";

/** The files that the code of a file imports, loads late, or starts as a worker; types need no reading. */
function importsOf(path) {
  const found = new Set();
  const add = (specifier) => {
    const file = join(dirname(path), specifier.replace(/\.js$/, ""));
    const source = [`${file}.ts`, join(file, "index.ts")].find((name) => existsSync(name));
    if (source !== undefined) {
      found.add(source);
    }
  };
  const visit = (node) => {
    const isTypeOnly =
      ts.isImportTypeNode(node) ||
      (ts.isImportDeclaration(node) && isTypesAlone(node.importClause)) ||
      (ts.isExportDeclaration(node) && node.isTypeOnly);
    if (isTypeOnly) {
      return;
    }
    // A worker's file is named by its path beside the file that starts it.
    if (ts.isStringLiteralLike(node) && /^(?:\.{1,2}\/|[\w-]+-worker\.js$)/.test(node.text)) {
      add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(path));
  return [...found];
}

function isTypesAlone(clause) {
  const named = clause?.namedBindings;
  const areTypes =
    clause?.name === undefined &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly);
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || areTypes;
}

/** The shortest path from one file to another, both included. */
function shortest(from, to) {
  const cameFrom = new Map([[from, undefined]]);
  for (const path of cameFrom.keys()) {
    if (path === to) {
      const steps = [];
      for (let step = path; step !== undefined; step = cameFrom.get(step)) {
        steps.unshift(step);
      }
      return steps;
    }
    importsOf(path)
      .filter((next) => !cameFrom.has(next))
      .forEach((next) => cameFrom.set(next, path));
  }
  throw new Error(`no import leads from ${from} to ${to}; correct the walks in scripts/house.mjs`);
}

/** The shortest path that passes all of these files in their order. */
export function walk([first, ...others]) {
  const missing = [first, ...others].find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new Error(`there is no ${missing}; correct the walks in scripts/house.mjs`);
  }
  return others.reduce((steps, next) => [...steps, ...shortest(steps.at(-1), next).slice(1)], [first]);
}
