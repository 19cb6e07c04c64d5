import fs from "node:fs";
import { showProgress } from "../../lib/lookup/progress";

describe("progress on standard error", () => {
  let write: jest.SpyInstance<number, Parameters<typeof fs.writeSync>>;
  beforeEach(() => {
    jest.useFakeTimers();
    write = jest.spyOn(fs, "writeSync").mockReturnValue(0);
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  test("comes after a second, then every five, until it is stopped", () => {
    let answered = 0;
    const stop = showProgress("RDS", () => `${answered} of 3 lookups answered`);

    jest.advanceTimersByTime(999);
    expect(write).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    answered = 2;
    jest.advanceTimersByTime(10_000);
    stop();
    jest.advanceTimersByTime(60_000);

    expect(write.mock.calls).toEqual([
      [2, "rds-dr: waiting for RDS, 0 of 3 lookups answered after 1 s\n"],
      [2, "rds-dr: waiting for RDS, 2 of 3 lookups answered after 5 s\n"],
      [2, "rds-dr: waiting for RDS, 2 of 3 lookups answered after 10 s\n"],
    ]);
  });

  test("is no reason to fail", () => {
    write.mockImplementation(() => {
      throw new Error("EPIPE");
    });
    const stop = showProgress("RDS", () => "");

    expect(() => {
      jest.advanceTimersByTime(6_000);
    }).not.toThrow();
    stop();
    expect(write).toHaveBeenCalledTimes(2);
  });
});
