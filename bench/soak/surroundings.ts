import { createServer, type RequestListener } from "node:http";
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from "node:net";
import { once } from "node:events";
import {
  simulatorCredentials,
  startSimulator,
  type Fault as SimulatorFault,
  type SimulatorOptions,
} from "cdktf-alicloud-rds-dr/simulator";
import { worldOf } from "../fleet";
import type { Surroundings } from "./fault";

/** The most instances that a fault of the matrix is run with. */
const mostInstances = 100;

/** How many records of each instance the stand-ins have. */
const records = 3;

export const credentials = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
};

/** What makes the package ask an endpoint. */
export function environmentOf(endpoint: string): Readonly<Record<string, string>> {
  return { RDS_DR_ENDPOINT: endpoint, ...credentials };
}

/** The package's own simulator, with faults. */
export async function simulated(
  faults: readonly SimulatorFault[],
  options: SimulatorOptions = {},
): Promise<Surroundings> {
  const world = worldOf({ instances: mostInstances, records, latencyMs: 0 }, new Date());
  const simulator = await startSimulator({ world, faults, ...options });
  return {
    environment: environmentOf(simulator.url),
    connections: () => simulator.connections,
    stop: () => simulator.stop(),
  };
}

/** A server that answers in its own way. */
export async function answering(answer: RequestListener): Promise<Surroundings> {
  const { port, ...server } = await listening(createServer(answer));
  return { environment: environmentOf(`http://127.0.0.1:${port}`), ...server };
}

/** An answer that is the same for every request. */
export function always(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): RequestListener {
  return (request, response) => {
    request.resume().on("end", () => {
      response.writeHead(status, headers).end(body);
    });
  };
}

/** A refusal in RDS's own words. */
export function refusal(code: string): string {
  return JSON.stringify({ RequestId: "SOAK", HostId: "soak", Code: code, Message: "a fault of the soak" });
}

/** A server that does something with each connection. */
export async function connected(use: (socket: Socket) => void): Promise<Surroundings & { readonly port: number }> {
  const { port, ...server } = await listening(
    createSocketServer((socket) => {
      // A reset connection emits an error, which is expected here.
      socket.on("error", () => undefined);
      use(socket);
    }),
  );
  return { port, environment: environmentOf(`http://127.0.0.1:${port}`), ...server };
}

/** A server that listens. */
interface Listening {
  readonly port: number;
  readonly connections: () => number;
  readonly stop: () => Promise<void>;
}

/** Lets a server listen on this machine; its end is the end of its connections as well. */
export async function listening(server: Server): Promise<Listening> {
  let accepted = 0;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => accepted,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
  };
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const { port, stop } = await listening(createSocketServer());
  await stop();
  return port;
}
