import { accessSync, closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { writeWhole } from "../lock/write-whole";
import { prometheusLines } from "../report/prometheus";
import type { Report } from "../report/report";
import { InvalidRequestError } from "../validation/checks";
import { type Io, unwritable } from "./io";

/** The files to which a report is written. */
export interface ReportFiles {
  /** The page. */
  readonly html?: string;
  /** The metrics. */
  readonly prometheus?: string;
}

/** Nobody should wait for a report that cannot be written. */
export function checkFolders({ html, prometheus }: ReportFiles, { cwd }: Io): void {
  for (const [option, file] of Object.entries({ html, prometheus })) {
    if (file !== undefined) {
      const path = resolve(cwd, file);
      try {
        accessSync(dirname(path), constants.W_OK | constants.X_OK);
      } catch (error) {
        throw unwritable(option, file, error);
      }
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
        throw new InvalidRequestError(option, file, "the path of a file: a folder or a device has that name");
      }
    }
  }
}

/** Writes the report to the files that the options name. Whoever reads one of them meanwhile finds the old one, whole. */
export async function writeFiles(made: Report, { html, prometheus }: ReportFiles, io: Io): Promise<void> {
  if (prometheus !== undefined) {
    await writeFile("prometheus", prometheus, prometheusLines(made, endOf(resolve(io.cwd, prometheus))), io);
  }
  if (html !== undefined) {
    const { reportPage } = require("../report/page") as typeof import("../report/page");
    await writeFile("html", html, reportPage(made), io);
  }
}

/** The end of a file, in which is the time of the last whole report; empty if it cannot be read: a new one replaces it. */
function endOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(Math.min(endBytes, fstatSync(file).size));
      return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, fstatSync(file).size - bytes.length));
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

const endBytes = 4_096;

async function writeFile(option: string, file: string, text: string | Iterable<string>, { cwd }: Io): Promise<void> {
  try {
    await writeWhole(resolve(cwd, file), text);
  } catch (error) {
    throw unwritable(option, file, error);
  }
}
