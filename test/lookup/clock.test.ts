import { isInstant } from "../../lib/backup/instant";
import { readClock } from "../../lib/lookup/query";

test("the clock reads the instant that it is, cut to the second", () => {
  jest.useFakeTimers({ now: 1709605374987 });
  expect(readClock()).toBe("2024-03-05T02:22:54Z");
  jest.useRealTimers();
  expect(isInstant(readClock())).toBe(true);
});
