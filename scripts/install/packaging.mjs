// What is checked of the packed file itself.
import { Project } from "./project.mjs";

/** The most that the package may be: megabytes of the file that npm downloads, megabytes on the disk, files. */
export const sizeLimits = { packed: 1.2, unpacked: 4.5, files: 460 };

const megabyte = 1_000_000;

export const checkPackaging = (packed) =>
  Project.with({ packed }, async (project) => {
    checkSize(packed.sizes);
    await project.addTool("publint");
    await project.addTool("@arethetypeswrong/cli");
    await project.run(["publint", "--strict", packed.file]);
    await project.run(["attw", "--profile", "strict", "--no-definitely-typed", packed.file]);
  });

/** @throws Error for a size that is over its limit */
function checkSize({ packed, unpacked, files }) {
  const sizes = { packed: packed / megabyte, unpacked: unpacked / megabyte, files };
  const excess = Object.entries(sizeLimits).filter(([what, most]) => sizes[what] > most);
  if (excess.length > 0) {
    throw new Error(excess.map(([what, most]) => `${what}: ${sizes[what]} is more than ${most}`).join("\n"));
  }
}
