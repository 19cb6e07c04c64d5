import { writeSync } from "node:fs";
import { printable } from "../validation/printable";

const standardError = 2;

/** The first line comes after a second, then one every five. */
const firstSecond = 1;
const everySeconds = 5;

/**
 * Shows on standard error where a wait stands, once it takes over a second.
 *
 * @param whom what is waited for
 * @returns call it to stop
 */
export function showProgress(whom: string, standing: () => string): () => void {
  let seconds = 0;
  const timer = setInterval(() => {
    seconds++;
    if (seconds === firstSecond || seconds % everySeconds === 0) {
      write(`rds-dr: waiting for ${whom}, ${standing()} after ${seconds} s\n`);
    }
  }, 1_000);
  return () => {
    clearInterval(timer);
  };
}

/** Synchronous: while a synthesis waits, its main thread would show anything else only afterwards. */
function write(line: string): void {
  try {
    writeSync(standardError, printable(line));
  } catch {
    // Standard error is closed or full: progress is not worth a failure.
  }
}
