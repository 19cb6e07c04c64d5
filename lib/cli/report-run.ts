import type { DeclaredQuestion } from "../lock/answer-by-mode";
import type { Settings } from "../lock/settings";
import type { InstanceAnswers } from "../report/instance-report";
import type { Discovery, DiscoveryOptions } from "./discovery";
import type { Io } from "./io";
import type { Journal } from "./journal";

/** What a report is about. */
export interface SubjectOptions extends Omit<DiscoveryOptions, "regionId"> {
  readonly regionId?: readonly string[];
  readonly from?: readonly string[];
  readonly locked?: true;
  readonly restoreRegion: string;
  readonly maxAgeHours?: number;
  /** Whether the recovery window is looked up. */
  readonly window: boolean;
}

/** What a report is made of. */
export interface ReportRun {
  readonly options: SubjectOptions;
  /** What the app asks, if it says which instances the report is about. */
  readonly declared: readonly DeclaredQuestion[];
  readonly settings: Settings;
  readonly io: Io;
  /** Keeps the answers for a later run; those of an earlier one are not asked again. */
  readonly journal: Journal | undefined;
}

/** An instance of a report, and what is known of it before its backups are asked for. */
export interface Subject extends Omit<InstanceAnswers, "answer" | "list" | "windowed"> {
  /** False if RDS has no copies of it, and makes none. */
  readonly isCopied: boolean;
  /** The simulator or other host that gave its locked answer. */
  readonly lockedEndpoint?: string;
}

/** What somebody asks about an instance. */
export type Question = Pick<Subject, "connection" | "objectiveHours" | "request">;

/** The instances of a report. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  /** The regions of accounts that were asked for them. */
  readonly places: readonly Omit<Discovery, "instances">[];
  /** What to know about the choice of instances. */
  readonly warnings?: readonly string[];
}
