import { createHash } from "node:crypto";
import { appendFileSync, closeSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { addHours, type Instant, isInstant } from "../backup/instant";
import { isObject } from "../backup/json-object";
import { readClock } from "../lookup/query";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { checkText, InvalidRequestError } from "../validation/checks";
import { ownManifest } from "../validation/own-package";
import { CommandFailure } from "./exit-code";
import { type Io, unwritable } from "./io";

/** How long an answer counts, hours: a later run asks again. */
const countsForHours = 1;

/** Only its owner may read it, as it says what an account has. */
const ownersAlone = 0o600;

const newLine = 10;

/** Bytes of one read. */
const chunkBytes = 1024 * 1024;

/** A line is shorter, bytes: the instances of a region are 20 MB if there are 50,000. */
const longestLine = 256 * 1024 * 1024;

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
    private readonly lines: Map<string, Line>,
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
      const descriptor = openSync(file, "a+", ownersAlone);
      const lines = countingLines(descriptor, now);
      if (lines === undefined) {
        closeSync(descriptor);
        const allowed = "a file that an earlier run with --resume wrote, or the name of a new one";
        throw new InvalidRequestError("resume", file, allowed);
      }
      const bytes = [...lines.values()].reduce((sum, { from, to }) => sum + to - from, 0);
      return bytes === fstatSync(descriptor).size
        ? new Journal(file, descriptor, lines)
        : Journal.shortened(file, descriptor, lines);
    } catch (error) {
      throw unusable(file, error);
    }
  }

  /** The journal with these lines alone. It is a new file: whoever kills this run now leaves the old one, whole. */
  private static shortened(file: string, old: number, lines: ReadonlyMap<string, Line>): Journal {
    const path = `${file}.new`;
    rmSync(path, { force: true });
    const descriptor = openSync(path, "a+", ownersAlone);
    let size = 0;
    const kept = new Map<string, Line>();
    for (const [key, line] of lines) {
      const bytes = bytesOf(old, line);
      appendFileSync(descriptor, bytes);
      kept.set(key, { ...line, from: size, to: size + bytes.length });
      size += bytes.length;
    }
    closeSync(old);
    renameSync(path, file);
    return new Journal(file, descriptor, kept);
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

/** The lines that still count, by their keys; undefined if the file is no journal. */
function countingLines(descriptor: number, now: Instant): Map<string, Line> | undefined {
  const lines = new Map<string, Line>();
  const oldest = addHours(now, -countsForHours);
  let isJournal = fstatSync(descriptor).size === 0;
  for (const { line, from } of linesIn(descriptor)) {
    const isWhole = line.at(-1) === newLine;
    const { key, askedAt } = parsed(line);
    // A process may be killed while it writes its first line.
    isJournal ||= key !== undefined || (!isWhole && lineStart.startsWith(line.toString("utf8", 0, lineStart.length)));
    if (isWhole && key !== undefined && askedAt !== undefined && askedAt >= oldest && askedAt <= now) {
      lines.set(key, { askedAt, from, to: from + line.length });
    }
  }
  return isJournal ? lines : undefined;
}

/** The lines of a file, each with its end, and where it is. Of a large file, one is held at a time. */
function* linesIn(descriptor: number): Generator<{ readonly line: Buffer; readonly from: number }> {
  const chunk = Buffer.alloc(chunkBytes);
  let from = 0;
  let bytes = Buffer.alloc(0);
  for (let count = -1; count !== 0 && bytes.length < longestLine;) {
    count = readSync(descriptor, chunk, 0, chunk.length, from + bytes.length);
    bytes = Buffer.concat([bytes, chunk.subarray(0, count)]);
    let start = 0;
    for (let end = bytes.indexOf(newLine); end >= 0; end = bytes.indexOf(newLine, start)) {
      yield { line: bytes.subarray(start, end + 1), from: from + start };
      start = end + 1;
    }
    from += start;
    bytes = bytes.subarray(start);
  }
  if (bytes.length > 0) {
    yield { line: bytes, from };
  }
}

function bytesOf(descriptor: number, { from, to }: Line): Buffer {
  const bytes = Buffer.alloc(to - from);
  readSync(descriptor, bytes, 0, bytes.length, from);
  return bytes;
}

const lineStart = '{"key":"';

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
