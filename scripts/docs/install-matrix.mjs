import { cases } from "../install/cases.mjs";
import { sizeLimits } from "../install/packaging.mjs";
import { shown } from "../install/versions.mjs";
import { table } from "./markdown.mjs";

/** What `npm run test:install` installs and runs, and how large the package may be. */
export function installMatrix() {
  const rows = cases.map(({ name, what, tools }) => [`\`${name}\``, what, tools.map(shown).join(", ")]);
  const { packed, unpacked, files } = sizeLimits;
  const size = `The package is at most ${packed} MB to download, and ${unpacked} MB in ${files} files on the disk.`;
  return `${size}\n\n${table(["case", "what", "versions"], rows)}`;
}
