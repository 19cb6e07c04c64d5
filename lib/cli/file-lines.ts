import { readSync } from "node:fs";

const newLine = 10;

/** Bytes of one read. */
const chunkBytes = 1024 * 1024;

/** A line is shorter, bytes: the instances of a region are 20 MB if there are 50,000. */
const longestLine = 256 * 1024 * 1024;

/** A line of a file. */
export interface FileLine {
  /** With its end; only the last line may have none. */
  readonly bytes: Buffer;
  /** Where it is in the file, bytes. */
  readonly from: number;
}

/**
 * The lines of a file, of which one is held at a time.
 *
 * @throws RangeError if a line has more than 256 MB
 */
export function* linesIn(descriptor: number): Generator<FileLine> {
  const chunk = Buffer.alloc(chunkBytes);
  /** What was read of a line whose end is still to come. */
  let parts: Buffer[] = [];
  let from = 0;
  let at = 0;
  for (let count = -1; count !== 0; at += count) {
    count = readSync(descriptor, chunk, 0, chunk.length, at);
    const read = chunk.subarray(0, count);
    let start = 0;
    for (let end = read.indexOf(newLine); end >= 0; end = read.indexOf(newLine, start)) {
      const bytes = Buffer.concat([...parts, read.subarray(start, end + 1)]);
      yield { bytes, from };
      from += bytes.length;
      parts = [];
      start = end + 1;
    }
    parts.push(Buffer.from(read.subarray(start)));
    if (at + count - from > longestLine) {
      throw new RangeError("a line is too long");
    }
  }
  if (at > from) {
    yield { bytes: Buffer.concat(parts), from };
  }
}

/** Whether a line has its end. */
export function isWhole({ bytes }: FileLine): boolean {
  return bytes.at(-1) === newLine;
}
