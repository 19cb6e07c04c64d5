import * as fc from "fast-check";
import { addHours, epochMsOf, hoursBetween, isInstant, parseInstant, toInstant } from "../../lib/backup/instant";

describe("an instant", () => {
  test.each([
    "2024-03-05T02:21:00Z",
    "2024-02-29T00:00:00Z",
    "2000-02-29T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
  ])("%s is one", (text) => {
    expect(isInstant(text)).toBe(true);
  });

  test.each([
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2024-02-30T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-00-10T00:00:00Z",
    "2024-01-00T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T23:60:00Z",
    "2016-12-31T23:59:60Z",
    "2024-03-05T02:21Z",
    "2024-03-05T02:21:00.000Z",
    "2024-03-05T02:21:00",
    "2024-03-05T02:21:00+00:00",
    "2024-03-05 02:21:00Z",
    " 2024-03-05T02:21:00Z",
    "2024-03-05T02:21:00Z\n",
    "10000-01-01T00:00:00Z",
    "2024-03-05",
    "",
  ])("%j is none", (text) => {
    expect(isInstant(text)).toBe(false);
  });
});

describe("reading a time of an answer", () => {
  test.each<[value: unknown, instant: string]>([
    ["2024-03-05T02:22:45Z", "2024-03-05T02:22:45Z"],
    ["2024-03-05T02:22Z", "2024-03-05T02:22:00Z"],
    ["2024-03-05 02:22:45Z", "2024-03-05T02:22:45Z"],
    ["2024-03-05T02:22:45.987Z", "2024-03-05T02:22:45Z"],
    ["  2024-03-05T02:22:45Z ", "2024-03-05T02:22:45Z"],
    ["2024-02-29T23:59Z", "2024-02-29T23:59:00Z"],
    [1709605374, "2024-03-05T02:22:54Z"],
    [1709605374.9, "2024-03-05T02:22:54Z"],
    ["1709605374", "2024-03-05T02:22:54Z"],
    ["1709605374.98", "2024-03-05T02:22:54Z"],
    [1, "1970-01-01T00:00:01Z"],
    [253402300799, "9999-12-31T23:59:59Z"],
  ])("%j is %s", (value, instant) => {
    expect(parseInstant(value)).toBe(instant);
  });

  test.each<[value: unknown]>([
    [0],
    ["0"],
    [-1],
    [NaN],
    [Infinity],
    [253402300800],
    [1709605374000],
    ["1709605374000"],
    ["2024-02-30T00:00Z"],
    ["2023-02-29T00:00:00Z"],
    ["2024-03-05T02:22.5Z"],
    ["2024-03-05T02:22:45"],
    ["2024-03-05T02:22:45+08:00"],
    ["x2024-03-05T02:22:45Z"],
    ["2024-03-05T02:22:45Zx"],
    ["Tue Mar 05 2024"],
    [""],
    [null],
    [undefined],
    [true],
    [["2024-03-05T02:22:45Z"]],
    [{}],
  ])("%j names none", (value) => {
    expect(parseInstant(value)).toBeUndefined();
  });

  test("gives an instant or nothing, whatever it is handed", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const instant = parseInstant(value);
        return instant === undefined || isInstant(instant);
      }),
    );
  });
});

describe("counting with instants", () => {
  const instants = fc
    .integer({ min: -62167219200, max: 253402300799 })
    .map((seconds) => toInstant(seconds * 1_000) ?? "");

  test("a number of milliseconds is cut to the second", () => {
    expect(toInstant(1709605374999)).toBe("2024-03-05T02:22:54Z");
  });

  test.each([NaN, Infinity, 253402300800000, -62167219200001])("%d ms name no instant", (ms) => {
    expect(toInstant(ms)).toBeUndefined();
  });

  test("every second of the years 0 to 9999 comes back from its text", () => {
    fc.assert(fc.property(instants, (instant) => isInstant(instant) && toInstant(epochMsOf(instant)) === instant));
  });

  test("text sorts in the order of time", () => {
    fc.assert(fc.property(instants, instants, (a, b) => a < b === epochMsOf(a) < epochMsOf(b)));
  });

  test.each([
    ["2024-02-28T23:30:00Z", 1, "2024-02-29T00:30:00Z"],
    ["2023-02-28T23:30:00Z", 1, "2023-03-01T00:30:00Z"],
    ["2024-03-05T02:22:54Z", -24 * 5, "2024-02-29T02:22:54Z"],
    ["2024-03-05T02:22:54Z", 0.5, "2024-03-05T02:52:54Z"],
    ["9999-12-31T23:00:00Z", 2, "9999-12-31T23:59:59Z"],
    ["0000-01-01T01:00:00Z", -2, "0000-01-01T00:00:00Z"],
  ])("%s plus %d hours is %s", (from, hours, to) => {
    expect(addHours(from, hours)).toBe(to);
  });

  test("hours between two instants are negative if the second is the earlier one", () => {
    expect(hoursBetween("2024-03-05T00:00:00Z", "2024-03-06T01:30:00Z")).toBe(25.5);
    expect(hoursBetween("2024-03-06T01:30:00Z", "2024-03-05T00:00:00Z")).toBe(-25.5);
  });
});
