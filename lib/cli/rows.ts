import { randomUUID } from "node:crypto";
import { openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** So many rows are held: most runs need no file. */
const heldRows = 100;

/** Only its owner may read it, as it says what an account has. */
const ownersAlone = 0o600;

/** Where a row is in the file, bytes. */
class Written {
  constructor(
    readonly offset: number,
    readonly length: number,
  ) {}
}

/**
 * Rows in a file, so that the memory does not grow with their number: the first hundred are held, the others are JSON
 * in the folder for temporary files. No name leads to that file, so nobody has to remove it. If it cannot be written, as with
 * a full disk, the rows are held.
 */
export class Rows<T extends object> {
  private readonly rows: (T | Written)[] = [];
  private held = 0;
  private size = 0;
  /** The open file; undefined if it is not needed yet, or cannot be written. */
  private file: number | undefined;
  private isWritable = true;

  get length(): number {
    return this.rows.length;
  }

  /** Puts a row at the next place. */
  add(row: T): void {
    this.set(this.length, row);
  }

  /** Puts a row at a place. */
  set(place: number, row: T): void {
    this.rows[place] = this.held < heldRows ? row : (this.written(row) ?? row);
    this.held += this.rows[place] === row ? 1 : 0;
  }

  /** The row at a place; it is JSON of what was put there, so what was undefined may be missing. */
  at(place: number): T {
    const row = this.rows[place];
    if (row === undefined) {
      throw new Error(`there is no row ${place}`);
    }
    return row instanceof Written ? this.read(row) : row;
  }

  /** What is made of the rows, one after the other, each time that it is read. */
  flatMap<R>(make: (row: T) => readonly R[]): Iterable<R> {
    return { [Symbol.iterator]: () => this.made(make) };
  }

  private *made<R>(make: (row: T) => readonly R[]): Generator<R> {
    for (let place = 0; place < this.length; place++) {
      yield* make(this.at(place));
    }
  }

  private written(row: T): Written | undefined {
    if (!this.isWritable) {
      return undefined;
    }
    const bytes = Buffer.from(JSON.stringify(row));
    const written = new Written(this.size, bytes.length);
    try {
      this.file ??= openUnnamed();
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.file, bytes, done, bytes.length - done, written.offset + done);
      }
    } catch {
      this.isWritable = false;
      return undefined;
    }
    this.size += bytes.length;
    return written;
  }

  private read({ offset, length }: Written): T {
    const bytes = Buffer.alloc(length);
    const count = this.file === undefined ? 0 : readSync(this.file, bytes, 0, length, offset);
    if (count !== length) {
      throw new Error("a row cannot be read from the temporary file");
    }
    return JSON.parse(bytes.toString()) as T;
  }
}

/** A file that has lost its name: it ends with the process, however that ends. */
function openUnnamed(): number {
  const path = join(tmpdir(), `rds-dr-${randomUUID()}`);
  const file = openSync(path, "wx+", ownersAlone);
  rmSync(path, { force: true });
  return file;
}
