import { text } from "node:stream/consumers";
import { Consequence, FaultKind, Run, type Fault, type Surroundings } from "../fault";
import { answering } from "../surroundings";

const { OUTAGE } = Consequence;

const kind = FaultKind.LISTS;

const runs = [Run.LOOKUP, Run.LIST, Run.SYNTHESIS_WITH_LOCK];

const pageSize = 100;

export const listFaults: readonly Fault[] = [
  {
    kind,
    name: "page 2 of 3 is always empty",
    consequence: OUTAGE,
    surround: () =>
      paged(
        (number) => (number === 2 ? [] : rows(number)),
        () => 250,
      ),
    runs,
  },
  {
    kind,
    name: "PageNumber is ignored",
    consequence: OUTAGE,
    surround: () =>
      paged(
        () => rows(1),
        () => 250,
      ),
    runs,
  },
  {
    kind,
    name: "the total grows with each request",
    consequence: OUTAGE,
    surround: () => paged(rows, (asked) => 250 + asked),
    runs,
  },
];

/** A server that lists in pages. */
function paged(
  rowsOf: (pageNumber: number) => readonly object[],
  totalOf: (asked: number) => number,
): Promise<Surroundings> {
  let asked = 0;
  return answering((request, response) => {
    void text(request).then((body) => {
      const PageNumber = Number(new URLSearchParams(body).get("PageNumber"));
      asked++;
      const Items = { Item: rowsOf(PageNumber) };
      response.end(JSON.stringify({ RequestId: "SOAK", Items, PageNumber, TotalRecordCount: totalOf(asked) }));
    });
  });
}

/** The rows of a page; every one is a valid backup. */
function rows(pageNumber: number): readonly object[] {
  return Array.from({ length: pageSize }, (_, index) => {
    const place = (pageNumber - 1) * pageSize + index;
    const time = `${new Date(Date.now() - (place + 1) * 3_600_000).toISOString().slice(0, 19)}Z`;
    return {
      CrossBackupId: 1_000_000 - place,
      BackupType: "F",
      BackupSetStatus: 0,
      BackupStartTime: time,
      BackupEndTime: time,
      CrossBackupRegion: "cn-shanghai",
      CrossBackupSetFile: "soak_qp.xb",
      Engine: "mysql",
      EngineVersion: "8.0",
      RestoreRegions: { RestoreRegion: ["cn-shanghai"] },
    };
  });
}
