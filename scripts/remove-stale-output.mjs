// Removes what an earlier build left in dist/ whose source is gone. The compiler never removes a file: jest would go on
// to run a test that was moved.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const output = join(root, "dist");

/** What jsii compiles, as `include` of tsconfig.json has it. */
const sources = [".gen", "bench", "examples", "lib", "test"];

for (const folder of sources.filter((name) => existsSync(join(output, name)))) {
  for (const entry of readdirSync(join(output, folder), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const source = file.replace(output, root).replace(/(?:\.d\.ts|\.js)(?:\.map)?$/, ".ts");
    if (entry.isFile() && !existsSync(source)) {
      rmSync(file);
    }
  }
}
