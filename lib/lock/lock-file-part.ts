import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** To find an answer costs some fifty short reads. If so many are wanted, one long read is quicker. */
const bytesPerKey = 64 * 1024;

/** Bytes of a short read: most answers fit in. */
const pieceBytes = 4 * 1024;

/** How a refresh writes a lock file: each mark is a beginning of lines that nothing else has. */
const head = /^\{\n {2}"\$schema": "(?:[^"\\]|\\.)*",\n {2}"version": \d+,\n {2}"answers": \{(?=\n)/;
const entryStart = '\n    "';
const entryKey = /^\n {4}"((?:[^"\\]|\\.)*)": \{\n/;
const entryEnd = "\n    }";
const restoresStart = '\n    }\n  },\n  "restores": {';
const fileEnd = "\n    }\n  }\n}\n";

/** How the key of a restore ends, and no other. */
const ofRestore = / generation=\d+$/;

/**
 * Of a large lock file, a text that contains only these answers, and all restores. However many answers the file has,
 * this costs hardly more than a file with one: they are sorted, so that halving finds each.
 *
 * Otherwise it is undefined, and the caller reads the whole file: if a refresh did not write the file like this; if it
 * lacks an answer; or if many answers are wanted.
 *
 * @param keys of the answers, each once
 * @throws Error of the system, or for an entry that is not understood: the caller reads the whole file then as well
 */
export function readLockFilePart(path: string, keys: readonly string[]): string | undefined {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const part = keys.length * bytesPerKey > size ? undefined : new SortedEntries(file, size).part(keys);
    return part && Buffer.from(part, "latin1").toString("utf8");
  } finally {
    closeSync(file);
  }
}

/** An entry: its key, and where its line begins. */
interface Entry {
  readonly key: string;
  readonly offset: number;
}

/** The entries of a lock file: its answers by their keys, then its restores. A character of a text is a byte of the file. */
class SortedEntries {
  private readonly piece = Buffer.allocUnsafe(pieceBytes);

  constructor(
    private readonly file: number,
    private readonly size: number,
  ) {}

  part(keys: readonly string[]): string | undefined {
    const [beginning] = head.exec(this.read(0)) ?? [];
    if (beginning === undefined || this.read(this.size - fileEnd.length) !== fileEnd) {
      return undefined;
    }
    const answers = keys.map((key) => this.answer(key));
    const restores = this.restores();
    return restores === undefined || answers.includes(undefined)
      ? undefined
      : `${beginning}${answers.join(",")}\n  }${restores}\n}\n`;
  }

  /** The text of an answer; undefined if it is not where it should be, or if another one has its key. */
  private answer(key: string): string | undefined {
    const entry = this.first((each) => each >= key);
    if (entry?.key !== key) {
      return undefined;
    }
    const text = this.textOf(entry);
    const next = text === undefined ? undefined : this.next(entry.offset + text.length);
    return next?.key === key ? undefined : text;
  }

  /** The text of all restores, empty if there are none; undefined if it is not where it should be. */
  private restores(): string | undefined {
    const first = this.first(() => false);
    if (first === undefined) {
      return "";
    }
    const start = first.offset - restoresStart.length;
    const rest = this.read(start, this.size - start);
    return rest.startsWith(restoresStart) ? rest.slice("\n    }\n  }".length, -"\n}\n".length) : undefined;
  }

  /** The first answer whose key has been reached; the first restore at the latest. */
  private first(isReached: (key: string) => boolean): Entry | undefined {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const entry = this.next(middle);
      if (entry === undefined || ofRestore.test(entry.key) || isReached(entry.key)) {
        high = middle;
      } else {
        low = entry.offset + 1;
      }
    }
    return this.next(low);
  }

  /**
   * The first entry at an offset or after it.
   *
   * @throws Error for an entry on one line, or with a key that is longer than a piece: what follows it is not to be lost
   */
  private next(offset: number): Entry | undefined {
    const found = this.find(entryStart, offset);
    if (found === undefined) {
      return undefined;
    }
    const [, key] = entryKey.exec(this.read(found)) ?? [];
    if (key === undefined) {
      throw new Error(`no refresh wrote the entry at byte ${found}`);
    }
    return { key, offset: found };
  }

  /** An entry from its line to its end, if another entry or the end of the answers follows. */
  private textOf({ offset }: Entry): string | undefined {
    const end = this.find(entryEnd, offset);
    if (end === undefined) {
      return undefined;
    }
    const after = end + entryEnd.length;
    const isWhole = /^(?:,\n {4}"|\n {2}\})/.test(this.read(after, entryStart.length + 1));
    return isWhole ? this.read(offset, after - offset) : undefined;
  }

  /** Where a mark is, at an offset or after it. */
  private find(mark: string, offset: number): number | undefined {
    for (let at = offset; at < this.size; at += pieceBytes - mark.length) {
      const index = this.read(at).indexOf(mark);
      if (index !== -1) {
        return at + index;
      }
    }
    return undefined;
  }

  private read(offset: number, bytes = pieceBytes): string {
    const buffer = bytes > pieceBytes ? Buffer.allocUnsafe(bytes) : this.piece;
    const count = readSync(this.file, buffer, 0, bytes, offset);
    return buffer.toString("latin1", 0, count);
  }
}
