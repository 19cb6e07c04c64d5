import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** So many rows are held: most runs need no file. */
const heldRows = 100;

/** Only its owner may read it, as it says what an account has. */
const ownersAlone = 0o600;

/** So many bytes must stay free beside the rows, for what the run itself writes. */
const reservedBytes = 64 * 1024 * 1024;

/** The room is looked at after so many bytes. */
const bytesBetweenLooks = 1024 * 1024;

/** Where a row is in the file, bytes. */
class Written {
  constructor(
    readonly offset: number,
    readonly length: number,
  ) {}
}

/**
 * Rows in a file, so that the memory does not grow with their number: the first hundred are held, the others are JSON
 * in the folder for temporary files. No name leads to that file, so nobody has to remove it. If it cannot be written, or
 * there is little room, all rows are held.
 */
export class Rows<T extends object> {
  private readonly rows: (T | Written)[] = [];
  private held = 0;
  private size = 0;
  private nextLook = 0;
  /** The open file; undefined if it is not needed yet, or not any more. */
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
      this.checkRoom();
      this.file ??= openUnnamed();
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.file, bytes, done, bytes.length - done, written.offset + done);
      }
    } catch {
      this.holdAll();
      return undefined;
    }
    this.size += bytes.length;
    return written;
  }

  /** @throws Error if the rows would take room that the run needs for its results */
  private checkRoom(): void {
    if (this.size >= this.nextLook) {
      this.nextLook = this.size + bytesBetweenLooks;
      if (freeBytes() < reservedBytes) {
        throw new Error("there is little room for temporary files");
      }
    }
  }

  /** Takes the rows back, so that the file does not take room. */
  private holdAll(): void {
    this.isWritable = false;
    this.rows.forEach((row, place) => {
      this.rows[place] = row instanceof Written ? this.read(row) : row;
    });
    if (this.file !== undefined) {
      closeSync(this.file);
      this.file = undefined;
    }
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

/** The room in the folder for temporary files; without limit if the system does not say it. */
function freeBytes(): number {
  try {
    const { bavail, bsize } = statfsSync(tmpdir());
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

/** A file that has lost its name: it ends with the process, however that ends. */
function openUnnamed(): number {
  const path = join(tmpdir(), `rds-dr-${randomUUID()}`);
  const file = openSync(path, "wx+", ownersAlone);
  try {
    rmSync(path);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
