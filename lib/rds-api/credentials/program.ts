import { type ChildProcess, spawn } from "node:child_process";
import { isObject } from "../../backup/json-object";
import { credentialsError, keyIn, type KeySource, type SessionKey, textIn, unavailable } from "./session-key";

/** The names that a profile of the CLI gives the parts of an access key; so does a program that prints one. */
export const profileFields = {
  accessKeyId: "access_key_id",
  accessKeySecret: "access_key_secret",
  securityToken: "sts_token",
  expiration: "expiration",
};

/** A word of a command line, in quotes as a whole or in parts. */
const word = /(?:[^\s"']+|"[^"]*"|'[^']*')+/g;

/** A part of a word in quotes, which are no part of its value. */
const quoted = /"([^"]*)"|'([^']*)'/g;

/** A program ends its output when it exits; one that it left in the background may hold it open, milliseconds. */
const outputGraceMs = 500;

/** More than any program prints that prints an access key, bytes. */
const maxOutputBytes = 100_000;

/** A program that prints an access key as JSON, in the words of a profile of the CLI. */
export function credentialProgram(profile: string, command: string): KeySource {
  const [file = "", ...args] = (command.match(word) ?? []).map((each) => each.replace(quoted, "$1$2"));
  // The arguments may hold a secret.
  const asked = `the program ${file} of the profile "${profile}"`;
  return async (signal) => {
    if (file === "") {
      throw noKey(asked, "it has no name");
    }
    return keyOf(asked, await outputOf(asked, { file, args }, signal));
  };
}

interface Program {
  readonly file: string;
  readonly args: readonly string[];
}

/** What a program prints; it is killed with its children when the signal aborts. */
async function outputOf(asked: string, { file, args }: Program, signal: AbortSignal): Promise<string> {
  if (signal.aborted) {
    throw unavailable(asked, "there is no time left to run it");
  }
  // In a group of its own, so that its children can be killed with it. What it prints on standard error may hold a key.
  const child = spawn(file, args, {
    stdio: ["ignore", "pipe", "ignore"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
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
      stop = () => {
        reject(unavailable(asked, "it did not end in time"));
      };
      signal.addEventListener("abort", stop);
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.length > maxOutputBytes) {
          reject(noKey(asked, "it prints too much"));
        }
      });
      child.on("error", ({ code }: NodeJS.ErrnoException) => {
        reject(noKey(asked, `it cannot be run (${code ?? "unknown error"})`));
      });
      child.on("close", finish);
      child.on("exit", (exitCode) => {
        timer = setTimeout(finish, outputGraceMs, exitCode);
      });
    });
  } catch (error) {
    killGroup(child);
    throw error;
  } finally {
    clearTimeout(timer);
    if (stop !== undefined) {
      signal.removeEventListener("abort", stop);
    }
    child.stdout.destroy();
  }
}

function killGroup(child: ChildProcess): void {
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
    // The error quotes the output, which may hold a key.
  }
  if (!isObject(json)) {
    throw noKey(asked, "it prints no JSON object");
  }
  const mode = textIn(json, "mode");
  const key = keyIn(json, profileFields);
  if (key === undefined || (mode?.toLowerCase() === "ststoken" && key.securityToken === undefined)) {
    throw noKey(asked, "it prints no whole access key");
  }
  if (mode !== undefined && !["ak", "ststoken"].includes(mode.toLowerCase())) {
    throw noKey(asked, `it prints the mode "${mode}", and only AK and StsToken are read`);
  }
  return key;
}

function noKey(asked: string, reason: string): ReturnType<typeof credentialsError> {
  return credentialsError("NoCredentials", `${asked} gives no access key: ${reason}`);
}
