import { FaultKind as Simulated } from "cdktf-alicloud-rds-dr/simulator";
import { Consequence, everyRun, FaultKind, Run, type Fault } from "../fault";
import { answering, simulated } from "../surroundings";

const { OUTAGE, PASSES } = Consequence;

const kind = FaultKind.TIME;

export const timeFaults: readonly Fault[] = [
  {
    kind,
    name: "an answer takes 11 s, under a deadline of 30 s",
    consequence: PASSES,
    deadlineSeconds: 30,
    surround: () => simulated([{ kind: Simulated.SLOW, latencyMs: 11_000 }]),
  },
  {
    kind,
    name: "no request is ever answered",
    consequence: OUTAGE,
    surround: () => simulated([{ kind: Simulated.NO_ANSWER }]),
    runs: everyRun,
  },
  {
    kind,
    name: "50 lookups, none ever answered",
    consequence: OUTAGE,
    instances: 50,
    surround: () => simulated([{ kind: Simulated.NO_ANSWER }]),
  },
  {
    kind,
    name: "one request is never answered",
    consequence: PASSES,
    deadlineSeconds: 4,
    surround: () => simulated([{ kind: Simulated.NO_ANSWER, times: 1 }]),
  },
  {
    kind,
    name: "every answer dribbles, a byte each 100 ms",
    consequence: OUTAGE,
    surround: () =>
      answering((request, response) => {
        request.resume();
        const timer = setInterval(() => response.write(" "), 100);
        response.on("close", () => {
          clearInterval(timer);
        });
      }),
  },
  {
    kind,
    name: "every answer takes 1 s, under a deadline of 4 s",
    consequence: PASSES,
    deadlineSeconds: 4,
    surround: () => simulated([{ kind: Simulated.SLOW, latencyMs: 1_000 }]),
    runs: [Run.LOOKUP, Run.LIST, Run.SYNTHESIS],
  },
];
