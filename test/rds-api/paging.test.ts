import { RdsApiError } from "../../lib/rds-api/errors/rds-api-error";
import { foldPages, identityOf, itemsOf, type PagedAction, readAllPages } from "../../lib/rds-api/paging";
import type { RpcAnswer } from "../../lib/rds-api/rds-client";
import { type Call, FakeTransport } from "./fake-transport";
import { errorOf } from "./simulated";

type Row = Readonly<Record<string, unknown>>;

const list: PagedAction<unknown> = {
  action: "DescribeCrossRegionBackups",
  parameters: { RegionId: "cn-hangzhou" },
  paging: { pageSize: 30 },
  idField: "CrossBackupId",
  parse: (row) => row,
};

/** Rows with the ids from one number down to another, as a list that shows the newest first. */
const rowsOf = (from: number, to: number): Row[] =>
  Array.from({ length: from - to + 1 }, (_, index) => ({ CrossBackupId: from - index }));

const pageNumberOf = ({ parameters }: Call): number => Number(parameters["PageNumber"]);

/** The answer to a call by an API that holds these rows. */
const pageOf = (rows: readonly Row[], call: Call, pageSize = 30): RpcAnswer => {
  const start = (pageNumberOf(call) - 1) * pageSize;
  return {
    RequestId: "1",
    PageRecordCount: 30,
    TotalRecordCount: rows.length,
    Items: { Item: rows.slice(start, start + pageSize) },
  };
};

const idsOf = (rows: readonly unknown[]): unknown[] => rows.map((row) => (row as Row)["CrossBackupId"]);
const numbers = (from: number, to: number): number[] => rowsOf(from, to).map((row) => Number(row["CrossBackupId"]));

describe("a list that stands still", () => {
  test.each([
    [0, 1],
    [1, 1],
    [29, 1],
    [30, 1],
    [31, 2],
    [60, 2],
    [61, 3],
    [300, 10],
    [700, 24],
  ])("of %d rows takes %d requests", async (count, requests) => {
    const rows = rowsOf(count, 1);
    const transport = new FakeTransport((call) => pageOf(rows, call));

    expect(await readAllPages(transport.client(), list)).toEqual(rows);
    expect(transport.pages).toEqual(numbers(requests, 1).reverse());
  });

  test("keeps its order, whichever page comes first", async () => {
    const rows = rowsOf(100, 1);
    const transport = new FakeTransport(async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 10 - 2 * pageNumberOf(call)));
      return pageOf(rows, call);
    });

    expect(await readAllPages(transport.client(), list)).toEqual(rows);
  });

  test("is asked for with its parameters, page by page", async () => {
    const transport = new FakeTransport((call) => pageOf(rowsOf(31, 1), call));

    await readAllPages(transport.client(), list);

    expect(transport.calls.map(({ action, parameters }) => [action, parameters])).toEqual([
      ["DescribeCrossRegionBackups", { RegionId: "cn-hangzhou", PageSize: 30, PageNumber: 1 }],
      ["DescribeCrossRegionBackups", { RegionId: "cn-hangzhou", PageSize: 30, PageNumber: 2 }],
    ]);
  });

  test("may have its total as text", async () => {
    const rows = rowsOf(45, 1);
    const transport = new FakeTransport((call) => {
      const answer = pageOf(rows, call);
      return { ...answer, TotalRecordCount: String(answer["TotalRecordCount"]) };
    });

    expect(await readAllPages(transport.client(), list)).toEqual(rows);
    expect(transport.pages).toEqual([1, 2]);
  });

  test("is read one page at a time if asked for one", async () => {
    const transport = new FakeTransport((call) => pageOf(rowsOf(100, 1), call));

    expect(idsOf(await readAllPages(transport.client(), { ...list, paging: { pageSize: 30, pageNumber: 2 } }))).toEqual(
      numbers(70, 41),
    );
    expect(transport.pages).toEqual([2]);
  });

  test.each([
    ["InvalidDBInstance.NotFound", 1],
    ["InvalidPage.notFound", 1],
    ["Forbidden.RAM", 2],
  ])("may be refused with %s at page %d, and that is the answer", async (code, page) => {
    const transport = new FakeTransport((call) => {
      if (pageNumberOf(call) === page) {
        throw new RdsApiError({ action: "X", code, reason: "no", httpStatus: 404 });
      }
      return pageOf(rowsOf(60, 1), call);
    });

    expect((await errorOf(readAllPages(transport.client(), list), RdsApiError)).code).toBe(code);
  });
});

describe("a list that changes while it is read", () => {
  test("shows a row twice, which counts once, and hides the new one until it is read again", async () => {
    const before = rowsOf(60, 1);
    const after = rowsOf(61, 1);
    const transport = new FakeTransport((call, count) => pageOf(count === 1 ? before : after, call));

    const rows = await readAllPages(transport.client(), list);

    expect(idsOf(rows).sort((a, b) => Number(b) - Number(a))).toEqual(numbers(61, 1));
    // 61 rows are three pages; then all of them again.
    expect(transport.pages).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test("loses a row by a shift, which a second reading finds", async () => {
    const before = rowsOf(60, 1);
    const after = before.filter((row) => row["CrossBackupId"] !== 60);
    const transport = new FakeTransport((call, count) => pageOf(count === 1 ? before : after, call));

    expect(idsOf(await readAllPages(transport.client(), list))).toContain(30);
    expect(transport.pages).toEqual([1, 2, 1, 2]);
  });

  test("may lose one row and get another: the total says nothing, the count does", async () => {
    const before = rowsOf(60, 1);
    const after = [...rowsOf(61, 61), ...before.filter((row) => row["CrossBackupId"] !== 5)];
    const transport = new FakeTransport((call, count) => pageOf(count === 1 ? before : after, call));

    const ids = idsOf(await readAllPages(transport.client(), list));

    expect(ids).toEqual(expect.arrayContaining(numbers(61, 1).filter((id) => id !== 5)));
    expect(transport.pages).toEqual([1, 2, 1, 2]);
  });

  test("keeps the last version of a row", async () => {
    const status = (row: Row, value: number): Row => ({ ...row, BackupSetStatus: value });
    const before = rowsOf(60, 1).map((row) => status(row, 0));
    const after = rowsOf(61, 1).map((row) => status(row, 1));
    const transport = new FakeTransport((call, count) => pageOf(count === 1 ? before : after, call));

    const rows = await readAllPages(transport.client(), list);

    expect(rows.filter((row) => (row as Row)["BackupSetStatus"] !== 1)).toEqual([]);
  });

  test("is read three times at most", async () => {
    const transport = new FakeTransport((call, count) => pageOf(rowsOf(60 + count, 1), call));

    await errorOf(readAllPages(transport.client(), list), RdsApiError);

    expect(transport.pages.filter((page) => page === 1)).toHaveLength(3);
  });

  test("grows beyond its last page, which is read then, and again, as its total changed", async () => {
    const transport = new FakeTransport((call, count) => pageOf(count === 1 ? rowsOf(0, -59) : rowsOf(0, -99), call));

    expect(await readAllPages(transport.client(), list)).toHaveLength(100);
    expect(transport.pages).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  });

  test("becomes shorter by a page, which the API calls not found", async () => {
    const before = rowsOf(61, 1);
    const after = rowsOf(60, 1);
    const transport = new FakeTransport((call, count) => {
      if (pageNumberOf(call) > 2) {
        throw new RdsApiError({ action: "X", code: "InvalidPage.notFound", reason: "no", httpStatus: 404 });
      }
      return pageOf(count === 1 ? before : after, call);
    });

    expect(await readAllPages(transport.client(), list)).toEqual(after);
  });

  test("becomes shorter, and only a missing page shows it", async () => {
    const before = rowsOf(61, 1);
    const after = before.slice(31);
    const transport = new FakeTransport((call, count) => {
      if (count > 1 && pageNumberOf(call) > 1) {
        throw new RdsApiError({ action: "X", code: "InvalidPage.notFound", reason: "no", httpStatus: 404 });
      }
      return pageOf(count === 1 ? before : after, call);
    });

    expect(await readAllPages(transport.client(), list)).toEqual(after);
  });

  test("is gone altogether at the second look, which is the answer then", async () => {
    const transport = new FakeTransport((call, count) => pageOf(count === 1 ? rowsOf(60, 1) : [], call));

    expect(await readAllPages(transport.client(), list)).toEqual([]);
  });

  test("loses a row for good, which does not survive in the answer", async () => {
    const before = rowsOf(60, 1);
    const after = before.filter((row) => row["CrossBackupId"] !== 45);
    const transport = new FakeTransport((call, count) => pageOf(count === 1 ? before : after, call));

    expect(await readAllPages(transport.client(), list)).toEqual(after);
  });

  test.each([
    ["short", (rows: readonly Row[]) => rows.slice(1)],
    ["empty", () => []],
  ])("shows it by a page that is %s though rows follow", async (_, cut) => {
    const rows = rowsOf(90, 1);
    const transport = new FakeTransport((call, count) => {
      const answer = pageOf(rows, call);
      return count === 2 ? { ...answer, Items: { Item: cut(rows.slice(30, 60)) } } : answer;
    });

    expect(await readAllPages(transport.client(), list)).toEqual(rows);
    expect(transport.pages).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test("is an error if it never stands still, as the newest row may be the one that is missing", async () => {
    const transport = new FakeTransport((call, count) => pageOf(rowsOf(60 + count, 1 + count), call));

    expect(await errorOf(readAllPages(transport.client(), list), RdsApiError)).toMatchObject({
      code: "InconsistentList",
      kind: "transient",
      reason: "3 readings of the list were incomplete; in the last one the same id came on two pages",
    });
  });
});

describe("a list that shows a shift in each of three readings is an error", () => {
  const untotalled = (answer: RpcAnswer): RpcAnswer => ({ ...answer, TotalRecordCount: undefined });
  const withRows = (answer: RpcAnswer, rows: readonly Row[]): RpcAnswer => ({
    ...answer,
    Items: { Item: rows },
  });
  const pageOne = (call: Call): Call => ({ ...call, parameters: { ...call.parameters, PageNumber: 1 } });
  const rows = rowsOf(90, 1);

  test.each<[string, (call: Call) => RpcAnswer, string]>([
    [
      "as one page is always empty",
      (call) => (pageNumberOf(call) === 2 ? withRows(pageOf(rows, call), []) : pageOf(rows, call)),
      "page 2 has only 0 rows, but rows follow on page 3",
    ],
    [
      "as the first page is always empty",
      (call) => (pageNumberOf(call) === 1 ? withRows(pageOf(rows, call), []) : pageOf(rows, call)),
      "page 1 has only 0 rows, but rows follow on page 3",
    ],
    [
      "as the first page is always short",
      (call) => (pageNumberOf(call) === 1 ? withRows(pageOf(rows, call), rows.slice(0, 29)) : pageOf(rows, call)),
      "page 1 has only 29 rows, but rows follow on page 3",
    ],
    [
      "as one page does not exist",
      (call) => {
        if (pageNumberOf(call) === 2) {
          throw new RdsApiError({ action: "X", code: "InvalidPage.notFound", reason: "no", httpStatus: 404 });
        }
        return pageOf(rows, call);
      },
      "page 2 has only 0 rows, but rows follow on page 3",
    ],
    ["as the number of the page is ignored", (call) => pageOf(rows, pageOne(call)), "the same id came on two pages"],
    [
      "as the number of the page is ignored, without a total",
      (call) => untotalled(pageOf(rows, pageOne(call))),
      "page 2 repeats the rows of the pages before it",
    ],
    [
      "as the number of the page is ignored, and the pages are capped",
      (call) => pageOf(rows, pageOne(call), 20),
      "page 2 repeats the rows of the pages before it",
    ],
    [
      "as the last page has more rows than the total promises",
      (call) => ({ ...pageOf(rows, call), TotalRecordCount: 45 }),
      "its pages have 60 rows, but its total is 45",
    ],
    [
      "as each page has another total",
      (call) => ({ ...pageOf(rows, call), TotalRecordCount: 90 + pageNumberOf(call) }),
      "its total changed from 91 to ",
    ],
    [
      "as the pages overlap, without a total",
      (call) => {
        const start = (pageNumberOf(call) - 1) * 29;
        return untotalled(withRows(pageOf(rows, call), rows.slice(start, start + 30)));
      },
      "the same id came on two pages",
    ],
  ])("%s", async (_, answer, sign) => {
    const transport = new FakeTransport(answer);

    const error = await errorOf(readAllPages(transport.client({ concurrency: 3 }), list), RdsApiError);

    expect(error).toMatchObject({ code: "InconsistentList", kind: "transient" });
    expect(error.reason).toContain(`3 readings of the list were incomplete; in the last one ${sign}`);
    expect(transport.pages.filter((page) => page === 1)).toHaveLength(3);
  });

  test("for whoever folds it as well", async () => {
    const transport = new FakeTransport((call) => pageOf(rows, pageOne(call)));

    const folded = foldPages(transport.client(), list, () => ({ add: () => undefined }));

    expect((await errorOf(folded, RdsApiError)).code).toBe("InconsistentList");
  });

  test("unless it stands still: a total of 90 with pages that do not exist promises too much", async () => {
    const transport = new FakeTransport((call) => {
      if (pageNumberOf(call) > 2) {
        throw new RdsApiError({ action: "X", code: "InvalidPage.notFound", reason: "no", httpStatus: 404 });
      }
      return { ...pageOf(rows.slice(0, 60), call), TotalRecordCount: 90 };
    });

    expect(await readAllPages(transport.client(), list)).toEqual(rows.slice(0, 60));
  });

  test("unless its last page comes again for every number beyond it", async () => {
    const transport = new FakeTransport((call) => {
      const page = Math.min(3, pageNumberOf(call));
      return untotalled(pageOf(rows, { ...call, parameters: { PageNumber: page } }));
    });

    expect(await readAllPages(transport.client(), list)).toEqual(rows);
    expect(transport.pages).toEqual([1, 2, 3, 4]);
  });

  test("unless it is empty, though its total promises rows", async () => {
    const transport = new FakeTransport((call) => ({ ...pageOf([], call), TotalRecordCount: 90 }));

    expect(await readAllPages(transport.client(), list)).toEqual([]);
    expect(transport.pages).toEqual([1, 2]);
  });
});

describe("pages that are folded", () => {
  test("are taken as they come, and never held: no page waits for the others", async () => {
    const taken: [rows: number, page: number][] = [];
    const transport = new FakeTransport(async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 10 - 2 * pageNumberOf(call)));
      return pageOf(rowsOf(100, 1), call);
    });

    await foldPages(transport.client(), list, () => ({
      add: (rows: readonly unknown[], pageNumber: number) => taken.push([rows.length, pageNumber]),
    }));

    expect(taken).toEqual([
      [30, 1],
      [10, 4],
      [30, 3],
      [30, 2],
    ]);
  });

  test("are folded anew if the list shifted: nothing of the first reading is left", async () => {
    const after = rowsOf(61, 1);
    const transport = new FakeTransport((call, count) => pageOf(count === 1 ? rowsOf(60, 1) : after, call));

    const { ids } = await foldPages(transport.client(), list, () => {
      const ids: unknown[] = [];
      return { ids, add: (rows: readonly unknown[]) => ids.push(...idsOf(rows)) };
    });

    expect(ids).toEqual(numbers(61, 1));
  });
});

describe("copies of one id", () => {
  const good = { CrossBackupId: 5, BackupSetStatus: 0, CrossBackupDownloadLink: "https://x/?Signature=1" };
  const bad = { ...good, BackupSetStatus: 1 };

  test("that differ are all there, for whoever judges them", async () => {
    const transport = new FakeTransport((call) => pageOf([good, bad], call));

    expect(await readAllPages(transport.client(), list)).toEqual([good, bad]);
    expect(transport.pages).toEqual([1]);
  });

  test("that differ are all there from two pages, which are read anew: the list may have shifted", async () => {
    const rows = [good, ...rowsOf(99, 71), bad];
    const transport = new FakeTransport((call) => pageOf(rows, call));

    expect(await readAllPages(transport.client(), list)).toEqual(rows);
    expect(transport.pages).toEqual([1, 2, 1, 2, 1, 2]);
  });

  test("that differ are all there if one page is asked for", async () => {
    const transport = new FakeTransport((call) => pageOf([good, bad], call));

    expect(await readAllPages(transport.client(), { ...list, paging: { pageSize: 30, pageNumber: 1 } })).toEqual([
      good,
      bad,
    ]);
  });

  test("that differ only by their links are one, with the last link", async () => {
    const again = { ...good, CrossBackupDownloadLink: "https://x/?Signature=2" };
    const transport = new FakeTransport((call) => pageOf([good, again], call));

    expect(await readAllPages(transport.client(), list)).toEqual([again]);
  });

  test("do not stop a reader for ever who knows the pages by nothing else", async () => {
    const transport = new FakeTransport((_, count) => ({ Items: { Item: [{ ...good, AskedFor: count }] } }));

    expect(await readAllPages(transport.client(), list)).toHaveLength(2);
    expect(transport.pages).toEqual([1, 2]);
  });
});

describe("other implementations of the API", () => {
  const rows = rowsOf(100, 1);

  test.each<[string, (call: Call) => RpcAnswer]>([
    [
      "tell no total",
      (call) => {
        const { TotalRecordCount: _, ...answer } = pageOf(rows, call);
        return answer;
      },
    ],
    ["tell no total and cap the page", (call) => ({ ...pageOf(rows, call, 20), TotalRecordCount: undefined })],
    ["cap the page below what was asked for", (call) => pageOf(rows, call, 20)],
    ["tell the number of pages for a total", (call) => ({ ...pageOf(rows, call), TotalRecordCount: 4 })],
    ["tell 0 for a total", (call) => ({ ...pageOf(rows, call), TotalRecordCount: 0 })],
    ["tell nonsense for a total", (call) => ({ ...pageOf(rows, call), TotalRecordCount: "many" })],
    ["tell a negative total", (call) => ({ ...pageOf(rows, call), TotalRecordCount: -1 })],
    ["tell a total of something else", (call) => ({ ...pageOf(rows, call), TotalRecordCount: 1_000_000_000 })],
  ])("that %s are read to the end", async (_, answer) => {
    const transport = new FakeTransport(answer);

    expect(await readAllPages(transport.client(), list)).toEqual(rows);
    expect(transport.calls.length).toBeLessThan(60);
  });

  test("refuse pages past the end", async () => {
    const transport = new FakeTransport((call) => {
      if (pageNumberOf(call) > 4) {
        throw new RdsApiError({ action: "X", code: "InvalidPage.notFound", reason: "no", httpStatus: 404 });
      }
      return { ...pageOf(rows, call), TotalRecordCount: undefined };
    });

    expect(await readAllPages(transport.client(), list)).toEqual(rows);
    expect(transport.pages).toEqual([1, 2, 3, 4, 5]);
  });

  test.each([249, 201, 199, 150, 100])("claim 250 but have %d, and are not asked again", async (count) => {
    const transport = new FakeTransport((call) => ({
      ...pageOf(rowsOf(count, 1), call, 100),
      TotalRecordCount: 250,
    }));

    expect(await readAllPages(transport.client(), { ...list, paging: {} })).toHaveLength(count);
    expect(transport.pages).toEqual([1, 2, 3]);
  });

  test.each([1, 2, 3, 16])("give an empty page once, and lose nothing by it: %d at once", async (concurrency) => {
    for (const faulty of [2, 3, 7, 9, 10]) {
      let isOver = false;
      const many = rowsOf(1_000, 1);
      const transport = new FakeTransport((call) => {
        if (pageNumberOf(call) === faulty && !isOver) {
          isOver = true;
          return { RequestId: "1", TotalRecordCount: 1_000, Items: { Item: [] } };
        }
        return { ...pageOf(many, call, 100), TotalRecordCount: 1_000 };
      });

      const read = await readAllPages(transport.client({ concurrency }), { ...list, paging: {} });

      expect(read).toHaveLength(faulty === 10 ? 900 : 1_000);
    }
  });

  test("claim more than they have, as the page's sample does", async () => {
    const transport = new FakeTransport((call) => ({ ...pageOf(rowsOf(1, 1), call), TotalRecordCount: 100 }));

    expect(await readAllPages(transport.client(), list)).toEqual(rowsOf(1, 1));
    expect(transport.pages).toEqual([1, 2]);
  });

  test("give the same page whatever its number, with links signed anew each time", async () => {
    const transport = new FakeTransport((_, count) => ({
      Items: {
        Item: [
          { CrossBackupId: 0, Name: "a", CrossBackupDownloadLink: `https://x/?Signature=${count}` },
          { CrossBackupId: 5, Name: "b", CrossDownloadLink: `https://x/?Signature=${count}` },
        ],
      },
    }));

    expect(await readAllPages(transport.client(), list)).toHaveLength(2);
    expect(transport.pages).toEqual([1, 2]);
  });

  test("have a row twice in one page", async () => {
    const transport = new FakeTransport((call) => pageOf([...rowsOf(2, 1), ...rowsOf(2, 1)], call));

    expect(await readAllPages(transport.client(), list)).toEqual(rowsOf(2, 1));
    expect(transport.pages).toEqual([1]);
  });

  test("give everything at once, whatever page size was asked for", async () => {
    const transport = new FakeTransport(() => ({ TotalRecordCount: 100, Items: { Item: rows } }));

    expect(await readAllPages(transport.client(), list)).toEqual(rows);
    expect(transport.pages).toEqual([1]);
  });
});

describe("the rows of an answer", () => {
  test("that holds no list are asked for again", async () => {
    jest.spyOn(Math, "random").mockReturnValue(0);
    const transport = new FakeTransport((call, count) => (count === 1 ? { foo: 1 } : pageOf(rowsOf(2, 1), call)));

    expect(await readAllPages(transport.client(), list)).toEqual(rowsOf(2, 1));
    jest.restoreAllMocks();

    expect(transport.pages).toEqual([1, 1]);
  });

  test.each<[RpcAnswer, Row[]]>([
    [{ Items: { Item: [{ a: 1 }, { a: 2 }] } }, [{ a: 1 }, { a: 2 }]],
    [{ Items: { Item: { a: 1 } } }, [{ a: 1 }]],
    [{ Items: [{ a: 1 }] }, [{ a: 1 }]],
    [{ Items: { Item: [] } }, []],
    [{ Items: {} }, []],
    [{ Items: [] }, []],
    [{ Items: null, RequestId: "1" }, []],
    [{ Items: { Item: null } }, []],
    [{ RequestId: "1" }, []],
  ])("of %j are %j", (answer, rows) => {
    expect(itemsOf("X", answer)).toEqual(rows);
  });

  test.each<[RpcAnswer]>([
    [{}],
    [{ Message: "hello" }],
    [{ Items: "none" }],
    [{ Items: 0 }],
    [{ Items: { Item: "text" } }],
    [{ Items: { Item: [{ a: 1 }, null] } }],
    [{ Items: ["a"] }],
  ])("of %j are not to be had", (answer) => {
    expect(() => itemsOf("X", answer)).toThrow(
      expect.objectContaining({ code: "InvalidResponse", action: "X" }) as Error,
    );
  });
});

describe("what identifies a row is", () => {
  test.each<[string, unknown, unknown, boolean]>([
    ["their id, whatever else they say", { Id: 5, a: 1 }, { Id: "5", a: 2 }, true],
    ["their id, though they say the same", { Id: 5, a: 1 }, { Id: 6, a: 1 }, false],
    ["all they say where the id is 0", { Id: 0, a: 1 }, { Id: 0, a: 2 }, false],
    ["all they say where there is no id", { a: 1 }, { a: 1 }, true],
    ["all but their links", { a: 1, CrossDownloadLink: "x" }, { a: 1, CrossDownloadLink: "y" }, true],
    ["all but when these expire", { a: 1, LinkExpiredTime: "x" }, { a: 1, LinkExpiredTime: "y" }, true],
  ])("%s", (_, one, other, same) => {
    expect(identityOf(one, "Id") === identityOf(other, "Id")).toBe(same);
  });
});

test.each<[unknown]>([[{}], [[]], [null], ["many"], [true], [-1], [1e30], [Object.create(null)]])(
  "a total of %p is none, and the list is read to its end",
  async (total) => {
    const transport = new FakeTransport((call) => ({
      ...pageOf(rowsOf(40, 1), call),
      TotalRecordCount: total,
    }));

    expect(idsOf(await readAllPages(transport.client(), list))).toEqual(numbers(40, 1));
  },
);
