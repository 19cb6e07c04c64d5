import { inOrder } from "./record-order";
import type { RecordOrder, WorldRecord } from "./world";
import { recordsAt } from "./world-records";

/** The records of one kind that an instance has, as the world has them. */
export interface RecordList {
  readonly records?: readonly WorldRecord[];
  readonly defaults?: WorldRecord;
  readonly startField: string;
  readonly order?: RecordOrder;
}

interface Memo {
  readonly list: RecordList;
  readonly second: number;
  readonly listed: readonly WorldRecord[];
}

// The pages of one query come within a second: ten thousand records need not be written out for each of them.
const memos = new WeakMap<readonly WorldRecord[], Memo>();

/** The records at an instant, series written out and times absolute, in the world's order. */
export function listedRecords(list: RecordList, now: Date): readonly WorldRecord[] {
  if (list.records === undefined) {
    return [];
  }
  const second = Math.floor(now.getTime() / 1000);
  const memo = memos.get(list.records);
  const isSame = memo?.second === second && memo.list.defaults === list.defaults && memo.list.order === list.order;
  if (isSame) {
    return memo.listed;
  }
  const listed = inOrder(recordsAt(now, list.records, list.defaults), list.order, list.startField);
  memos.set(list.records, { list, second, listed });
  return listed;
}
