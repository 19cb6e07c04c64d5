import { accessSync, closeSync, constants, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { writeWhole } from "../lock/write-whole";
import { lastSuccess, prometheusLines } from "../report/prometheus";
import type { Report } from "../report/report";
import { InvalidRequestError } from "../validation/checks";
import { linesIn } from "./file-lines";
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
    await writeFile("prometheus", prometheus, prometheusLines(made, lastSuccessIn(resolve(io.cwd, prometheus))), io);
  }
  if (html !== undefined) {
    const { reportPage } = require("../report/page") as typeof import("../report/page");
    await writeFile("html", html, reportPage(made), io);
  }
}

/** The line of a file that says when the last whole report was made; empty if none does: a new file replaces it. */
function lastSuccessIn(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      let found = "";
      for (const { bytes } of linesIn(file)) {
        found = bytes.indexOf(lastSuccess) === 0 ? bytes.toString() : found;
      }
      return found;
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

async function writeFile(option: string, file: string, text: string | Iterable<string>, { cwd }: Io): Promise<void> {
  try {
    await writeWhole(resolve(cwd, file), text);
  } catch (error) {
    throw unwritable(option, file, error);
  }
}
