import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { gunzipSync, gzipSync } from "node:zlib";
import { instanceIds, regionId, restoreRegion } from "../fleet";
import { runNode } from "../run-process";
import { cli, inFolder, programPath } from "../setting";
import { StandIn } from "../stand-in";

/** A lock file, as it is published. */
export interface PublishedFile {
  readonly answers: number;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** What so many pipelines cost. */
export interface Pipelines {
  readonly pipelines: number;
  /** Those that got their answer. */
  readonly succeeded: number;
  /** Requests to the API. */
  readonly requests: number;
  readonly downloadedBytes: number;
  readonly seconds: number;
}

/** What was measured of pipelines that share answers, and of those that do not. */
export interface Sharing {
  readonly files: readonly PublishedFile[];
  readonly requestsPerSecond: number;
  readonly deadlineSeconds: number;
  readonly shared: Pipelines;
  readonly each: Pipelines;
}

/** What the API of the simulation answers, requests a second, and how long a pipeline waits. */
const requestsPerSecond = 1;
const deadlineSeconds = 15;

/** Pipelines that run at once on this machine, if they share answers: they wait for nobody. */
const atOnce = 4;

const lockFileName = "rds-dr.lock.json";

/**
 * Lets pipelines synthesise an app with one lookup: from a published file, then each with a lookup of its own, all at
 * once.
 */
export function measureSharing({
  pipelines,
  answers,
}: {
  readonly pipelines: number;
  /** Sizes of the files to measure. */
  readonly answers: readonly number[];
}): Promise<Sharing> {
  return inFolder(async (cwd) => {
    const files: PublishedFile[] = [];
    for (const count of answers) {
      files.push(await publish(count, cwd));
    }
    const recipe = { instances: 1, records: 28, latencyMs: 20, requestsPerSecond };
    return StandIn.with(recipe, async (standIn) => {
      await refresh(standIn, join(cwd, lockFileName));
      await standIn.tally();
      const shared = await shareOne(pipelines, standIn, cwd);
      const each = await askEach(pipelines, standIn, cwd);
      return { files, requestsPerSecond, deadlineSeconds, shared, each };
    });
  });
}

/** Answers that are looked up for a published file. In a larger one they come again, under other ids. */
const mostLookedUp = 1_000;

/** The size of a lock file of so many answers. */
function publish(answers: number, cwd: string): Promise<PublishedFile> {
  const instances = Math.min(answers, mostLookedUp);
  return StandIn.with({ instances, records: 3, latencyMs: 0 }, async (standIn) => {
    const path = join(cwd, `${answers}.json`);
    await refresh(standIn, path);
    const file = JSON.parse(readFileSync(path, "utf8")) as { readonly answers: object };
    const entries = Object.entries<unknown>({ ...file.answers });
    const all = Array.from({ length: answers }, (_, index) => {
      const [key, entry] = JSON.parse(
        JSON.stringify(entries[index % instances]).replaceAll(/rm-bench\d+/g, `rm-bench${index}`),
      ) as [string, unknown];
      return [key, entry] as const;
    });
    const bytes = Buffer.from(`${JSON.stringify({ ...file, answers: Object.fromEntries(all) }, undefined, 2)}\n`);
    return { answers, bytes: bytes.length, gzipBytes: gzipSync(bytes).length };
  });
}

/** Locks the answers for all instances of a stand-in, as the one refresh of an account and region does. */
async function refresh(standIn: StandIn, lockFile: string): Promise<void> {
  const ids = `${lockFile}.ids`;
  writeFileSync(ids, instanceIds(standIn.recipe.instances).join("\n"));
  const region = ["--region-id", regionId, "--restore-region", restoreRegion];
  await runNode([cli, "lookup", "--from", ids, ...region, "--json"], {
    cwd: join(lockFile, ".."),
    environment: {
      ...standIn.environment,
      RDS_DR_MODE: "refresh",
      RDS_DR_LOCK_FILE: lockFile,
      RDS_DR_DEADLINE_SECONDS: "3600",
    },
    timeoutMs: 3_600_000,
  });
}

/** Each pipeline downloads the published file, and synthesises with it. The API is at hand, and nobody asks it. */
async function shareOne(pipelines: number, standIn: StandIn, cwd: string): Promise<Pipelines> {
  const published = gzipSync(readFileSync(join(cwd, lockFileName)));
  const storage = createServer((_, response) => response.end(published));
  storage.listen(0, "127.0.0.1");
  await once(storage, "listening");
  const begin = performance.now();
  let downloadedBytes = 0;
  const outcomes: boolean[] = [];
  const names = Array.from({ length: pipelines }, (_, index) => `shared-${index}`).values();
  const work = async (): Promise<void> => {
    for (const name of names) {
      const folder = folderIn(cwd, name);
      const body = Buffer.from(await (await fetch(urlOf(storage))).arrayBuffer());
      downloadedBytes += body.length;
      writeFileSync(join(folder, lockFileName), gunzipSync(body));
      outcomes.push(await isSynthesised(folder, { ...standIn.environment, RDS_DR_MODE: "locked" }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (performance.now() - begin) / 1_000;
  storage.close();
  const { arrivals } = await standIn.tally();
  return { pipelines, succeeded: succeededIn(outcomes), requests: arrivals.length, downloadedBytes, seconds };
}

/** Each pipeline asks the API, all of them at once, as after a region is lost. */
async function askEach(pipelines: number, standIn: StandIn, cwd: string): Promise<Pipelines> {
  const begin = performance.now();
  const environment = { ...standIn.environment, RDS_DR_DEADLINE_SECONDS: String(deadlineSeconds) };
  const outcomes = await Promise.all(
    Array.from({ length: pipelines }, (_, index) => isSynthesised(folderIn(cwd, `each-${index}`), environment)),
  );
  const seconds = (performance.now() - begin) / 1_000;
  const { arrivals } = await standIn.tally();
  return { pipelines, succeeded: succeededIn(outcomes), requests: arrivals.length, downloadedBytes: 0, seconds };
}

function folderIn(cwd: string, name: string): string {
  const folder = join(cwd, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ language: "typescript", app: "node app.js" }));
  return folder;
}

async function isSynthesised(cwd: string, environment: Readonly<Record<string, string>>): Promise<boolean> {
  const { code } = await runNode([programPath("lookups-app")], {
    cwd,
    environment: { BENCH_INSTANCES: "1", ...environment },
    mayFail: true,
  });
  return code === 0 && statSync(join(cwd, "cdktf.out", "stacks", "lookup", "cdk.tf.json")).size > 0;
}

function succeededIn(outcomes: readonly boolean[]): number {
  return outcomes.filter((isDone) => isDone).length;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
