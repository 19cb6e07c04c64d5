import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  readSync,
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
import { InvalidRequestError } from "../validation/checks";
import { ownManifest } from "../validation/own-package";
import { CommandFailure } from "./exit-code";
import { type Io, unwritable } from "./io";

/** How long an answer counts, hours: a later run asks again. */
const countsForHours = 1;

/** Only its owner may read it, as it says what an account has. */
const ownersAlone = 0o600;

const newLine = 10;

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
      const bytes = stats === undefined ? Buffer.alloc(0) : readFileSync(file);
      const { lines, kept } = countingLines(bytes, now);
      if (lines === undefined) {
        const allowed = "a file that an earlier run with --resume wrote, or the name of a new one";
        throw new InvalidRequestError("resume", file, allowed);
      }
      if (kept.length !== bytes.length) {
        // A new file: whoever kills this run now leaves the old one, whole.
        writeFileSync(`${file}.new`, kept, { mode: ownersAlone });
        renameSync(`${file}.new`, file);
      }
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
    const { from, to, askedAt } = line;
    const bytes = Buffer.alloc(to - from);
    readSync(this.descriptor, bytes, 0, bytes.length, from);
    return { answer: (JSON.parse(bytes.toString()) as Recorded<T>).answer, askedAt };
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
  return file === undefined ? undefined : Journal.open(resolve(cwd, file), readClock());
}

/** The lines that still count, and their bytes; no lines if the file is no journal. */
function countingLines(
  bytes: Buffer,
  now: Instant,
): { readonly lines: Map<string, Line> | undefined; readonly kept: Buffer } {
  const lines = new Map<string, Line>();
  const parts: Buffer[] = [];
  const oldest = addHours(now, -countsForHours);
  let length = 0;
  let isJournal = bytes.length === 0;
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(newLine, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end + 1);
    from += line.length;
    const { key, askedAt } = parsed(line);
    // A process may be killed while it writes its first line.
    isJournal ||= key !== undefined || (end < 0 && lineStart.startsWith(line.toString().slice(0, lineStart.length)));
    if (end >= 0 && key !== undefined && askedAt !== undefined && askedAt >= oldest && askedAt <= now) {
      lines.set(key, { askedAt, from: length, to: length + line.length });
      parts.push(line);
      length += line.length;
    }
  }
  return { lines: isJournal ? lines : undefined, kept: Buffer.concat(parts) };
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
