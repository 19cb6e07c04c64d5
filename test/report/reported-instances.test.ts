import type { InstanceReport } from "../../lib/report/instance-report";
import { ReportedInstances } from "../../lib/report/reported-instances";
import { InstanceState } from "../../lib/report/state";

const { READY, AT_RISK, UNKNOWN, NOT_RESTORABLE } = InstanceState;

type Given = Partial<InstanceReport> & { readonly id: string; readonly regionId?: string };

function instancesOf(...given: readonly Given[]): ReportedInstances {
  const rows = given.map(({ id, regionId = "cn-hangzhou", ...facts }) => ({
    request: { dbInstanceId: id, regionId },
    logGaps: [],
    ...facts,
  }));
  return ReportedInstances.worstFirst(rows as unknown as readonly InstanceReport[]);
}

const idsOf = (instances: ReportedInstances): readonly string[] =>
  Array.from(instances, ({ request }) => `${request.dbInstanceId} ${request.regionId}`);

test("the worst come first: by state, then by age, an unknown one first, then by their names", () => {
  const instances = instancesOf(
    { id: "rm-b", state: READY, ageHours: 3 },
    { id: "rm-a", state: READY, ageHours: 3 },
    { id: "rm-old", state: READY, ageHours: 20 },
    { id: "rm-ageless", state: READY },
    { id: "rm-lost", state: NOT_RESTORABLE },
    { id: "rm-unknown", state: UNKNOWN },
    { id: "rm-late", state: AT_RISK, ageHours: 1 },
    { id: "rm-a", regionId: "cn-beijing", state: READY, ageHours: 3 },
  );

  expect(idsOf(instances)).toEqual([
    "rm-lost cn-hangzhou",
    "rm-unknown cn-hangzhou",
    "rm-late cn-hangzhou",
    "rm-ageless cn-hangzhou",
    "rm-old cn-hangzhou",
    "rm-a cn-beijing",
    "rm-a cn-hangzhou",
    "rm-b cn-hangzhou",
  ]);
});

test("an instance that is there twice counts once, as the worse of its rows", () => {
  const instances = instancesOf(
    { id: "rm-a", state: READY, ageHours: 3, profile: "one" },
    { id: "rm-a", state: AT_RISK, ageHours: 50, profile: "two" },
  );

  expect(Array.from(instances, ({ state, profile }) => [state, profile])).toEqual([[AT_RISK, "two"]]);
});

test("some of them keep the order", () => {
  const instances = instancesOf(
    { id: "rm-a", state: READY, ageHours: 3 },
    { id: "rm-b", state: READY, ageHours: 5, logGaps: [{ start: "2026-03-20T12:00:00Z" }] },
    { id: "rm-c", state: UNKNOWN },
  );

  expect(idsOf(instances.in(READY, UNKNOWN).slice(0, 2))).toEqual(["rm-c cn-hangzhou", "rm-b cn-hangzhou"]);
  expect(idsOf(instances.withLogGaps())).toEqual(["rm-b cn-hangzhou"]);
  expect([...instances.in(READY).map(({ ageHours }) => ageHours)]).toEqual([5, 3]);
});

test("each row is read once to be ordered, and again only if it is used", () => {
  const at = jest.fn((place: number) => ({ request: { dbInstanceId: `rm-${place}` }, state: READY, logGaps: [] }));
  const rows = { length: 50, at } as unknown as Parameters<typeof ReportedInstances.worstFirst>[0];

  const instances = ReportedInstances.worstFirst(rows);
  expect(at).toHaveBeenCalledTimes(50);
  expect([instances.length, instances.in(READY).length, instances.withLogGaps().length]).toEqual([50, 50, 0]);
  expect(at).toHaveBeenCalledTimes(50);
  expect([...instances.slice(0, 20)]).toHaveLength(20);
  expect(at).toHaveBeenCalledTimes(70);
});
