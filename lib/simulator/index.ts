export type { CreatedInstance } from "./created-instances";
export * from "./fault";
export * from "./load-world";
export * from "./recorded-request";
export * from "./simulator";
export * from "./simulator-options";
export { SimulatorThread, startSimulatorThread, type SimulatorThreadOptions } from "./simulator-thread";
export * from "./world";
export * from "./worlds";
