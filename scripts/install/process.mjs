import { spawn } from "node:child_process";
import { clearTimeout, setTimeout } from "node:timers";

/** A command that failed, with all that it printed. */
export class CommandFailure extends Error {
  constructor(command, reason, output) {
    super(`${command}\n${output}${reason}`);
    this.output = output;
  }
}

/** How long a command may take, milliseconds. */
const patienceMs = 240_000;

const running = new Set();

/** Stops every command: for an interruption, which reaches no process group but the first. */
export function stopAll() {
  running.forEach(stop);
}

/**
 * Starts a command in a process group of its own. It returns what the command prints, as far as it is known, and
 * promises its end.
 */
export function start([file, ...args], { cwd, env }) {
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const started = { child, output: "", onOutput: () => undefined };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      started.output += chunk;
      started.onOutput();
    });
  }
  started.ended = new Promise((resolve) => {
    child.once("error", ({ message }) => resolve(message));
    child.once("close", (code, signal) => resolve(code === 0 ? undefined : `ended with ${code ?? signal}`));
  }).finally(() => running.delete(child));
  return started;
}

/** Stops a command and all that it started. */
export function stop(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Runs a command, and returns what it printed. @throws CommandFailure unless it ends with 0 in time */
export async function run(words, options) {
  const started = start(words, options);
  let lateness;
  const timer = setTimeout(() => {
    lateness = `did not end within ${patienceMs / 1_000} s`;
    stop(started.child);
  }, patienceMs);
  const end = await started.ended;
  clearTimeout(timer);
  const failure = lateness ?? end;
  if (failure !== undefined) {
    throw new CommandFailure(words.join(" "), failure, started.output);
  }
  return started.output;
}
