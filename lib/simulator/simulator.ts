import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { allActions } from "./actions/all-actions";
import { type CreatedInstance, CreatedInstances } from "./created-instances";
import { Exchange, type Outcome } from "./exchange";
import type { Fault } from "./fault";
import { FaultBook } from "./fault-book";
import { Parameters } from "./parameters";
import { RateLimit } from "./rate-limit";
import type { RecordedRequest } from "./recorded-request";
import { refusal } from "./rpc-error";
import { RpcGatekeeper } from "./rpc-gatekeeper";
import { readRpcRequest, type RpcRequest } from "./rpc-request";
import { simulatorCredentials, type SimulatorOptions } from "./simulator-options";
import type { World } from "./world";
import { WorldView } from "./world-view";
import { worlds } from "./worlds";

// Node's 5 s are so short that a client would now and then write into a connection that is just being closed.
const keepAliveMs = 60 * 1000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An RDS stand-in over HTTP that is up and running; `startSimulator` makes one. It serves every region. */
export class Simulator {
  private readonly recorded: RecordedRequest[] = [];
  private readonly faults = new FaultBook();
  private readonly created = new CreatedInstances();
  private readonly gatekeeper: RpcGatekeeper;
  private readonly rateLimit: RateLimit;
  private readonly now: () => Date;
  private currentWorld: World;
  private accepted = 0;
  private inFlight = 0;
  private mostInFlight = 0;

  /** @param server listens already. */
  constructor(
    private readonly server: Server,
    private readonly options: SimulatorOptions,
  ) {
    const { accessKeyId, accessKeySecret, securityToken } = { ...simulatorCredentials, ...options };
    this.gatekeeper = new RpcGatekeeper({ accessKeyId, accessKeySecret, securityToken });
    this.rateLimit = new RateLimit(options.requestsPerSecond ?? Infinity);
    const startedAt = new Date();
    this.now = options.now ?? (() => startedAt);
    this.currentWorld = options.world ?? worlds.demo;
    options.faults?.forEach((fault) => {
      this.faults.add(fault);
    });
    server.on("connection", () => (this.accepted += 1));
    server.on("request", (message, response) => void this.serve(message, response));
  }

  /** Where it listens, such as `http://127.0.0.1:43210`; an endpoint for every region. */
  get url(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** Every request so far, in the order they arrived. */
  get requests(): readonly RecordedRequest[] {
    return this.recorded;
  }

  /** How many connections were opened so far. */
  get connections(): number {
    return this.accepted;
  }

  /** The most requests that were waiting for their answer at the same time. */
  get maxInFlight(): number {
    return this.mostInFlight;
  }

  /** Every instance that was created, in that order, also those that are gone. */
  get instances(): readonly CreatedInstance[] {
    return this.created.all;
  }

  /** The world it serves. */
  get world(): World {
    return this.currentWorld;
  }

  /** Serves another world from the next request on; worlds are never to be changed in place. */
  setWorld(world: World): void {
    this.currentWorld = world;
  }

  /** Puts one more fault in force. */
  injectFault(fault: Fault): void {
    this.faults.add(fault);
  }

  /** Lifts every fault. */
  clearFaults(): void {
    this.faults.clear();
  }

  /** Stops at once, whatever is under way; may be called again. */
  async stop(): Promise<void> {
    if (!this.server.listening) {
      return;
    }
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    response.on("close", () => (this.inFlight -= 1));
    try {
      const request = await readRpcRequest(message);
      const record: Mutable<RecordedRequest> = recordOf(request);
      this.recorded.push(record);
      Object.assign(record, await this.respond(request, record, response));
    } catch {
      // The client left, or sent no HTTP: no answer is possible.
      response.destroy();
    }
  }

  private async respond(
    request: RpcRequest,
    record: Mutable<RecordedRequest>,
    response: ServerResponse,
  ): Promise<Outcome> {
    const exchange = new Exchange(response, new URL(this.url).host, this.options.latencyMs ?? 0);
    const answer = (): Readonly<Record<string, unknown>> => {
      const action = allActions.get(record.action);
      if (action === undefined) {
        throw refusal("InvalidAction.NotFound", record.action);
      }
      const view = new WorldView(this.currentWorld, this.now(), this.created);
      return action(new Parameters(request.parameters), view);
    };
    try {
      this.gatekeeper.admit(request);
      if (!this.rateLimit.admits(performance.now())) {
        throw refusal("Throttling.User");
      }
    } catch (error) {
      return exchange.refuse(error);
    }
    const fault = this.faults.strike(request.parameters);
    if (fault === undefined) {
      return exchange.answer(answer);
    }
    record.fault = fault.kind;
    return exchange.fail(fault, answer);
  }
}

/** Starts an RDS stand-in; the promise is kept once it listens. Stop it when done. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const server = createServer({ keepAliveTimeout: keepAliveMs });
  server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  return new Simulator(server, options);
}

function recordOf({ method, parameters }: RpcRequest): RecordedRequest {
  return { action: parameters.get("Action") ?? "", parameters: new Parameters(parameters).own, method };
}
