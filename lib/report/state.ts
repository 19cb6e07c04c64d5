import { addHours, type Instant } from "../backup/instant";
import { isOlderThan, type RestorableBackup } from "../backup/restorable-backup";
import type { LookupFailure } from "../lookup/answer";

/** Whether an instance can be restored in the other region. */
export enum InstanceState {
  /** No copy of it can be restored there. */
  NOT_RESTORABLE = "not-restorable",
  /** RDS copies none of its backups. */
  UNPROTECTED = "unprotected",
  /** Nobody knows: what was asked was denied, not answered, or only a part of it came. */
  UNKNOWN = "unknown",
  /** It can be restored, but its data is too old, or soon may be. */
  AT_RISK = "at-risk",
  /** It can be restored, and its data is as fresh as the objective requires. */
  READY = "ready",
}

/** Every state, the worst first. An unknown one may be as bad as the first. */
export const statesWorstFirst: readonly InstanceState[] = Object.values(InstanceState);

/** What decides on the state of an instance. */
export interface StateFacts {
  /** The time that counts as now. */
  readonly now: Instant;
  /** How old its data may be, hours. */
  readonly objectiveHours: number;
  /** False for an instance of which RDS has no copies, and makes none. */
  readonly isCopied: boolean;
  /** The backup that would be used. */
  readonly backup?: RestorableBackup | undefined;
  /** Why there is none, or none that is known to be the right one. */
  readonly failure?: LookupFailure | undefined;
  /** How many records were rejected for each reason, in words. */
  readonly rejections?: string | undefined;
  /** Whether records may be missing from the list. */
  readonly isHalfListed: boolean;
  /** Why nobody knows whether RDS copies its backups. */
  readonly copyingFailure?: LookupFailure | undefined;
  /** Whether RDS copies its backups now; undefined if that was not asked, or RDS does not say it. */
  readonly backupEnabled?: boolean | undefined;
  /** When the copy of the backup is deleted, if that is known. */
  readonly expiresAt?: Instant | undefined;
}

/** A state, and why it is that. */
export interface Verdict {
  readonly state: InstanceState;
  readonly reason: VerdictReason;
  /** The facts that decided, in words. */
  readonly detail: string;
  /** What stood in the way of the answer; only if the state is unknown. */
  readonly failure?: LookupFailure;
}

interface Rule {
  readonly state: InstanceState;
  /** The facts that decide, in words; undefined if the rule does not apply. */
  readonly detailOf: (facts: StateFacts) => string | undefined;
  /** What stood in the way of an answer. */
  readonly failureOf?: (facts: StateFacts) => LookupFailure | undefined;
}

/** The codes of failures that are answers all the same: there is nothing to restore from. */
const noBackupCodes: readonly string[] = ["NoValidBackup", "PreflightRefused", "LockedGone"];

const noAnswer = ({ failure }: StateFacts): LookupFailure | undefined =>
  failure === undefined || noBackupCodes.includes(failure.code) ? undefined : failure;

/** The rules by their reasons. The first one that applies counts: what is known to be bad comes before what is not known. */
const rules = {
  "not-copied": {
    state: InstanceState.UNPROTECTED,
    detailOf: ({ isCopied }) => (isCopied ? undefined : "RDS copies none of its backups to another region"),
  },
  "no-answer": {
    state: InstanceState.UNKNOWN,
    detailOf: (facts) => firstLine(noAnswer(facts)?.message),
    failureOf: noAnswer,
  },
  "half-listed": {
    state: InstanceState.UNKNOWN,
    detailOf: ({ isHalfListed }) =>
      isHalfListed ? "the list of its backups is not complete: the newest known one is missing" : undefined,
  },
  "no-valid-backup": {
    state: InstanceState.NOT_RESTORABLE,
    detailOf: ({ backup, failure, rejections = "" }) =>
      backup !== undefined
        ? undefined
        : rejections !== "" && failure?.code === "NoValidBackup"
          ? `no backup of it can be restored: ${rejections}`
          : (firstLine(failure?.message) ?? "there is no backup of it"),
  },
  "too-old": {
    state: InstanceState.AT_RISK,
    detailOf: ({ backup, objectiveHours, now }) =>
      backup !== undefined && isOlderThan(backup.dataTime, objectiveHours, now)
        ? `the data is of ${backup.dataTime}, which is more than ${hoursText(objectiveHours)} ago`
        : undefined,
  },
  "copying-unknown": {
    state: InstanceState.UNKNOWN,
    detailOf: ({ copyingFailure }) =>
      copyingFailure && `nobody knows whether RDS still copies its backups: ${firstLine(copyingFailure.message) ?? ""}`,
    failureOf: ({ copyingFailure }) => copyingFailure,
  },
  "copying-off": {
    state: InstanceState.AT_RISK,
    detailOf: ({ backupEnabled, expiresAt }) =>
      backupEnabled === false
        ? `RDS does not copy its backups any more, so no newer one comes${expiresAt === undefined ? "" : `, and this one expires at ${expiresAt}`}`
        : undefined,
  },
  "expires-early": {
    state: InstanceState.AT_RISK,
    detailOf: ({ backup, expiresAt, objectiveHours }) => {
      const nextAt = backup && addHours(backup.dataTime, objectiveHours);
      return nextAt !== undefined && expiresAt !== undefined && expiresAt < nextAt
        ? `the copy expires at ${expiresAt}, but the next one may come as late as ${nextAt}`
        : undefined;
    },
  },
  "within-objective": {
    state: InstanceState.READY,
    detailOf: ({ backup, objectiveHours }) =>
      `the data is of ${backup?.dataTime ?? ""}, within the objective of ${hoursText(objectiveHours)}`,
  },
} satisfies Record<string, Rule>;

/** Why an instance is in its state. */
export type VerdictReason = keyof typeof rules;

/** Judges an instance: the first rule that applies counts. Pure and total. */
export function stateOf(facts: StateFacts): Verdict {
  for (const [reason, { state, detailOf, failureOf }] of Object.entries<Rule>(rules)) {
    const detail = detailOf(facts);
    if (detail !== undefined) {
      const failure = failureOf?.(facts);
      return { state, reason: reason as VerdictReason, detail, ...(failure && { failure }) };
    }
  }
  throw new Error("the last rule applies to every instance");
}

/** A number of hours in words. */
export function hoursText(hours: number): string {
  return hours === 1 ? "1 hour" : `${hours.toLocaleString("en")} hours`;
}

/** The rest of a message shows examples, which are elsewhere in a report. */
function firstLine(message: string | undefined): string | undefined {
  return message?.split("\n")[0];
}
