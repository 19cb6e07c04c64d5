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
const memos = new Map<readonly WorldRecord[], Memo>();

/** Lists that are held written out, the latest ones: fifty thousand of them would fill the memory. */
const mostMemos = 1_000;

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
  memos.delete(list.records);
  memos.set(list.records, { list, second, listed });
  const [oldest] = memos.keys();
  if (memos.size > mostMemos && oldest !== undefined) {
    memos.delete(oldest);
  }
  return listed;
}
