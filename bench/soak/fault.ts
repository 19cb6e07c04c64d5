/** What goes wrong. */
export enum FaultKind {
  CONNECTION = "connection",
  ANSWER = "answer",
  TIME = "time",
  THROTTLING = "throttling",
  LISTS = "lists",
  PROXY = "proxy",
  CREDENTIALS = "credentials",
  WORKER = "worker",
}

/** What is run while it goes wrong. */
export enum Run {
  /** `rds-dr lookup`. */
  LOOKUP = "lookup",
  /** `rds-dr list`. */
  LIST = "list",
  /** An app without a lock file. */
  SYNTHESIS = "synthesis",
  /** An app beside a lock file that has an older answer. */
  SYNTHESIS_WITH_LOCK = "synthesis with a lock file",
  /** The same in the mode `locked`. */
  LOCKED_SYNTHESIS = "synthesis in the mode `locked`",
}

/** What came of a run. */
export enum Outcome {
  FOUND = "found",
  LOCKED_WITH_WARNING = "locked answer, with a warning",
  LOCKED = "locked answer",
  USAGE = "error 2",
  DENIED = "error 4",
  UNREACHABLE = "error 5",
  NOTHING_WRITTEN = "error, no file written",
}

/** What has to come of a fault, whatever is run. */
export enum Consequence {
  /** A later try, or patience, finds the backup. */
  PASSES = "passes",
  /** RDS gives no answer: the locked one stands in. */
  OUTAGE = "outage",
  /** RDS or the token service refuses, in its own words: no locked answer hides that. */
  DENIED = "denied",
  /** Somebody else may answer in the place of RDS: no locked answer hides that. */
  UNTRUSTED = "untrusted",
}

/** What a run meets: everything that it finds in its environment, and how that ends. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string>>;
  /** Options of Node. @default - none */
  readonly nodeOptions?: readonly string[];
  /** How many connections reached the fault. @default - no server is there, or none needs to be reached */
  readonly connections?: () => number;
  readonly stop: () => Promise<void> | void;
}

/** A fault, and its expected consequence. */
export interface Fault {
  readonly kind: FaultKind;
  /** In words; no other fault has the same. */
  readonly name: string;
  readonly consequence: Consequence;
  /** Makes the fault. @param folder an empty folder for files that it needs */
  readonly surround: (folder: string) => Promise<Surroundings>;
  /** What is run. @default - a lookup, and beside it, if the fault does not pass, a synthesis with a lock file */
  readonly runs?: readonly Run[];
  /** How many instances are looked up. @default 1 */
  readonly instances?: number;
  /** The deadline of the run. @default 2 */
  readonly deadlineSeconds?: number;
  /** How long a run may take once Node has started. @default - the deadline and a second */
  readonly mostSeconds?: number;
}

/** One line of the matrix. */
export interface Row {
  readonly fault: Fault;
  readonly run: Run;
  readonly expected: Outcome;
  readonly deadlineSeconds: number;
  readonly mostSeconds: number;
}

const defaultDeadlineSeconds = 2;

/** The lines of the matrix, in the order of the faults. */
export function rowsOf(faults: readonly Fault[]): readonly Row[] {
  return faults.flatMap((fault) => {
    const deadlineSeconds = fault.deadlineSeconds ?? defaultDeadlineSeconds;
    const mostSeconds = fault.mostSeconds ?? deadlineSeconds + 1;
    return runsOf(fault).map((run) => ({
      fault,
      run,
      expected: expectedOutcome(fault.consequence, run),
      deadlineSeconds,
      mostSeconds,
    }));
  });
}

function runsOf({ runs, consequence }: Fault): readonly Run[] {
  return runs ?? (consequence === Consequence.PASSES ? [Run.LOOKUP] : [Run.LOOKUP, Run.SYNTHESIS_WITH_LOCK]);
}

/** Every run, for a fault that stands for its kind. */
export const everyRun: readonly Run[] = Object.values(Run);

const exitCodes: Readonly<Record<Consequence, Outcome>> = {
  [Consequence.PASSES]: Outcome.FOUND,
  [Consequence.OUTAGE]: Outcome.UNREACHABLE,
  [Consequence.DENIED]: Outcome.DENIED,
  [Consequence.UNTRUSTED]: Outcome.USAGE,
};

function expectedOutcome(consequence: Consequence, run: Run): Outcome {
  if (run === Run.LOCKED_SYNTHESIS) {
    return Outcome.LOCKED;
  }
  if (run === Run.LOOKUP || run === Run.LIST || consequence === Consequence.PASSES) {
    return exitCodes[consequence];
  }
  const hasLocked = run === Run.SYNTHESIS_WITH_LOCK && consequence === Consequence.OUTAGE;
  return hasLocked ? Outcome.LOCKED_WITH_WARNING : Outcome.NOTHING_WRITTEN;
}
