/**
 * Looks for names that clash in the .NET package with a framework, as nothing here compiles it:
 *
 *     npm run package -- --framework cdktf --language dotnet
 *     node scripts/languages/dotnet.mjs [--framework cdktf|cdktn]
 */
import { readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { clashesIn } from "../dotnet-clashes.mjs";
import { assemblyFile, chosenFramework, fail, packageFolder } from "./trial.mjs";

const framework = chosenFramework();
const assembly = JSON.parse(gunzipSync(readFileSync(assemblyFile(framework))));
const clashes = clashesIn(assembly);
if (clashes.length > 0) {
  fail(`names clash in C#:\n${clashes.join("\n")}`);
}

const files = readdirSync(packageFolder(framework, "dotnet"), { recursive: true }).filter((file) =>
  file.endsWith(".cs"),
);
const missing = Object.values(assembly.types).filter(({ name }) => !files.some((file) => file.endsWith(`/${name}.cs`)));
if (missing.length > 0) {
  fail(`no source in C# for ${missing.map(({ fqn }) => fqn).join(", ")}`);
}
console.log(
  `${Object.keys(assembly.types).length} types in ${files.length} files of C#, none compiled: no name clashes`,
);
