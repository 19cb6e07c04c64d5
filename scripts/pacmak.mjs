// How jsii-pacmak writes the sources of a package for other languages: of this package, and for trials of its framework.
import { createRequire } from "node:module";
import { versions } from "node:process";

/** jsii warns at length of a version of Node whose support has ended; `engines` says which ones this package supports. */
export const quietJsii = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: versions.node.split(".")[0] };

/** npm packs what is compiled already: the script `prepack` would compile everything again. */
export const pacmakVariables = { ...quietJsii, npm_config_ignore_scripts: "true" };

/** The arguments by which node writes the sources for languages into folders of their names. */
export function pacmakArguments(sources, folder, languages, ...more) {
  const pacmak = createRequire(import.meta.url).resolve("jsii-pacmak/bin/jsii-pacmak");
  return [pacmak, sources, "--code-only", "--no-npmignore", ...more, "--outdir", folder, "--targets", ...languages];
}
