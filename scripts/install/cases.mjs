// The install matrix. Each row of the first table is a project; each value that is promised appears in a row.
import { checkCombination, toolsOf } from "./combination.mjs";
import { managers } from "./managers.mjs";
import { checkPackaging } from "./packaging.mjs";
import { checkBun, checkBundle, checkInit, checkOldBun } from "./special-cases.mjs";
import { initDate } from "./versions.mjs";

const columns = ["name", "node", "manager", "language", "modules", "resolution", "app", "test"];

// prettier-ignore
const combinations = [
  ["ts-node",            "node 20", "npm",            "typescript 5.4", "commonjs", "node10",   "ts-node", "ts-jest"],
  ["nodenext",           "node 20", "npm",            "typescript 5.4", "commonjs", "nodenext", "tsc",     "node:test"],
  ["tsx",                "node 20", "npm",            "typescript 6.0", "esm",      "nodenext", "tsx",     "node:test"],
  ["old-resolution",     "node 24", "npm",            "typescript 6.0", "commonjs", "node10",   "tsc",     "ts-jest"],
  ["newest-typescript",  "node 22", "npm",            "typescript 7.0", "commonjs", "nodenext", "tsc",     "vitest"],
  ["type-stripping-22",  "node 22", "npm",            "typescript 6.0", "esm",      "nodenext", "node",    "vitest"],
  ["type-stripping-24",  "node 24", "npm",            "typescript 7.0", "esm",      "bundler",  "node",    "node:test"],
  ["javascript-require", "node 20", "npm",            "javascript",     "commonjs", "-",        "node",    "node:test"],
  ["javascript-import",  "node 24", "npm",            "javascript",     "esm",      "-",        "node",    "node:test"],
  ["pnpm",               "node 20", "pnpm",           "typescript 6.0", "commonjs", "nodenext", "tsx",     "ts-jest"],
  ["pnpm-esm",           "node 24", "pnpm",           "typescript 6.0", "esm",      "bundler",  "tsx",     "vitest"],
  ["yarn-pnp",           "node 22", "yarn",           "typescript 6.0", "commonjs", "node10",   "tsx",     "node:test"],
  ["workspaces",         "node 22", "npm workspaces", "typescript 6.0", "esm",      "nodenext", "tsx",     "vitest"],
].map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));

/** What a combination is, beside its tools. */
function combinationText({ manager, language, modules, resolution, app }) {
  const parts = [
    managers[manager].how,
    language === "javascript" ? "JavaScript" : `moduleResolution ${resolution}`,
    { commonjs: "CommonJS", esm: "ESM" }[modules],
    language !== "javascript" && app === "node" ? "type stripping" : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/**
 * All cases: the name, the tools as keys of the table of versions, what is tried with them, and the check, which gets the
 * packed package and throws if something is wrong.
 */
export const cases = [
  // It takes the longest, so it begins first.
  {
    name: "init",
    tools: ["node 22", "npm"],
    what: `a project of \`cdktf init --template=typescript\`, with the packages of ${initDate}`,
    check: checkInit,
  },
  ...combinations.map((combination) => ({
    name: combination.name,
    tools: toolsOf(combination),
    what: combinationText(combination),
    check: (packed) => checkCombination(combination, packed),
  })),
  {
    name: "esbuild",
    tools: ["node 22", "npm", "esbuild"],
    what: "a bundle: with the package as external; with the package in it, the synthesis refuses and says so",
    check: checkBundle("esbuild", ["esbuild"]),
  },
  {
    name: "webpack",
    tools: ["node 22", "npm", "webpack", "webpack-cli"],
    what: "as esbuild",
    check: checkBundle("webpack", ["webpack", "webpack-cli"]),
  },
  {
    name: "bun",
    tools: ["bun"],
    what: "`bun add`, `bun main.ts`, `bun test`, the command",
    check: checkBun,
  },
  { name: "old-bun", tools: ["bun too old"], what: "refused: the error says what to do", check: checkOldBun },
  {
    name: "package",
    tools: ["publint", "@arethetypeswrong/cli"],
    what: "entries, types and size of the packed file",
    check: checkPackaging,
  },
];
