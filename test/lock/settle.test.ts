import type { Settled, SettleRun } from "../../lib/lock/answer-by-mode";
import type { LockedAnswers } from "../../lib/lock/locked-answers";
import { Mode } from "../../lib/lock/mode";
import { settle } from "../../lib/lock/settle";
import { type LatestQuery, type LatestRequest, type LookupQuery, queryKey, readClock } from "../../lib/lookup/query";
import {
  FaultKind,
  type Simulator,
  startSimulator,
  WindowFilter,
  type World,
  type WorldRecord,
} from "../../lib/simulator";
import { environmentOf, hoursAgo, hoursOld, instance, loggedWorld } from "../fixtures";

const list = "DescribeCrossRegionBackups";
const policy = "DescribeInstanceCrossBackupPolicy";

const world: World = {
  instances: [
    { ...instance("rm-orders", [hoursOld(30, 101), hoursOld(5, 102)]), policy: { Retention: 30 } },
    { ...instance("rm-billing", [hoursOld(7, 201)]), policy: { Retention: 7 } },
    instance("rm-empty", []),
  ],
};

/** How a test refreshes; undefined if it does not. */
type Refresh = Pick<SettleRun, "acceptOlder"> | undefined;
const refresh: Refresh = { acceptOlder: false };

let simulator: Simulator;
/** Requests that only prepared a test. */
let prepared = 0;

beforeEach(async () => {
  prepared = 0;
  simulator = await startSimulator({ world });
});

afterEach(() => simulator.stop());

function latest(dbInstanceId: string, bounds: Partial<LatestRequest> = {}): LatestQuery {
  return {
    kind: "latest",
    request: { dbInstanceId, regionId: "cn-hangzhou", ...bounds },
    connection: { endpoint: simulator.url },
  };
}

/** A locked backup of rm-orders that this simulator gave. */
function lockedOrders(crossBackupId: string, hoursOfAge: number, others: object = {}): LockedAnswers {
  const dataTime = hoursAgo(hoursOfAge);
  const times = { backupStartTime: dataTime, backupEndTime: dataTime, dataTime, dataTimeEstimated: false };
  return {
    [queryKey(latest("rm-orders"))]: {
      backup: { crossBackupId, ...times, restoreRegions: ["cn-shanghai"], unreadable: [] },
      endpoint: simulator.url,
      ...others,
    },
  };
}

function runOf(
  queries: readonly LookupQuery[],
  answers: LockedAnswers,
  refresh: Refresh,
  deadlineSeconds: number,
): SettleRun {
  return {
    queries,
    now: readClock(),
    deadlineSeconds,
    concurrency: 16,
    environment: { ...environmentOf(simulator.url), ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" },
    lock: { answers, place: "", remedy: "fill it" },
    mode: refresh === undefined ? Mode.LIVE : Mode.REFRESH,
    acceptOlder: refresh?.acceptOlder ?? false,
    lockFile: undefined,
    refreshReport: undefined,
  };
}

function settled(
  queries: readonly LookupQuery[],
  answers: LockedAnswers = {},
  refresh?: Refresh,
): Promise<readonly Settled[]> {
  return settle(runOf(queries, answers, refresh, 10));
}

/** The actions that were asked for, sorted. */
function actions(): readonly string[] {
  return simulator.requests.map(({ action }) => action).sort();
}

/** The requests that asked for one backup by its id. */
function askedById(): readonly (string | undefined)[] {
  return simulator.requests
    .slice(prepared)
    .flatMap(({ parameters: { CrossBackupId } }) => (CrossBackupId === undefined ? [] : [CrossBackupId]));
}

test("an answer that is as good as the locked one costs no request of its own", async () => {
  const answers = lockedOrders("101", 30);

  const [orders] = await settled([latest("rm-orders")], answers);

  expect(orders).toMatchObject({
    answer: { status: "found", origin: "api", backup: { crossBackupId: "102" } },
  });
  expect(actions()).toEqual([list]);
});

const pin = { reason: "the drill" };

test.each([
  ["without a refresh", undefined, []],
  ["in a refresh, which asks by its id", refresh, ["101"]],
])("a pinned answer is used as it is, and is not locked anew: %s", async (_, how, asked) => {
  const [orders, ...others] = await settled([latest("rm-orders")], await lockedAsIs({ pin }), how);

  expect(orders).toMatchObject({
    answer: {
      status: "found",
      origin: "pin",
      backup: { crossBackupId: "101" },
      warnings: [expect.stringContaining("is pinned")],
    },
  });
  expect(orders?.entry).toBeUndefined();
  expect(others).toEqual([]);
  expect(askedById()).toEqual(asked);
  expect(simulator.requests).toHaveLength(prepared + asked.length);
});

/** The locked 101 of rm-orders, as the simulator gives it; then the simulator has been asked nothing. */
async function lockedAsIs(others: object = {}, facts: object = {}): Promise<LockedAnswers> {
  const older = {
    ...latest("rm-orders"),
    request: { ...latest("rm-orders").request, notAfter: hoursAgo(20) },
  };
  const [settledOlder] = await settled([older], {}, refresh);
  const { backup, endpoint } = settledOlder?.entry ?? {};
  prepared = simulator.requests.length;
  return {
    [queryKey(latest("rm-orders"))]: {
      backup: { ...backup, ...facts } as NonNullable<typeof backup>,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...others,
    },
  };
}

describe("a pinned answer in a refresh", () => {
  test("is corrected if RDS contradicts it, and keeps its pin", async () => {
    const answers = await lockedAsIs({ pin, retentionDays: 7 }, { dataTime: hoursAgo(1), crossBackupSetSize: 1 });

    const [orders] = await settled([latest("rm-orders")], answers, refresh);

    const warning = orders?.answer.status === "found" ? orders.answer.warnings?.[0] : undefined;
    expect(warning).toMatch(
      /^the locked backup 101 of "rm-orders" of cn-hangzhou contradicts RDS: crossBackupSetSize is locked as 1, but RDS says 5312836; dataTime is locked as "\S+Z", but RDS says "\S+Z": /,
    );
    expect(orders).toMatchObject({
      answer: { origin: "pin", backup: { crossBackupSetSize: 5_312_836 } },
      entry: { pin, retentionDays: 7, backup: { crossBackupId: "101", crossBackupSetSize: 5_312_836 } },
    });
    const { backup } = orders?.entry ?? {};
    expect(backup?.dataTime).toBe(backup?.backupStartTime);
  });

  test("is corrected if it is a short one whose data time RDS only estimates as its start", async () => {
    const hours = { BackupStartTime: "now-60h", BackupEndTime: "now-10h", ConsistentTime: undefined };
    simulator.setWorld({ instances: [instance("rm-orders", [{ ...hoursOld(30, 101), ...hours }])] });
    const short = { crossBackupId: "101", dataTime: hoursAgo(20), restoreRegions: ["cn-shanghai"] };
    const backup = { ...short, dataTimeEstimated: false, unreadable: [] };
    const answers = { [queryKey(latest("rm-orders"))]: { backup, pin, endpoint: simulator.url } };

    const [orders] = await settled([latest("rm-orders")], answers, refresh);

    expect(orders?.answer).toMatchObject({
      warnings: [expect.stringMatching(/dataTime is locked as/), expect.stringContaining("is pinned")],
    });
    expect(orders?.entry?.backup?.dataTime).toBe(orders?.entry?.backup?.backupStartTime);
  });

  test("stays with a warning if its id is gone", async () => {
    const answers = await lockedAsIs({ pin });
    simulator.setWorld({ instances: [instance("rm-orders", [hoursOld(5, 102)])] });

    const [orders] = await settled([latest("rm-orders")], answers, refresh);

    expect(orders).toMatchObject({
      answer: {
        backup: { crossBackupId: "101" },
        warnings: [
          expect.stringMatching(/^the pinned backup 101 \(.*\) of "rm-orders" of cn-hangzhou is no longer there: /),
          expect.stringContaining("is pinned"),
        ],
      },
    });
    expect(orders?.entry).toBeUndefined();
  });

  test.each([FaultKind.UNAVAILABLE, FaultKind.DENIED])(
    "stays with a warning if RDS does not say whether it is there (%s)",
    async (kind) => {
      const answers = await lockedAsIs({ pin });
      simulator.injectFault({ kind });

      const [orders] = await settle(runOf([latest("rm-orders")], answers, refresh, 1));

      expect(orders).toMatchObject({
        answer: {
          backup: { crossBackupId: "101" },
          warnings: [
            expect.stringMatching(/^RDS did not say whether the pinned backup 101 .* is still there: /),
            expect.stringContaining("is pinned"),
          ],
        },
      });
      expect(orders?.entry).toBeUndefined();
      expect(orders?.answer).not.toHaveProperty("failure");
    },
  );

  test("is not corrected by another endpoint than the one that gave it", async () => {
    const [key, entry] = Object.entries(await lockedAsIs({ pin }, { dataTime: hoursAgo(1) }))[0] ?? ["", {}];
    const { endpoint, ...ofAlibaba } = entry;

    const [foreign] = await settled(
      [latest("rm-orders")],
      { [key]: { ...entry, endpoint: "http://127.0.0.1:1" } },
      refresh,
    );
    expect(endpoint).toBe(simulator.url);
    expect(foreign).toMatchObject({ answer: { error: { code: "LockedElsewhere" } } });
    expect(askedById()).toEqual([]);

    const [original] = await settled([latest("rm-orders")], { [key]: ofAlibaba }, refresh);
    expect(original?.answer).toMatchObject({
      warnings: [
        expect.stringContaining("is kept"),
        expect.stringContaining("contradicts RDS"),
        expect.stringContaining("is pinned"),
      ],
    });
    expect(original?.entry).toBeUndefined();
  });
});

describe("the window of a pinned answer", () => {
  const logs = "DescribeCrossRegionLogBackupFiles";

  /** The pinned 101 of rm-whole with its window, in which some facts are false. */
  async function windowed(facts: object): Promise<{ query: LatestQuery; truth: object; answers: LockedAnswers }> {
    simulator.setWorld(loggedWorld);
    const query = latest("rm-whole", { recoveryWindow: true });
    const [whole] = await settled([query], {}, refresh);
    const truth = whole?.entry?.backup;
    prepared = simulator.requests.length;
    const entry = { ...whole?.entry, pin, backup: { ...truth, ...facts } };
    return { query, truth: truth ?? {}, answers: { [queryKey(query)]: entry } as LockedAnswers };
  }

  test.each<[string, object]>([
    ["ends far in the future", { recoverableUntil: "2099-01-01T00:00:00Z" }],
    ["ends after the real one", { recoverableUntil: hoursAgo(0.5) }],
    ["ends before the data time", { recoverableUntil: hoursAgo(40) }],
    ["begins before the data time", { recoverableFrom: hoursAgo(40) }],
    ["begins after its end", { recoverableFrom: hoursAgo(0.5) }],
  ])("is corrected with a warning by a refresh if it %s", async (_, facts) => {
    const { query, truth, answers } = await windowed(facts);

    const [whole] = await settled([query], answers, refresh);

    expect(whole).toMatchObject({
      answer: {
        backup: truth,
        origin: "pin",
        warnings: [expect.stringMatching(/contradicts RDS: .*recoverable/), expect.stringContaining("is pinned")],
      },
      entry: { pin, backup: truth },
    });
  });

  test("stays if it ends before the real one, and nothing is locked", async () => {
    const { query, answers } = await windowed({ recoverableUntil: hoursAgo(3) });

    const [whole] = await settled([query], answers, refresh);

    expect(whole?.answer).toMatchObject({ warnings: [expect.stringContaining("is pinned")] });
    expect(whole?.entry).toBeUndefined();
    expect(simulator.requests.slice(prepared).map(({ action }) => action)).toContain(logs);
  });

  test("stays with a warning if RDS does not state it", async () => {
    const { query, answers } = await windowed({ recoverableUntil: hoursAgo(0.5) });
    simulator.injectFault({ kind: FaultKind.DENIED, action: logs });

    const [whole] = await settled([query], answers, refresh);

    expect(whole?.answer).toMatchObject({
      warnings: [
        expect.stringMatching(/^RDS did not say how far the pinned backup 101 .* can be recovered: .*Forbidden/),
        expect.stringContaining("is pinned"),
      ],
    });
    expect(whole?.entry).toBeUndefined();
  });

  test("is left out if it is false in itself and RDS does not state it", async () => {
    const { query, answers } = await windowed({ recoverableUntil: "2099-01-01T00:00:00Z" });
    simulator.injectFault({ kind: FaultKind.DENIED, action: logs });

    const [whole] = await settled([query], answers, refresh);

    expect(whole?.answer).toMatchObject({
      warnings: [
        expect.stringMatching(/its recoverableUntil must be at most an hour after (?:now|its own changedAt), /),
        expect.stringMatching(/its locked window is dropped, as it contradicts itself$/),
        expect.stringContaining("is pinned"),
      ],
    });
    expect(whole?.entry?.backup).toMatchObject({ crossBackupId: "101" });
    expect(whole?.entry?.backup).not.toHaveProperty("recoverableUntil");
  });
});

describe("a pinned answer that contradicts itself", () => {
  const clear: unknown = expect.stringMatching(
    /^"dataTime" of the locked answer "latest rm-orders regionId=cn-hangzhou" must be at or before its own backupEndTime, "\S+", but is "\S+"$/,
  );

  test.each<[string, Refresh, FaultKind | undefined]>([
    ["without a refresh", undefined, undefined],
    ["without a refresh, while RDS gives no answer", undefined, FaultKind.UNAVAILABLE],
    ["in a refresh to which RDS gives no answer", refresh, FaultKind.UNAVAILABLE],
    ["in a refresh that is denied", refresh, FaultKind.DENIED],
  ])("is an error that names it: %s", async (_, how, kind) => {
    const answers = await lockedAsIs({ pin }, { dataTime: hoursAgo(1) });
    if (kind !== undefined) {
      simulator.injectFault({ kind });
    }

    const [orders] = await settle(runOf([latest("rm-orders")], answers, how, 1));

    expect(orders?.answer).toMatchObject({
      status: "error",
      error: { kind: "misuse", code: "LockedContradictory", message: clear, hint: "correct it, or fill it" },
    });
    expect(orders?.entry).toBeUndefined();
  });

  test("is an error if its id is gone as well", async () => {
    const answers = await lockedAsIs({ pin }, { dataTime: hoursAgo(1) });
    simulator.setWorld({ instances: [instance("rm-orders", [hoursOld(5, 102)])] });

    const [orders] = await settled([latest("rm-orders")], answers, refresh);

    expect(orders?.answer).toMatchObject({ status: "error", error: { message: clear } });
  });
});

describe("a window that is locked for the backup that RDS lists as the latest", () => {
  test.each([undefined, refresh])("is a warning if it claims more than the real one (%j)", async (how) => {
    simulator.setWorld(loggedWorld);
    const query = latest("rm-whole", { recoveryWindow: true });
    const [whole] = await settled([query], {}, refresh);
    const truth = whole?.entry?.backup ?? undefined;
    const locked = (recoverableUntil: string): LockedAnswers =>
      ({ [queryKey(query)]: { ...whole?.entry, backup: { ...truth, recoverableUntil } } }) as LockedAnswers;

    const [more] = await settled([query], locked(hoursAgo(0.5)), how);
    const [less] = await settled([query], locked(hoursAgo(2)), how);

    expect(more).toMatchObject({
      answer: { backup: truth, warnings: [expect.stringContaining("recoverableUntil is locked as")] },
      entry: { backup: truth },
    });
    expect(less?.answer).not.toHaveProperty("warnings");
  });
});

describe("a list that lacks the newest locked record", () => {
  const query = (): LookupQuery => ({ ...latest("rm-orders"), kind: "list" });
  const unlisted = (): void => {
    simulator.setWorld({
      instances: [instance("rm-orders", [hoursOld(30, 101), { ...hoursOld(5, 102), "x-listed": false }])],
    });
  };

  async function relisted(change: () => void, deadline = 10): Promise<Settled | undefined> {
    const [list] = await settled([query()], {}, refresh);
    prepared = simulator.requests.length;
    change();
    const answers = { [queryKey(query())]: list?.entry ?? {} };
    const [again] = await settle(runOf([query()], answers, refresh, deadline));
    return again;
  }

  test("is locked with a warning if RDS does not know its id any more", async () => {
    const again = await relisted(() => {
      simulator.setWorld({ instances: [instance("rm-orders", [hoursOld(30, 101)])] });
    });

    expect(again).toMatchObject({
      answer: {
        records: [{ crossBackupId: "101" }],
        warnings: [expect.stringMatching(/has lost its newest record, 102 .*RDS has none of this id/)],
      },
      entry: { backups: [{ crossBackupId: "101" }] },
    });
    expect(askedById()).toEqual(["102"]);
  });

  test("is not locked if it is still there by its id", async () => {
    const again = await relisted(unlisted);

    expect(again?.answer).toMatchObject({
      records: [{ crossBackupId: "101" }],
      warnings: [expect.stringMatching(/^the list of .* has lost its newest record, 102 .*: the locked list is kept/)],
    });
    expect(again?.entry).toBeUndefined();
    expect(askedById()).toEqual(["102"]);
  });

  test.each([FaultKind.DENIED, FaultKind.UNAVAILABLE])(
    "is not locked if RDS does not say whether it is still there (%s)",
    async (kind) => {
      const again = await relisted(() => {
        unlisted();
        simulator.injectFault({ kind, action: list, after: 1 });
      }, 1);

      expect(again?.answer).toMatchObject({
        warnings: [
          expect.stringMatching(/ RDS did not say \(\S+\) whether it is still there: the locked list is kept/),
        ],
      });
      expect(again?.entry).toBeUndefined();
    },
  );
});

test("a refresh that locks other refusals than before says so", async () => {
  const refused = [{ crossBackupId: "300", detail: "x" }];

  const [orders] = await settled([latest("rm-orders")], lockedOrders("101", 30, { refused }), refresh);
  const [live] = await settled([latest("rm-orders")], lockedOrders("101", 30, { refused }));

  expect(orders?.answer).toMatchObject({
    warnings: [expect.stringContaining('locked as refused: 300 not refused any more: "npx rds-dr refresh"')],
  });
  expect(orders?.entry?.refused).toBeUndefined();
  expect(live?.answer).not.toHaveProperty("warnings");
});

describe("a locked backup that looks newer than the API's answer by a false data time", () => {
  /** 101 is really 30 hours old, and is locked as if it were one hour old. */
  const falsely = (): Promise<LockedAnswers> => lockedAsIs({}, { dataTime: hoursAgo(1), backupEndTime: hoursAgo(1) });
  const contradiction: unknown = expect.stringMatching(
    /^the locked backup 101 .* contradicts RDS: .*dataTime is locked as/,
  );

  test.each([undefined, refresh])("gives way to the API's newer one, with a warning (%j)", async (how) => {
    const [orders] = await settled([latest("rm-orders")], await falsely(), how);

    expect(orders).toMatchObject({
      answer: { backup: { crossBackupId: "102" }, warnings: [contradiction] },
      entry: { backup: { crossBackupId: "102" } },
    });
    expect(askedById()).toEqual(["101"]);
  });

  test("is used with the API's facts if the API lists none, and is corrected", async () => {
    const answers = await falsely();
    simulator.setWorld({ instances: [instance("rm-orders", [{ ...hoursOld(30, 101), "x-listed": false }])] });

    const [orders] = await settled([latest("rm-orders")], answers, refresh);

    expect(orders).toMatchObject({
      answer: {
        backup: { crossBackupId: "101" },
        warnings: [contradiction, expect.stringContaining("is still there")],
      },
      entry: { backup: { crossBackupId: "101" } },
    });
    const { answer, entry } = orders ?? {};
    const dataTime = answer?.status === "found" ? answer.backup.dataTime : undefined;
    expect(dataTime).toBe(entry?.backup?.backupStartTime);
    expect(entry?.backup?.dataTime).toBe(dataTime);
  });

  test("gives way without asking the region of the restore about it", async () => {
    const preflight = {
      restoreRegion: "cn-shanghai",
      dbInstanceClass: "rds.mysql.s3.large",
      dbInstanceStorage: 100,
    };
    const query = {
      ...latest("rm-orders", preflight),
      connection: { endpoint: simulator.url, restoreEndpoint: simulator.url },
    };
    const [entry] = Object.values(await falsely());

    const [orders] = await settled([query], entry === undefined ? {} : { [queryKey(query)]: entry });

    expect(orders?.answer).toMatchObject({ backup: { crossBackupId: "102" } });
    const asked = simulator.requests.flatMap(({ parameters: { BackupSetId } }) => BackupSetId ?? []);
    expect(asked).toEqual(["102"]);
  });
});

test("a pinned query takes nothing from the others: each gets its own answer, in the order asked", async () => {
  const pinned = lockedOrders("101", 30, { pin: { reason: "the drill" } });

  const answers = await settled([latest("rm-billing"), latest("rm-orders"), latest("rm-empty")], pinned);

  expect(answers.map(({ key, answer }) => [key, answer.status])).toEqual([
    ["latest rm-billing regionId=cn-hangzhou", "found"],
    ["latest rm-orders regionId=cn-hangzhou", "found"],
    ["latest rm-empty regionId=cn-hangzhou", "none"],
  ]);
  expect(answers[1]?.answer).toMatchObject({ backup: { crossBackupId: "101" } });
});

/** The region came back without all of its records: no list finds 102, and it is there all the same, by its id. */
const partialWorld: World = {
  windowFilters: WindowFilter.END,
  instances: [
    instance("rm-orders", [
      hoursOld(30, 101),
      { ...hoursOld(5, 102), BackupEndTime: "2001-01-01T00:00:00Z", ConsistentTime: undefined },
    ]),
    instance("rm-billing", [hoursOld(7, 201)]),
  ],
};

describe("a doubt costs one request", () => {
  test("and ends with the locked backup if it is still there, which is not locked anew", async () => {
    simulator.setWorld(partialWorld);

    const [orders, billing] = await settled(
      [latest("rm-orders"), latest("rm-billing")],
      lockedOrders("102", 5),
      refresh,
    );

    expect(orders).toMatchObject({
      answer: {
        status: "found",
        origin: "lock",
        backup: { crossBackupId: "102", category: "HighAvailability" },
        warnings: [expect.stringMatching(/the API lists 101 \(.*the newer, locked 102 \(.*is still there/)],
      },
    });
    expect(orders?.entry).toBeUndefined();
    expect(orders?.answer).not.toHaveProperty("failure");
    expect(billing).toMatchObject({ entry: { backup: { crossBackupId: "201" } } });
    expect(actions()).toEqual([list, list, list, policy, policy]);
    expect(askedById()).toEqual(["102"]);
  });

  test("and ends with an error if the locked backup is gone", async () => {
    const [orders] = await settled([latest("rm-orders")], lockedOrders("999", 1), refresh);

    expect(orders).toMatchObject({ answer: { status: "error", error: { code: "LockedGone" } } });
    expect(orders?.entry).toBeUndefined();
    expect(actions()).toEqual([list, list, policy]);
    expect(askedById()).toEqual(["999"]);
  });

  test("and none if older ones are accepted: the API's answer is locked", async () => {
    const [orders] = await settled([latest("rm-orders")], lockedOrders("999", 1), { acceptOlder: true });

    expect(orders).toMatchObject({
      answer: { status: "found", origin: "api", backup: { crossBackupId: "102" } },
      entry: { backup: { crossBackupId: "102" } },
    });
    expect(actions()).toEqual([list, policy]);
  });

  test("and is for the locked backup if the service fails just then", async () => {
    simulator.injectFault({ kind: FaultKind.REFUSED, code: "ServiceUnavailable", action: list, after: 1 });

    const [orders] = await settle(runOf([latest("rm-orders")], lockedOrders("999", 1), undefined, 1));

    expect(orders).toMatchObject({
      answer: {
        status: "found",
        origin: "lock",
        backup: { crossBackupId: "999" },
        warnings: [expect.stringContaining("and did not say (ServiceUnavailable) whether")],
      },
    });
  });

  test("and is shown if the credentials may not ask", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED, action: list, after: 1 });

    const [orders] = await settled([latest("rm-orders")], lockedOrders("999", 1));

    expect(orders).toMatchObject({ answer: { status: "error", error: { code: "Forbidden.RAM" } } });
    expect(askedById()).toEqual(["999"]);
  });
});

describe("a doubt about a question with a preflight", () => {
  const check = "CheckCreateDdrDBInstance";
  const gone = { "x-check-error": "CrossRegionUnsupportTDE" };
  const preflight = {
    restoreRegion: "cn-shanghai",
    dbInstanceClass: "rds.mysql.s3.large",
    dbInstanceStorage: 100,
  };

  /** Locks 102, then serves it by its id alone; 101 is listed, unless it is left out. */
  async function settledDoubt(
    unlisted: WorldRecord,
    listed: WorldRecord | null = {},
    bounds: Partial<LatestRequest> = preflight,
  ): Promise<Settled | undefined> {
    const older = listed === null ? [] : [{ ...hoursOld(30, 101), ...listed }];
    simulator.setWorld({
      instances: [instance("rm-orders", [...older, { ...hoursOld(5, 102), "x-listed": false, ...unlisted }])],
    });
    const { url } = simulator;
    const query = { ...latest("rm-orders", bounds), connection: { endpoint: url, restoreEndpoint: url } };
    const [entry] = Object.values(lockedOrders("102", 5));
    const [orders] = await settle(runOf([query], entry === undefined ? {} : { [queryKey(query)]: entry }, refresh, 2));
    return orders;
  }

  /** What was asked about which backup, in order. */
  function asked(): readonly string[] {
    return simulator.requests
      .filter(({ action }) => action !== policy)
      .map(({ action, parameters: { BackupSetId, CrossBackupId } }) =>
        [action, BackupSetId ?? CrossBackupId].filter((each) => each !== undefined).join(" "),
      );
  }

  test("asks the region of the restore about the locked backup, and uses it if it is accepted", async () => {
    const orders = await settledDoubt({});

    expect(asked()).toEqual([list, `${check} 101`, `${list} 102`, `${check} 102`]);
    expect(orders?.answer).toMatchObject({
      status: "found",
      origin: "lock",
      backup: { crossBackupId: "102" },
      rejected: [],
      warnings: [expect.stringContaining("102 (data of")],
    });
    expect(orders?.entry).toBeUndefined();
  });

  test("asks nothing more if the question has no preflight", async () => {
    const orders = await settledDoubt(gone, {}, { restoreRegion: "cn-shanghai" });

    expect(asked()).toEqual([list, `${list} 102`]);
    expect(orders?.answer).toMatchObject({ backup: { crossBackupId: "102" } });
  });

  test.each<[string, WorldRecord, string]>([
    ["it is at fault itself", gone, "CrossRegionUnsupportTDE"],
    ["it gets a plain no, and the listed one a yes", { "x-restorable": false }, "says no to rds.mysql.s3.large"],
  ])("uses, and locks, the listed one if %s", async (_, changes, detail) => {
    const orders = await settledDoubt(changes);

    expect(asked()).toEqual([list, `${check} 101`, `${list} 102`, `${check} 102`]);
    const refusal = { crossBackupId: "102", detail: expect.stringContaining(detail) as unknown };
    expect(orders).toMatchObject({
      answer: {
        status: "found",
        origin: "api",
        backup: { crossBackupId: "101" },
        rejected: [{ ...refusal, reason: "preflight-refused" }],
        warnings: [expect.stringMatching(/refused 102 .+; the older 101 \(.+\) takes its place$/)],
      },
      entry: { backup: { crossBackupId: "101" }, refused: [refusal] },
    });
  });

  test("says that there is none if it is at fault itself, and nothing is listed", async () => {
    const orders = await settledDoubt(gone, null);

    expect(orders).toMatchObject({
      answer: {
        status: "none",
        origin: "api",
        rejected: [{ crossBackupId: "102", reason: "preflight-refused" }],
        warnings: [expect.stringMatching(/^refused: 102 /)],
      },
      entry: { backup: null, refused: [{ crossBackupId: "102" }] },
    });
  });

  test.each<[string, WorldRecord | null, RegExp]>([
    ["nothing is listed", null, /no older valid one/],
    ["the listed one is on cloud disks", { DBInstanceStorageType: "ecs" }, /not asked: 101 /],
  ])("does not know whose fault a plain no is where %s", async (_, listed, message) => {
    const orders = await settledDoubt({ "x-restorable": false }, listed);

    expect(orders?.answer).toMatchObject({
      status: "error",
      error: { code: "PreflightRefused", message: expect.stringMatching(message) as unknown },
      rejected: [{ crossBackupId: "102" }],
    });
    expect(orders?.entry).toBeUndefined();
  });

  test("uses the locked one on cloud disks, which no preflight can check, and says so", async () => {
    const orders = await settledDoubt({ DBInstanceStorageType: "ecs", ...gone });

    expect(asked()).toEqual([list, `${check} 101`, `${list} 102`]);
    expect(orders?.answer).toMatchObject({
      backup: { crossBackupId: "102" },
      warnings: [
        expect.stringContaining("is still there"),
        expect.stringMatching(/^no preflight can say whether 102 .+ cloud disks \(ecs\)$/),
      ],
    });
  });

  test("is an error if the refusal is not the backup's fault", async () => {
    simulator.injectFault({ kind: FaultKind.REFUSED, action: check, code: "Forbidden.RAM", after: 1 });

    const orders = await settledDoubt({});

    expect(orders?.answer).toMatchObject({
      status: "error",
      error: { code: "Forbidden.RAM", message: expect.stringContaining("accepts 102") as unknown },
    });
    expect(orders?.entry).toBeUndefined();
  });

  test("is for the locked backup if the region of the restore fails just then", async () => {
    simulator.injectFault({ kind: FaultKind.REFUSED, action: check, code: "ServiceUnavailable", after: 1 });

    const orders = await settledDoubt({});

    expect(orders).toMatchObject({
      answer: {
        backup: { crossBackupId: "102" },
        warnings: [expect.stringContaining("cn-shanghai did not say (ServiceUnavailable) whether it still accepts it")],
      },
    });
    expect(orders?.entry).toBeUndefined();
  });
});

describe("a refresh", () => {
  test("asks once an instance how long its copies are kept, whatever the number of its queries", async () => {
    const queries = [
      latest("rm-orders"),
      latest("rm-orders", { restoreRegion: "cn-shanghai" }),
      latest("rm-billing"),
      { ...latest("rm-billing"), kind: "list" } as const,
    ];

    const answers = await settled(queries, {}, refresh);

    expect(answers.map(({ entry }) => entry?.retentionDays)).toEqual([30, 30, 7, undefined]);
    expect(actions().filter((action) => action === policy)).toHaveLength(2);
  });

  test("locks the question, the endpoint if it is a stand-in, and when the answer was found", async () => {
    const [orders, empty, listed] = await settled(
      [latest("rm-orders"), latest("rm-empty"), { ...latest("rm-empty"), kind: "list" }],
      {},
      refresh,
    );

    const changedAt: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const emptyQuery = { dbInstanceId: "rm-empty", regionId: "cn-hangzhou" };
    expect(orders?.entry).toMatchObject({
      query: { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" },
      backup: { crossBackupId: "102" },
      changedAt,
      endpoint: simulator.url,
    });
    expect(empty?.entry).toEqual({ query: emptyQuery, backup: null, changedAt, endpoint: simulator.url });
    expect(listed?.entry).toEqual({ query: emptyQuery, backups: [], changedAt, endpoint: simulator.url });
    expect(JSON.stringify([orders, empty, listed])).not.toMatch(/DownloadLink|FAKE-LINK/);
  });

  test.each([FaultKind.DENIED, FaultKind.HTML])(
    "does without how long the copies are kept if that cannot be had (%s)",
    async (kind) => {
      simulator.injectFault({ kind, action: policy });

      const [orders] = await settle(runOf([latest("rm-orders")], {}, refresh, 2));

      expect(orders).toMatchObject({
        answer: { status: "found", origin: "api", backup: { crossBackupId: "102" } },
        entry: { backup: { crossBackupId: "102" } },
      });
      expect(orders?.entry?.retentionDays).toBeUndefined();
      expect(orders?.answer).not.toHaveProperty("failure");
    },
  );

  test("settles its doubts while how long the copies are kept is not known", async () => {
    simulator.injectFault({ kind: FaultKind.NO_ANSWER, action: policy });

    const [orders] = await settle(runOf([latest("rm-orders")], lockedOrders("999", 1), refresh, 1));

    expect(orders).toMatchObject({ answer: { status: "error", error: { code: "LockedGone" } } });
    expect(askedById()).toEqual(["999"]);
  });

  test("settles its doubts while another instance gives no answer at all", async () => {
    simulator.injectFault({ kind: FaultKind.NO_ANSWER, dbInstanceId: "rm-billing" });
    const queries = [latest("rm-orders"), latest("rm-billing")];

    const [orders] = await settle(runOf(queries, lockedOrders("999", 1), refresh, 1));

    expect(orders).toMatchObject({ answer: { status: "error", error: { code: "LockedGone" } } });
    expect(askedById()).toEqual(["999"]);
  });

  test("locks nothing if the locked answer is used, and says why", async () => {
    simulator.injectFault({ kind: FaultKind.UNAVAILABLE, action: list });

    const [orders] = await settle(runOf([latest("rm-orders")], lockedOrders("101", 30), refresh, 1));

    expect(orders).toMatchObject({
      answer: {
        status: "found",
        origin: "lock",
        backup: { crossBackupId: "101" },
        failure: { code: "ServiceUnavailable", kind: "transient" },
      },
    });
    expect(orders?.entry).toBeUndefined();
  });
});

test("without a refresh nobody asks how long the copies are kept, and nothing says it", async () => {
  await settled([latest("rm-orders"), latest("rm-billing")]);

  expect(actions()).toEqual([list, list]);
});
