import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { isMainThread } from "node:worker_threads";
import { keyIn, type KeySource, noKey, programNames, type SessionKey, textIn, unavailable } from "./key-source";
import { isObject } from "../../backup/json-object";

/** A word of a command line, in quotes as a whole or in parts. */
const word = /(?:[^\s"']+|"[^"]*"|'[^']*')+/g;

/** A part of a word in quotes, which are no part of its value. */
const quoted = /"([^"]*)"|'([^']*)'/g;

/** Waits so long for the output after the exit, milliseconds: a program left in the background may keep it open. */
const outputGraceMs = 500;

/** These end this process and would leave a program in its own group behind; a thread hears no signal. */
const endSignals: readonly NodeJS.Signals[] = isMainThread ? ["SIGINT", "SIGTERM", "SIGHUP"] : [];

/** More than an access key takes, bytes. */
const maxOutputBytes = 100_000;

/** A program that prints an access key as JSON, in the words of a profile of the CLI. */
export function credentialProgram(profile: string, command: string): KeySource {
  const [file = "", ...args] = (command.match(word) ?? []).map((each) => each.replace(quoted, "$1$2"));
  // The arguments may contain a secret.
  const asked = `the program ${file} of the profile "${profile}"`;
  return async (signal) => {
    if (file === "") {
      throw noKey(asked, "it has no name");
    }
    return keyOf(asked, await outputOf(asked, [file, ...args], signal));
  };
}

/** What a program prints; it is killed with its children when the signal aborts. */
async function outputOf(asked: string, command: readonly [string, ...string[]], signal: AbortSignal): Promise<string> {
  if (signal.aborted) {
    throw unavailable(asked, "there is no time left to run it");
  }
  const child = start(asked, command);
  const ended = new AbortController();
  const end = (name: NodeJS.Signals): void => {
    killGroup(child);
    // Nobody listens any more, so this signal ends the process as well.
    process.kill(process.pid, name);
  };
  endSignals.forEach((name) => process.once(name, end));
  try {
    return await new Promise<string>((resolve, reject) => {
      let output = "";
      const finish = (exitCode: number | null): void => {
        if (exitCode === 0) {
          resolve(output);
        } else {
          reject(noKey(asked, exitCode === null ? "it was killed" : `it exits with ${exitCode}`));
        }
      };
      const stop = (): void => {
        reject(unavailable(asked, "it did not end in time"));
      };
      signal.addEventListener("abort", stop, { signal: ended.signal });
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.length > maxOutputBytes) {
          reject(noKey(asked, "it prints too much"));
        }
      });
      child.on("error", (error) => {
        reject(notRun(asked, error));
      });
      child.on("close", finish);
      child.on("exit", (exitCode) => {
        setTimeout(finish, outputGraceMs, exitCode).unref();
      });
    });
  } catch (error) {
    killGroup(child);
    throw error;
  } finally {
    endSignals.forEach((name) => process.removeListener(name, end));
    ended.abort();
    child.stdout.destroy();
  }
}

/** Starts a program in a group of its own, so that its children can be killed with it. */
function start(
  asked: string,
  [file, ...args]: readonly [string, ...string[]],
): ChildProcessByStdio<null, Readable, null> {
  try {
    return spawn(file, args, {
      // What it prints on standard error may hold a key.
      stdio: ["ignore", "pipe", "ignore"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
  } catch (error) {
    // Node throws for arguments that the system does not take, and quotes them.
    throw notRun(asked, error);
  }
}

/** Kills a program that runs in a group of its own, with its children. */
export function killGroup(child: ChildProcess): void {
  child.unref();
  if (child.pid === undefined || process.platform === "win32") {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

function keyOf(asked: string, output: string): SessionKey {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    // The error quotes the output, which may contain a key.
  }
  if (!isObject(json)) {
    throw noKey(asked, "it prints no JSON object");
  }
  const mode = textIn(json, "mode");
  const key = keyIn(json, programNames);
  if (key === undefined || (mode?.toLowerCase() === "ststoken" && key.securityToken === undefined)) {
    throw noKey(asked, "it prints no whole access key");
  }
  if (mode !== undefined && !["ak", "ststoken"].includes(mode.toLowerCase())) {
    throw noKey(asked, `it prints the mode "${mode}", and only AK and StsToken are read`);
  }
  return key;
}

function notRun(asked: string, error: unknown): ReturnType<typeof noKey> {
  const { code = "unknown error" } = error as NodeJS.ErrnoException;
  return noKey(asked, `it cannot be run (${code})`);
}
