import { rowsOf, type Row } from "../fault";
import { answerFaults } from "./answer";
import { connectionFaults } from "./connection";
import { credentialFaults } from "./credentials";
import { listFaults } from "./lists";
import { proxyFaults } from "./proxy";
import { throttlingFaults } from "./throttling";
import { timeFaults } from "./time";
import { workerFaults } from "./worker";

/** The matrix of faults. */
export const matrix: readonly Row[] = rowsOf([
  ...connectionFaults,
  ...answerFaults,
  ...timeFaults,
  ...throttlingFaults,
  ...listFaults,
  ...proxyFaults,
  ...credentialFaults,
  ...workerFaults,
]);
