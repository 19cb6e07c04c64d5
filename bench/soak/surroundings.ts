import { createServer, type RequestListener } from "node:http";
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from "node:net";
import { once } from "node:events";
import { text } from "node:stream/consumers";
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
  return { environment: environmentOf(simulator.url), stop: () => simulator.stop() };
}

/** A server that answers in its own way. */
export async function answering(answer: RequestListener): Promise<Surroundings> {
  const { port, stop } = await listening(createServer(answer));
  return { environment: environmentOf(`http://127.0.0.1:${port}`), stop };
}

/** An answer that is the same for every request. */
export function page(
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

/** A server that is asked with the parameters of the action. */
export function listing(
  answer: (parameters: URLSearchParams, asked: number) => object | undefined,
): RequestListener {
  let asked = 0;
  return (request, response) => {
    void text(request).then((body) => {
      const reply = answer(new URLSearchParams(body), ++asked);
      response.end(reply === undefined ? "" : JSON.stringify({ RequestId: `SOAK-${asked}`, ...reply }));
    });
  };
}

/** A server that does something with each connection. */
export async function connected(
  use: (socket: Socket, connection: number) => void,
): Promise<Surroundings & { readonly port: number }> {
  let connections = 0;
  const { port, stop } = await listening(
    createSocketServer((socket) => {
      // Whoever is reset has nothing to say of it.
      socket.on("error", () => undefined);
      use(socket, ++connections);
    }),
  );
  return { port, environment: environmentOf(`http://127.0.0.1:${port}`), stop };
}

/** Lets a server listen on this machine; its end is the end of its connections as well. */
export async function listening(
  server: Server,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
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
