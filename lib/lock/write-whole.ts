import { closeSync, openSync, writeFileSync } from "node:fs";

/** Characters that are written at once; parts are as short as a line. */
const chunkLength = 65_536;

/**
 * Puts a new file in the place of the old one: whoever reads it finds one of the two, whole. write-file-atomic does not
 * write the text itself: if the disk is full, it takes the part that was written for the whole.
 *
 * @param text or its parts, one after the other
 * @throws the error of the system
 */
export function writeWhole(path: string, text: string | Iterable<string>): Promise<void> {
  // Loaded here, as most commands change nothing.
  const writeFileAtomic = require("write-file-atomic") as typeof import("write-file-atomic");
  return writeFileAtomic(path, "", {
    tmpfileCreated: (temporary) => {
      const file = openSync(temporary, "w");
      try {
        let chunk = "";
        for (const part of typeof text === "string" ? [text] : text) {
          chunk += part;
          if (chunk.length > chunkLength) {
            writeFileSync(file, chunk);
            chunk = "";
          }
        }
        writeFileSync(file, chunk);
      } finally {
        closeSync(file);
      }
    },
  });
}
