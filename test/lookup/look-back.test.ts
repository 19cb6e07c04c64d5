import { epochMsOf } from "../../lib/backup/instant";
import { isLatestOfAll, lookBackWindows } from "../../lib/lookup/listings";

const now = "2024-03-10T12:00:00Z";
const tomorrow = "2024-03-11T12:00:00Z";
const oldest = "2019-03-09T12:00:00Z";

describe("the windows that are asked", () => {
  test("reach back a week and more, then a quarter, then as long as backups can be kept", () => {
    expect(lookBackWindows(now, undefined)).toEqual([
      { startTime: "2024-02-29T12:00:00Z", endTime: tomorrow },
      { startTime: "2023-12-01T12:00:00Z", endTime: tomorrow },
      { startTime: oldest, endTime: tomorrow },
    ]);
  });

  test("hold all that can be kept, 1,825 days, with a margin", () => {
    const days = (epochMsOf(now) - epochMsOf(oldest)) / (24 * 60 * 60 * 1_000);
    expect(days).toBe(1_828);
  });

  test("begin before notAfter, if that is in the past, and still end a day ahead", () => {
    expect(lookBackWindows(now, "2024-01-20T00:00:00Z")).toEqual([
      { startTime: "2024-01-10T00:00:00Z", endTime: tomorrow },
      { startTime: "2023-10-12T00:00:00Z", endTime: tomorrow },
      { startTime: oldest, endTime: tomorrow },
    ]);
  });

  test("pay no attention to a notAfter in the future", () => {
    expect(lookBackWindows(now, "2030-01-01T00:00:00Z")).toEqual(lookBackWindows(now, undefined));
  });

  test.each(["2019-03-10T00:00:00Z", "2001-01-01T00:00:00Z", "0000-01-01T00:00:00Z"])(
    "are no more than can differ if notAfter is as old as %s",
    (notAfter) => {
      expect(lookBackWindows(now, notAfter)).toEqual([{ startTime: oldest, endTime: tomorrow }]);
    },
  );

  test("lie each within the next", () => {
    for (const notAfter of [undefined, "2024-01-20T00:00:00Z", "2019-12-01T00:00:00Z"]) {
      const starts = lookBackWindows(now, notAfter).map(({ startTime }) => startTime);
      expect(starts).toEqual([...new Set(starts)].sort().reverse());
    }
  });
});

describe("a backup in a window is the latest of all", () => {
  const window = { startTime: "2024-02-29T12:00:00Z", endTime: tomorrow };

  test.each([
    ["2024-03-02T12:00:00Z", true],
    ["2024-03-02T11:59:59Z", false],
    ["2024-02-29T12:00:00Z", false],
    ["2024-03-10T00:00:00Z", true],
  ])("with data of %s: %p, as a later one may have started before the window", (dataTime, expected) => {
    expect(isLatestOfAll(dataTime, window)).toBe(expected);
  });
});
