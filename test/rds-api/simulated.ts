import { Pace } from "../../lib/rds-api/pace/pace";
import { PopCoreTransport } from "../../lib/rds-api/pop-core-transport";
import { RdsClient } from "../../lib/rds-api/rds-client";
import type { CredentialsProvider } from "../../lib/rds-api/credentials/key-source";
import { type Simulator, simulatorCredentials, type World, type WorldRecord } from "../../lib/simulator";

/** What a client of a test differs in. */
export interface ClientOptions {
  /** Another name for the simulator. */
  readonly endpoint?: string;
  readonly deadlineMs?: number;
  readonly concurrency?: number;
  readonly credentials?: CredentialsProvider;
}

/** A client of the simulator over a real socket. */
export function connect(simulator: Simulator, options: ClientOptions = {}): RdsClient {
  const { deadlineMs = 10_000, concurrency = 16 } = options;
  const transport = new PopCoreTransport({
    endpoint: options.endpoint ?? simulator.url,
    credentials: options.credentials ?? {
      getCredentials: () => Promise.resolve({ ...simulatorCredentials }),
    },
    maxSockets: concurrency,
  });
  return new RdsClient(transport, performance.now() + deadlineMs, concurrency, new Pace());
}

/** The MySQL instance of the demo world. */
export const mysql = { dbInstanceId: "rm-uf6wjk5t8q2vz71ab", regionId: "cn-hangzhou" };

const dayMs = 24 * 60 * 60 * 1_000;

/** The instant so many days from now. */
export function inDays(days: number): string {
  return `${new Date(Date.now() + days * dayMs).toISOString().slice(0, "yyyy-MM-ddTHH:mm:ss".length)}Z`;
}

/** A window of the last days and the next one. */
export function lastDays(days: number): { readonly startTime: string; readonly endTime: string } {
  return { startTime: inDays(-days), endTime: inDays(1) };
}

/** A world of one instance with so many backups, one a day, valid but for what is changed. */
export function worldOf(count: number, changes: WorldRecord = {}, rest: Partial<World> = {}): World {
  const newest = {
    CrossBackupId: 1_000_000,
    BackupStartTime: "now-1h",
    BackupEndTime: "now-50m",
    ConsistentTime: "now-55m",
    BackupType: "F",
    BackupMethod: "P",
    BackupSetStatus: 0,
    BackupSetScale: 0,
    CrossBackupRegion: "cn-shanghai",
    CrossBackupSetFile: "data_{date}_qp.xb",
    CrossBackupSetSize: 5312836,
    CrossBackupDownloadLink: "https://b.oss.aliyuncs.com/data?OSSAccessKeyId=FAKE-LINK-KEY&Signature=FAKE-LINK",
    Engine: "mysql",
    EngineVersion: "8.0",
    RestoreRegions: { RestoreRegion: ["cn-hangzhou", "cn-shanghai"] },
    "x-repeat": { count, every: "1d" },
    ...changes,
  };
  return {
    instances: [
      {
        ...mysql,
        engine: "MySQL",
        engineVersion: "8.0",
        localDisks: true,
        backups: count === 0 ? [] : [newest],
      },
    ],
    ...rest,
  };
}

/** The error that a promise is broken with. */
export async function errorOf<E extends Error>(
  promise: Promise<unknown>,
  type: new (...parameters: never[]) => E,
): Promise<E> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof type) {
      return error;
    }
    throw error;
  }
  throw new Error(`expected ${type.name}, but nothing was thrown`);
}
