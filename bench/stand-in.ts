import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { simulatorCredentials } from "cdktf-alicloud-rds-dr/simulator";
import type { Arrival } from "./arrivals";
import type { Recipe } from "./fleet";
import { bareEnvironment } from "./run-process";

/** What came to a stand-in. */
export interface Tally {
  readonly arrivals: readonly Arrival[];
  readonly maxInFlight: number;
  readonly connections: number;
}

/** A stand-in for the RDS API in a process of its own. */
export class StandIn {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly recipe: Recipe,
  ) {}

  /** Starts one, hands it over, and stops it. */
  static async with<T>(recipe: Recipe, use: (standIn: StandIn) => Promise<T>): Promise<T> {
    const child = fork(join(__dirname, "stand-in-process.js"), [JSON.stringify(recipe)], {
      env: bareEnvironment(__dirname),
    });
    try {
      return await use(new StandIn(child, await replyOf<string>(child), recipe));
    } finally {
      child.disconnect();
      await once(child, "exit");
    }
  }

  /** What came since the last time it was asked, or since the start. */
  async tally(): Promise<Tally> {
    const reply = replyOf<Tally>(this.child);
    this.child.send("tally");
    return reply;
  }

  /** What makes the package talk to it, with credentials that every tool of Alibaba reads. */
  get environment(): Readonly<Record<string, string>> {
    return {
      RDS_DR_ENDPOINT: this.url,
      ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
    };
  }
}

/** The next message of a process; rejects if the process ends without one. */
async function replyOf<T>(child: ChildProcess): Promise<T> {
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  child.once("exit", end);
  try {
    const [reply] = (await once(child, "message", { signal: over.signal })) as [T];
    return reply;
  } finally {
    child.off("exit", end);
  }
}
