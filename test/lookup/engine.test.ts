import fs from "node:fs";
import type { LookupAnswer } from "../../lib/lookup/answer";
import { Engine } from "../../lib/lookup/engine";
import { type LookupRun, readClock } from "../../lib/lookup/query";
import { FaultKind, type Simulator, startSimulator } from "../../lib/simulator";
import { hoursOld, instance } from "../fixtures";
import { latest } from "./queries";

async function answersOf(run: LookupRun): Promise<readonly LookupAnswer[]> {
  const engine = new Engine({ ...run, clock: () => run.now });
  try {
    return await Promise.all(engine.lookUpEach(run.queries));
  } finally {
    engine.close();
  }
}

describe("a run", () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.stop());

  const runOf = (changes: Partial<LookupRun> = {}): LookupRun => ({
    queries: [latest({ restoreRegion: "cn-shanghai" }, { endpoint: simulator.url })],
    now: readClock(),
    deadlineSeconds: 10,
    concurrency: 16,
    environment: { ALICLOUD_ACCESS_KEY: "simulator", ALICLOUD_SECRET_KEY: "simulator-secret" },
    ...changes,
  });

  test("answers over the network, and can be passed as JSON both ways", async () => {
    const run = JSON.parse(JSON.stringify(runOf())) as LookupRun;

    const answers = await answersOf(run);

    expect(answers).toMatchObject([{ status: "found", origin: "api", backup: { crossBackupId: "12490124" } }]);
    expect(JSON.parse(JSON.stringify(answers))).toEqual(answers);
  });

  test("of hours does not take a new backup for one from the future", async () => {
    simulator.setWorld({ instances: [instance("rm-orders", [hoursOld(2, 101)])] });
    const fourHoursMs = 4 * 3_600_000;
    let now = readClock(Date.now() - fourHoursMs);
    const queries = [latest({ dbInstanceId: "rm-orders" }, { endpoint: simulator.url })];
    const engine = new Engine({ ...runOf(), clock: () => now });

    const [before] = await Promise.all(engine.lookUpEach(queries));
    now = readClock();
    const [after] = await Promise.all(engine.lookUpEach(queries));
    engine.close();

    expect(before).toMatchObject({ status: "none", rejected: [{ reason: "in-the-future" }] });
    expect(after).toMatchObject({ status: "found", backup: { crossBackupId: "101" } });
  });

  test("ends at its deadline, with an error for what is not answered", async () => {
    simulator.injectFault({ kind: FaultKind.NO_ANSWER, dbInstanceId: "rm-silent" });
    const queries = [latest({ dbInstanceId: "rm-silent" }, { endpoint: simulator.url })];
    const begin = performance.now();

    const answers = await answersOf(runOf({ queries, deadlineSeconds: 0.25 }));

    expect(answers).toMatchObject([{ status: "error", error: { code: "DeadlineExceeded" } }]);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });

  test("shows who waits how many requests a second the API lets through, if it throttles", async () => {
    await simulator.stop();
    simulator = await startSimulator({ requestsPerSecond: 5 });
    const write = jest.spyOn(fs, "writeSync").mockReturnValue(0);
    const ids = Array.from({ length: 12 }, (_, index) => `rm-uf${index}`);
    const queries = ids.map((dbInstanceId) => latest({ dbInstanceId }, { endpoint: simulator.url }));

    const answers = await answersOf(runOf({ queries }));
    const lines = write.mock.calls.map(([, line]) => line);
    write.mockRestore();

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["error"]));
    expect(lines[0]).toMatch(
      /^rds-dr: waiting for RDS, \d+ of 12 lookups answered, throttled to about \d+ a second, after 1 s\n$/,
    );
  });

  test("shows who waits how many lookups have their answer, the failed ones too", async () => {
    const write = jest.spyOn(fs, "writeSync").mockReturnValue(0);
    simulator.injectFault({ kind: FaultKind.NO_ANSWER, dbInstanceId: "rm-silent" });
    const ids = ["rm-gone", "rm-silent"];
    const queries = ids.map((dbInstanceId) => latest({ dbInstanceId }, { endpoint: simulator.url }));

    await answersOf(runOf({ queries, deadlineSeconds: 1.5 }));
    const lines = write.mock.calls.map(([, line]) => line);
    write.mockRestore();

    expect(lines).toEqual(["rds-dr: waiting for RDS, 1 of 2 lookups answered after 1 s\n"]);
  });

  test("says that no access key is there", async () => {
    const [answer] = await answersOf(runOf({ environment: { ALICLOUD_ACCESS_KEY: "half" } }));

    expect(answer).toMatchObject({
      status: "error",
      error: { code: "IncompleteCredentials", kind: "access" },
    });
    expect(simulator.requests).toEqual([]);
  });
});
