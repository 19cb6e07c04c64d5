import { Credentials } from "../rds-api/credentials/credentials";
import { endpointFor } from "../rds-api/endpoint";
import { Pace } from "../rds-api/pace/pace";
import { PopCoreTransport } from "../rds-api/pop-core-transport";
import { RdsClient } from "../rds-api/rds-client";
import type { Connection } from "./query";

/** What is asked, as far as it decides which client asks it. */
export interface Asked {
  readonly request: { readonly regionId: string };
  readonly connection: Connection;
}

/** What a run learns of the limits stays known to the later runs of this thread, as an app may wait more than once. */
const paces = new Map<string, Pace>();

/** The clients of one run: one for each endpoint, profile and role, whatever the number of queries. */
export class Connections {
  private readonly clients = new Map<string, RdsClient>();

  /**
   * @param deadline when every call must have ended, milliseconds of `performance.now()`
   * @param concurrency most requests at once for one endpoint, profile and role, and so their open sockets
   * @param environment the variables in which credentials are found
   * @param credentials the access keys that are found there
   * @param keepsRequestIds whether the clients know the ids of their requests
   */
  constructor(
    private readonly deadline: number,
    private readonly concurrency: number,
    environment: Readonly<Record<string, string | undefined>>,
    private readonly credentials = new Credentials(environment, deadline - performance.now()),
    private readonly keepsRequestIds = false,
  ) {}

  /** The client for the region, endpoint, profile and role of a question. */
  clientFor({ request: { regionId }, connection: { endpoint, profile, roleArn } }: Asked): RdsClient {
    const url = endpointFor(regionId, endpoint);
    const key = JSON.stringify([url, profile, roleArn]);
    const known = this.clients.get(key);
    if (known !== undefined) {
      return known;
    }
    const credentials = this.credentials.providerFor(profile, roleArn);
    const transport = new PopCoreTransport({ endpoint: url, credentials, maxSockets: this.concurrency });
    const pace = paces.get(key) ?? new Pace();
    paces.set(key, pace);
    const client = new RdsClient(transport, this.deadline, this.concurrency, pace, this.keepsRequestIds);
    this.clients.set(key, client);
    return client;
  }

  /** About how many requests a second the API lets through, of the client that it throttles most; undefined if of none. */
  get limit(): number | undefined {
    const least = Math.min(...[...this.clients.values()].map(({ limit = Infinity }) => limit));
    return least === Infinity ? undefined : least;
  }

  /** Closes every connection, and ends what still runs to get credentials. */
  close(): void {
    this.credentials.close();
    for (const client of this.clients.values()) {
      client.close();
    }
  }
}
