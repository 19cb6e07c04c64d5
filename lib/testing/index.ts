/**
 * What tests of stacks need: answers without an API, and a simulator with instances of a few words.
 *
 * @packageDocumentation
 */
export type { Engine, FaultWord, InstanceFacts, WordedFault } from "./world/instance-facts";
export { startWorld, type StartedWorld, type WorldOptions } from "./world/start-world";
export { TestAnswers, type TestRestore } from "./test-answers";
export type { TestBackup } from "./test-backup";
export type { StartedInstance } from "./world/write-instance";
