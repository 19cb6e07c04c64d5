import { createHash, randomUUID } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { addHours, type Instant, isInstant } from "../backup/instant";
import { isObject } from "../backup/json-object";
import { readClock } from "../lookup/query";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { checkText, InvalidRequestError } from "../validation/checks";
import { ownManifest } from "../validation/own-package";
import { CommandFailure } from "./exit-code";
import { isWhole, linesIn } from "./file-lines";
import { type Io, unwritable } from "./io";

/** How long an answer counts, hours: a later run asks again. */
const countsForHours = 1;

/** Only its owner may read it, as it says what an account has. */
const ownersAlone = 0o600;

/** An answer of an earlier run. */
export interface Recorded<T> {
  readonly answer: T;
  readonly askedAt: Instant;
}

interface Line {
  readonly askedAt: Instant;
  /** Where the line is in the file, bytes. */
  readonly from: number;
  readonly to: number;
}

/**
 * The answers of a run that may be killed, so that the next one does not ask again: a line of JSON for each, which is in
 * the file as soon as the answer is there. A line counts for the question that was asked, word for word, and for this
 * version of the package. It holds what a report says, and neither links nor credentials.
 */
export class Journal {
  private constructor(
    private readonly file: string,
    private readonly descriptor: number,
    private readonly lines: ReadonlyMap<string, Line>,
  ) {}

  /**
   * Opens a journal, or begins one. What is too old, is of the future as the clock was changed, or was
   * not written to its end, is left out.
   *
   * @throws InvalidRequestError if the file is something else, or cannot be written
   */
  static open(file: string, now: Instant): Journal {
    try {
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats !== undefined && !stats.isFile()) {
        throw new InvalidRequestError("resume", file, "a file that can be written, not a folder or a device");
      }
      const found = stats === undefined ? nothing : countingLines(file, now);
      if (found === undefined) {
        const allowed = "a file that an earlier run with --resume wrote, or the name of a new one";
        throw new InvalidRequestError("resume", file, allowed);
      }
      const lines = found.size === found.sizeOfAll ? found.lines : shorten(file, found);
      return new Journal(file, openSync(file, "a+", ownersAlone), lines);
    } catch (error) {
      throw unusable(file, error);
    }
  }

  /** What an earlier run was answered to a question; undefined if it must be asked. */
  find<T>(question: object): Recorded<T> | undefined {
    const line = this.lines.get(keyOf(question));
    if (line === undefined) {
      return undefined;
    }
    const bytes = bytesOf(this.descriptor, line);
    return { answer: (JSON.parse(bytes.toString()) as Recorded<T>).answer, askedAt: line.askedAt };
  }

  /**
   * Writes down an answer.
   *
   * @throws CommandFailure if the file cannot be written any more, as with a full disk
   */
  record(question: object, { askedAt, answer }: Recorded<object>): void {
    try {
      appendFileSync(this.descriptor, `${JSON.stringify({ key: keyOf(question), askedAt, answer })}\n`);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      const hint = `make room for ${this.file}, then run the same command again: it does not ask again for what is there`;
      throw new CommandFailure({ kind: ErrorKind.MISUSE, code, message: `cannot write an answer: ${message}`, hint });
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** Removes the file, as every question was answered. One that cannot be removed counts for an hour, no longer. */
  remove(): void {
    try {
      rmSync(this.file, { force: true });
    } catch {
      return;
    }
  }
}

/**
 * The journal that an option names; undefined if it names none.
 *
 * @throws InvalidRequestError as `Journal.open`
 */
export function openJournal(file: string | undefined, { cwd }: Pick<Io, "cwd">): Journal | undefined {
  if (file === undefined) {
    return undefined;
  }
  checkText("resume", file, "the path of a file");
  return Journal.open(resolve(cwd, file), readClock());
}

/** The lines of a journal that still count, by their keys. */
interface Counting {
  readonly lines: ReadonlyMap<string, Line>;
  /** What all of them have, bytes, and those that a newer answer replaces. */
  readonly size: number;
  /** What the file has, bytes. */
  readonly sizeOfAll: number;
}

const nothing: Counting = { lines: new Map(), size: 0, sizeOfAll: 0 };

/** Undefined if the file is no journal: nobody's text should be lost. */
function countingLines(file: string, now: Instant): Counting | undefined {
  const lines = new Map<string, Line>();
  const oldest = addHours(now, -countsForHours);
  let size = 0;
  let sizeOfAll = 0;
  const descriptor = openSync(file, "r");
  try {
    // Another file may have no lines at all.
    const to = Math.min(fstatSync(descriptor).size, lineStart.length);
    if (!isOwnBeginning(bytesOf(descriptor, { from: 0, to }))) {
      return undefined;
    }
    for (const line of linesIn(descriptor)) {
      const { bytes, from } = line;
      sizeOfAll += bytes.length;
      const { key, askedAt } = parsed(bytes);
      // A process may be killed while it writes a line.
      if (key === undefined && !isOwnBeginning(bytes)) {
        return undefined;
      }
      if (isWhole(line) && key !== undefined && askedAt !== undefined && askedAt >= oldest && askedAt <= now) {
        lines.set(key, { askedAt, from, to: from + bytes.length });
        size += bytes.length;
      }
    }
    return { lines, size, sizeOfAll };
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Leaves these lines alone in a journal. It becomes a new file: whoever kills this run meanwhile leaves the old one, whole.
 *
 * @returns where the lines are then
 */
function shorten(file: string, { lines, sizeOfAll }: Counting): ReadonlyMap<string, Line> {
  // A link stays a link.
  const path = realpathSync(file);
  const shorter = `${path}.${randomUUID()}`;
  const old = openSync(path, "r");
  const kept = new Map<string, Line>();
  let size = 0;
  try {
    writeFileSync(shorter, "", { mode: ownersAlone });
    for (const [key, line] of lines) {
      const bytes = bytesOf(old, line);
      appendFileSync(shorter, bytes);
      kept.set(key, { ...line, from: size, to: size + bytes.length });
      size += bytes.length;
    }
    if (fstatSync(old).size !== sizeOfAll) {
      throw new InvalidRequestError("resume", file, "a file to which no other run writes");
    }
    renameSync(shorter, path);
    return kept;
  } catch (error) {
    rmSync(shorter, { force: true });
    throw error;
  } finally {
    closeSync(old);
  }
}

function bytesOf(descriptor: number, { from, to }: Pick<Line, "from" | "to">): Buffer {
  const bytes = Buffer.alloc(to - from);
  readSync(descriptor, bytes, 0, bytes.length, from);
  return bytes;
}

/** How each line begins, with letters in place of its key. */
const lineStart = `{"key":"${"A".repeat(43)}","askedAt":"`;

/** Whether bytes can be the beginning of a line, however few they are. */
function isOwnBeginning(bytes: Buffer): boolean {
  const text = bytes.toString("latin1", 0, lineStart.length);
  const letters = (of: string): string => of.replace(/[\w-]/g, "A");
  return letters(lineStart).startsWith(letters(text));
}

function parsed(line: Buffer): { readonly key?: string; readonly askedAt?: Instant } {
  try {
    const { key, askedAt } = JSON.parse(line.toString()) as Readonly<Record<string, unknown>>;
    return typeof key === "string" && typeof askedAt === "string" && isInstant(askedAt) ? { key, askedAt } : {};
  } catch {
    return {};
  }
}

/** Questions are the same if all that they say is. */
function keyOf(question: object): string {
  return createHash("sha256")
    .update(JSON.stringify([ownManifest().version, question]))
    .digest("base64url");
}

function unusable(file: string, error: unknown): unknown {
  if (error instanceof InvalidRequestError || !isObject(error) || typeof error["code"] !== "string") {
    return error;
  }
  return unwritable("resume", file, error);
}
