import { createHash } from "node:crypto";
import { RecordOrder, type WorldRecord } from "./world";
import { timeOf } from "./world-records";

/** The records in the order that the world lists them, by the time in `startField`. */
export function inOrder(
  records: readonly WorldRecord[],
  order: RecordOrder = RecordOrder.NEWEST_FIRST,
  startField: string,
): WorldRecord[] {
  switch (order) {
    case RecordOrder.AS_WRITTEN:
      return [...records];
    case RecordOrder.NEWEST_FIRST:
      return sortedBy(records, (record) => -(timeOf(record, startField) ?? 0));
    case RecordOrder.OLDEST_FIRST:
      return sortedBy(records, (record) => timeOf(record, startField) ?? 0);
    case RecordOrder.SHUFFLED:
      // By the place in the world, so that the pages of one query fit together.
      return sortedBy(records, (_, place) => createHash("sha1").update(String(place)).digest().readUInt32BE());
  }
}

/** Works every key out once: reading a time is what takes long. */
function sortedBy(
  records: readonly WorldRecord[],
  keyOf: (record: WorldRecord, place: number) => number,
): WorldRecord[] {
  return records
    .map((record, place) => ({ record, key: keyOf(record, place) }))
    .sort((a, b) => a.key - b.key)
    .map(({ record }) => record);
}
