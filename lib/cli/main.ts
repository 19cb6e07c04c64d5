#!/usr/bin/env node
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { shownValue } from "../validation/checks";
import { ExitCode } from "./exit-code";
import { type Io, printNote } from "./io";
import { runCommand } from "./program";

/* The process of the command: the only file that touches it. */

const standardOutput = 1;

const io: Io = {
  environment: process.env,
  cwd: process.cwd(),
  // Opened only if a command reads it.
  get stdin() {
    return process.stdin;
  },
  stdout: { write: writeResult, isTTY: process.stdout.isTTY, columns: process.stdout.columns },
  stderr: process.stderr,
  clock: { now: Date.now, sleep },
  signals: process,
};

let isWriteFailed = false;

/**
 * Writes to standard output. If that fails, the command has failed, unless the reader went away, as `head` does.
 *
 * @returns when a slow reader has taken so much that the rest need not be held
 */
async function writeResult(text: string): Promise<void> {
  const { stdout } = process;
  if (stdout instanceof Socket) {
    if (!stdout.write(text) && stdout.writableNeedDrain && stdout.writable) {
      // Whatever went wrong comes to the listener for errors.
      await once(stdout, "drain").catch(() => undefined);
    }
    return;
  }
  try {
    // The stream would not notice that a full disk took only a part.
    writeFileSync(standardOutput, text);
  } catch (error) {
    failToWrite(error);
  }
}

function failToWrite(error: unknown): void {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  if (code === "EPIPE" || isWriteFailed) {
    return;
  }
  isWriteFailed = true;
  printNote(
    io,
    `error: the result is not printed, or only a part: standard output must be a place that can be written, but is ${shownValue(code)}\n  -> free some room there, or send the output to another place, and run the command again`,
  );
  process.once("exit", () => {
    process.exitCode = ExitCode.DEFECT;
  });
}

async function main(): Promise<void> {
  // Without these listeners, Node prints a stack.
  process.stdout.on("error", failToWrite);
  process.stderr.on("error", () => undefined);
  process.exitCode = await runCommand(process.argv.slice(2), io);
  // A library may still wait, for example for a silent token service: that must not keep the process.
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
}

void main();
