import { parentPort, workerData } from "node:worker_threads";
import type { Fault } from "./fault";
import { startSimulator, type Simulator } from "./simulator";
import type { SimulatorThreadOptions, ThreadReply, ThreadRequest } from "./simulator-thread";
import type { World } from "./world";

function perform(simulator: Simulator, { method, argument }: ThreadRequest): unknown {
  switch (method) {
    case "requests":
      return simulator.requests;
    case "connections":
      return simulator.connections;
    case "maxInFlight":
      return simulator.maxInFlight;
    case "instances":
      return simulator.instances;
    case "setWorld":
      simulator.setWorld(argument as World);
      return undefined;
    case "injectFault":
      simulator.injectFault(argument as Fault);
      return undefined;
    case "clearFaults":
      simulator.clearFaults();
      return undefined;
  }
}

void startSimulator(workerData as SimulatorThreadOptions).then((simulator) => {
  parentPort?.on("message", (request: ThreadRequest) => {
    parentPort?.postMessage({ id: request.id, value: perform(simulator, request) } satisfies ThreadReply);
  });
  parentPort?.postMessage(simulator.url);
});
