export * from "./fault";
export * from "./load-world";
export * from "./recorded-request";
export * from "./simulator";
export * from "./simulator-options";
export * from "./world";
export * from "./worlds";
