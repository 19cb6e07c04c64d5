import { readFileSync, writeSync } from "node:fs";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { RdsApiError } from "../../lib/rds-api/errors/rds-api-error";
import { createCredentialsProvider, type CredentialsCase, type CredentialsOutcome } from "./access-keys-of";

// The program that accessKeysOf runs: the cases on standard input, what each gave on standard output.

const METADATA_SERVICE = "100.100.100.200";
const originalRequest = http.request;

/** Sends requests to the metadata service elsewhere. */
function redirectMetadataService(port: number): void {
  http.request = ((options: http.RequestOptions, ...others: never[]) =>
    originalRequest(
      options.hostname === METADATA_SERVICE || options.host === METADATA_SERVICE
        ? { ...options, host: "127.0.0.1", hostname: "127.0.0.1", port }
        : options,
      ...others,
    )) as typeof http.request;
}

async function outcomesOf(asked: CredentialsCase): Promise<CredentialsOutcome[]> {
  const { home, profile, environment = {}, metadataPort, askers = 1 } = asked;
  const disabled = metadataPort === undefined ? { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" } : {};
  for (const name of Object.keys(process.env).filter((name) => name.startsWith("ALI"))) {
    process.env[name] = "";
  }
  Object.assign(process.env, { HOME: home, ...disabled, ...environment });
  if (metadataPort !== undefined) {
    redirectMetadataService(metadataPort);
  }
  const provider = createCredentialsProvider(profile, process.env);
  const outcomes = await Promise.allSettled(
    Array.from({ length: askers }, async (_, index) => {
      await sleep(index);
      return provider.getCredentials();
    }),
  );
  http.request = originalRequest;
  return outcomes.map((outcome) =>
    outcome.status === "fulfilled" ? { accessKey: { ...outcome.value } } : failureOf(outcome.reason),
  );
}

function failureOf(error: unknown): CredentialsOutcome {
  if (!(error instanceof RdsApiError)) {
    return { everything: inspect(error) };
  }
  const everything = [error.stack, JSON.stringify(error), inspect(error, { depth: 10, showHidden: true })].join();
  return { code: error.code, message: error.message, everything };
}

async function main(): Promise<void> {
  const cases = JSON.parse(readFileSync(0, "utf8")) as CredentialsCase[];
  const results: CredentialsOutcome[][] = [];
  for (const each of cases) {
    results.push(await outcomesOf(each));
  }
  writeSync(1, JSON.stringify(results));
}

void main();
