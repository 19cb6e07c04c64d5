import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Of more answers, it is quicker to read the whole file. */
const mostKeys = 8;

/** Bytes of one read. */
const pieceBytes = 256 * 1024;

/** Bytes at the end of the file, among which the restores are: one takes about a thousand. */
const tailBytes = 1024 * 1024;

/** How a refresh writes a lock file. Only an entry begins and ends so far to the left. */
const head = /^\{\n {2}"\$schema": "(?:[^"\\]|\\.)*",\n {2}"version": \d+,\n {2}"answers": \{(?=\n)/;
const entryStart = '\n    "';
const answersEnd = "\n  }";
const restoresStart = `${answersEnd},\n  "restores": {\n`;
const fileEnd = "\n  }\n}\n";

/** An entry, if another one or the end of the answers follows it. */
const wholeEntry = /^\n {4}"[^"\\]*": \{\n(?: {6}.*\n)+ {4}\}(?=,\n {4}"|\n {2}\})/;

/** How the last line with a key begins, if that is the key of a restore. */
const ofRestore = /^\n {4}"(?:[^"\\]|\\.)* generation=\d+":/;

/**
 * Of a large lock file, a text that contains only these answers, and all restores. To find an answer takes some
 * milliseconds for each 10 MB, and hardly any memory, where to understand the whole file takes a second.
 *
 * It is undefined if a refresh did not write the file like this, if an answer is not there once, or if many are wanted:
 * then the caller reads the whole file.
 *
 * @param keys of the answers, each once
 * @throws the error of the system
 */
export function readLockFilePart(path: string, keys: readonly string[]): string | undefined {
  const file = openSync(path, "r");
  try {
    const part = keys.length > mostKeys ? undefined : new LargeFile(file).part(keys);
    return part && Buffer.from(part, "latin1").toString("utf8");
  } finally {
    closeSync(file);
  }
}

/** An open lock file. A character of a text is a byte of it. */
class LargeFile {
  private readonly size: number;

  constructor(private readonly file: number) {
    this.size = fstatSync(file).size;
  }

  part(keys: readonly string[]): string | undefined {
    const [beginning] = head.exec(this.read(0, pieceBytes)) ?? [];
    const restores = this.restores();
    const answers = this.offsetsOf(keys.map((key) => `"${key}":`)).map((offset) => offset && this.entryAt(offset));
    return beginning === undefined || restores === undefined || answers.includes(undefined)
      ? undefined
      : `${beginning}${answers.join(",")}${answersEnd}${restores}\n}\n`;
  }

  /** The text of all restores, empty if there are none; undefined if it is not where it should be. */
  private restores(): string | undefined {
    const tail = this.read(Math.max(0, this.size - tailBytes), tailBytes);
    const start = tail.lastIndexOf(restoresStart);
    if (!tail.endsWith(fileEnd)) {
      return undefined;
    }
    if (start !== -1) {
      return tail.slice(start + answersEnd.length, -"\n}\n".length);
    }
    const lastEntry = tail.lastIndexOf(entryStart);
    const hasNone = lastEntry !== -1 && !tail.includes('"restores"') && !ofRestore.test(tail.slice(lastEntry));
    return hasNone ? "" : undefined;
  }

  /** Where each of these words is; undefined for one that is not there, or more than once. */
  private offsetsOf(words: readonly string[]): readonly (number | undefined)[] {
    const found = words.map((word) => ({ bytes: Buffer.from(word), offsets: new Set<number>() }));
    const overlap = Math.max(0, ...found.map(({ bytes }) => bytes.length));
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (let at = 0; at < this.size && found.length > 0; at += pieceBytes - overlap) {
      const text = piece.subarray(0, readSync(this.file, piece, 0, pieceBytes, at));
      for (const { bytes, offsets } of found) {
        for (let index = text.indexOf(bytes); index !== -1; index = text.indexOf(bytes, index + 1)) {
          offsets.add(at + index);
        }
      }
    }
    return found.map(({ offsets: [offset, another] }) => (another === undefined ? offset : undefined));
  }

  /** The text of the entry with its key at an offset; undefined if it is not a whole entry. */
  private entryAt(offset: number): string | undefined {
    const start = offset + 1 - entryStart.length;
    for (let bytes = pieceBytes; ; bytes *= 2) {
      const text = this.read(start, bytes);
      const [entry] = wholeEntry.exec(text) ?? [];
      if (entry !== undefined || start + bytes >= this.size || !text.startsWith(entryStart)) {
        return entry;
      }
    }
  }

  private read(offset: number, bytes: number): string {
    const buffer = Buffer.allocUnsafe(Math.min(bytes, this.size));
    return buffer.toString("latin1", 0, readSync(this.file, buffer, 0, buffer.length, offset));
  }
}
