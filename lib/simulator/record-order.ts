import { createHash } from "node:crypto";
import { RecordOrder, type WorldRecord } from "./world";
import { timeOf } from "./world-records";

/** The records in the order that the world lists them, by the time in `startField`. */
export function inOrder(
  records: readonly WorldRecord[],
  order: RecordOrder = RecordOrder.NEWEST_FIRST,
  startField: string,
): WorldRecord[] {
  const start = (record: WorldRecord): number => timeOf(record, startField) ?? 0;
  switch (order) {
    case RecordOrder.AS_WRITTEN:
      return [...records];
    case RecordOrder.NEWEST_FIRST:
      return records.toSorted((a, b) => start(b) - start(a));
    case RecordOrder.OLDEST_FIRST:
      return records.toSorted((a, b) => start(a) - start(b));
    case RecordOrder.SHUFFLED:
      // By the place in the world, so that the pages of one query fit together.
      return records
        .map((record, place) => ({ record, key: createHash("sha1").update(String(place)).digest("hex") }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ record }) => record);
  }
}
