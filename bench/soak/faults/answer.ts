import { gzipSync } from "node:zlib";
import { FaultKind as Simulated, type Fault as SimulatorFault } from "cdktf-alicloud-rds-dr/simulator";
import { Consequence, everyRun, FaultKind, type Fault } from "../fault";
import { answering, always, refusal, simulated } from "../surroundings";

const { DENIED, OUTAGE, PASSES } = Consequence;

const kind = FaultKind.ANSWER;

const html = "<!doctype html><title>Sign in</title><p>Sign in to go on.</p>";

const list = JSON.stringify({ RequestId: "SOAK", Items: { Item: [] }, TotalRecordCount: 0 });

/** Names of an HTTP answer beside its parts, if every request gets it. */
type Answer = readonly [name: string, ...parts: Parameters<typeof always>];

/** What never comes of RDS: an outage. */
const outages: readonly Answer[] = [
  ["500 with RDS's JSON", 500, refusal("InternalError")],
  ["500 with no body", 500, ""],
  ["502 with RDS's JSON", 502, refusal("InternalError")],
  ["502 with HTML", 502, html],
  ["503 with RDS's JSON", 503, refusal("ServiceUnavailable")],
  ["503 with no body", 503, ""],
  ["429 with RDS's JSON", 429, refusal("Throttling")],
  ["429 with HTML", 429, html],
  ["200 with HTML", 200, html],
  ["302 to a login page", 302, html, { location: "https://login.soak.invalid/" }],
  ["307 to a login page", 307, "", { location: "https://login.soak.invalid/" }],
  ["401 with HTML", 401, html],
  ["403 with HTML", 403, html],
  ["404 with HTML", 404, html],
  ["407 with HTML", 407, html],
  ["an empty answer", 200, ""],
  ["an answer with a length that ends early", 200, list.slice(0, 20)],
  ["gzip that ends early", 200, gzipSync(list).subarray(0, 30), { "content-encoding": "gzip" }],
  ["text that says it is gzip", 200, list, { "content-encoding": "gzip" }],
  ["a list with 100,000 levels", 200, "[".repeat(100_000) + "]".repeat(100_000)],
  ["an object with 100,000 levels", 200, '{"Items":'.repeat(100_000) + "1" + "}".repeat(100_000)],
  ["text that is not JSON", 200, "OK"],
  ["403 with a gateway's JSON", 403, '{"message":"Forbidden","code":"Forbidden"}'],
  ["404 with a code but no request id", 404, '{"Code":"InvalidDBInstanceId.NotFound","Message":"no"}'],
  ["200 with a gateway's JSON", 200, '{"status":"ok"}'],
  ["JSON that is a list", 200, "[]"],
  ["JSON that is a number", 200, "1"],
  ["Items that is a text", 200, '{"RequestId":"SOAK","Items":"none"}'],
  ["Items that is a list of texts", 200, '{"RequestId":"SOAK","Items":{"Item":["none"]}}'],
];

/** What does not come again. */
const single: readonly (readonly [string, SimulatorFault])[] = [
  ["500 with RDS's JSON", { kind: Simulated.SERVER_ERROR }],
  ["500 with JSON that has no code", { kind: Simulated.SERVER_ERROR_WITHOUT_CODE }],
  ["503 with RDS's JSON", { kind: Simulated.UNAVAILABLE }],
  ["502 with HTML", { kind: Simulated.HTML }],
  ["429 with HTML", { kind: Simulated.HTML, httpStatus: 429 }],
  ["an empty answer", { kind: Simulated.EMPTY_BODY }],
];

export const answerFaults: readonly Fault[] = [
  ...single.map(([name, fault]): Fault => ({
    kind,
    name: `once: ${name}`,
    consequence: PASSES,
    surround: () => simulated([{ ...fault, times: 1 }]),
  })),
  ...outages.map(([name, ...parts]): Fault => ({
    kind,
    name: `always: ${name}`,
    consequence: OUTAGE,
    surround: () => answering(always(...parts)),
    ...(name.startsWith("302") ? { runs: everyRun } : {}),
  })),
  {
    kind,
    name: "always: 10 GB of zeros as 10 MB of gzip",
    consequence: OUTAGE,
    surround: () => answering(always(200, bomb(), { "content-encoding": "gzip" })),
  },
  {
    kind,
    name: "always: an answer without an end",
    consequence: OUTAGE,
    surround: () =>
      answering((request, response) => {
        request.resume();
        const chunk = Buffer.alloc(2 ** 16, " ");
        const write = (): void => {
          while (!response.destroyed && response.write(chunk)) {
            // As fast as it is read.
          }
        };
        response.on("drain", write);
        write();
      }),
  },
  {
    kind,
    name: "always: 404 of RDS for the instance",
    consequence: DENIED,
    surround: () => answering(always(404, refusal("InvalidDBInstanceId.NotFound"))),
  },
];

let packed: Buffer | undefined;

/** Members of gzip may follow each other: 100 of 100 MB. */
function bomb(): Buffer {
  packed ??= gzipSync(Buffer.alloc(100 * 2 ** 20));
  return Buffer.concat(Array.from({ length: 100 }, () => packed ?? Buffer.alloc(0)));
}
