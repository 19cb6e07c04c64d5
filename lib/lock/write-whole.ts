import { writeFileSync } from "node:fs";

/**
 * Puts a new file in the place of the old one: whoever reads it finds one of the two, whole. write-file-atomic does not
 * write the text itself: if the disk is full, it takes the part that was written for the whole.
 *
 * @throws the error of the system
 */
export function writeWhole(path: string, text: string): Promise<void> {
  // Loaded here, as most commands change nothing.
  const writeFileAtomic = require("write-file-atomic") as typeof import("write-file-atomic");
  return writeFileAtomic(path, "", {
    tmpfileCreated: (temporary) => {
      writeFileSync(temporary, text);
    },
  });
}
