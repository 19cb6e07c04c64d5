import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Credentials } from "../../lib/rds-api/credentials/credentials";
import type { CredentialsProvider } from "../../lib/rds-api/credentials/key-source";
import { chooseRoleArn, type Environment } from "../../lib/rds-api/credentials/variables";

/** Where an access key is to be looked for. */
export interface CredentialsCase {
  /** The home directory. */
  readonly home: string;
  readonly profile?: string;
  /** Variables, besides those that the process needs. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Port of a stand-in for the metadata service of ECS. @default - there is none */
  readonly metadataPort?: number;
  /** How many ask, one a millisecond. @default 1 */
  readonly askers?: number;
}

/** What one asker got: an access key, or an error in every form in which it could be shown. */
export interface CredentialsOutcome {
  readonly accessKey?: Readonly<Record<string, string>>;
  readonly code?: string;
  readonly message?: string;
  readonly everything?: string;
}

/**
 * Asks for access keys in a process of its own, case by case: only there do the home directory and the address of
 * the metadata service belong to the test.
 */
export async function accessKeysOf(cases: readonly CredentialsCase[]): Promise<CredentialsOutcome[][]> {
  const child = spawn(process.execPath, [join(__dirname, "print-access-keys.js")], {
    env: { PATH: process.env["PATH"] },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(cases));
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  await once(child, "close");
  return JSON.parse(output) as CredentialsOutcome[][];
}

/** The access keys of one source, with half a minute to ask for them. */
export function createCredentialsProvider(profile: string | undefined, environment: Environment): CredentialsProvider {
  return new Credentials(environment, 30_000).providerFor(profile, chooseRoleArn(environment));
}
