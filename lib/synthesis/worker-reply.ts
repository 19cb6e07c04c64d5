import type { LookupAnswer } from "../lookup/answer";

/** What the worker says to the thread that waits for it. */
export interface WorkerReply {
  readonly answers?: readonly LookupAnswer[];
  /** In place of answers: what is wrong, for the user to mend, in the parts of an InvalidRequestError. */
  readonly invalid?: { readonly parameter: string; readonly value: unknown; readonly allowed: string };
  /** In place of answers: a defect in words. An error that is thrown would take all of its properties with it. */
  readonly defect?: string;
}

/** Places of what the thread and the one that waits for it share. */
export enum Signal {
  /** 1 once a reply was sent. */
  REPLIED = 0,
  /** A file that is open while the thread lives; 0 before it has started. */
  LIFE_LINE = 1,
}
