import { constants } from "node:os";
import type { CommandResult, Io } from "./io";

/** The signals that stop a command. */
export const stopSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** What a command comes to that a signal has stopped: the exit code is that of a shell. */
export function stoppedBy(signal: NodeJS.Signals, note: string): CommandResult {
  return { exitCode: 128 + constants.signals[signal], notes: [`rds-dr: stopped${note}`] };
}

/**
 * What work comes to; or what is said after a signal. What the work has begun goes on until the process ends.
 *
 * @param note what to know then, to follow the word "stopped"
 */
export async function untilSignal(
  { signals }: Io,
  work: () => Promise<CommandResult>,
  note: () => string,
): Promise<CommandResult> {
  let stop: (signal: NodeJS.Signals) => void = () => undefined;
  const signalled = new Promise<CommandResult>((resolve) => {
    stop = (signal) => {
      resolve(stoppedBy(signal, note()));
    };
  });
  stopSignals.forEach((signal) => signals.on(signal, stop));
  try {
    return await Promise.race([work(), signalled]);
  } finally {
    stopSignals.forEach((signal) => signals.removeListener(signal, stop));
  }
}
