import { engineFamilyOf } from "../backup/engine-family";
import { backupText, type RestorableBackup } from "../backup/restorable-backup";
import type { Rejections } from "../backup/select-latest";
import type { Rejection } from "../backup/validity";
import {
  checkCreateDdrDbInstance,
  type CheckCreateDdrDbInstanceRequest,
} from "../rds-api/actions/check-create-ddr-db-instance";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { blamesBackup, RdsApiError } from "../rds-api/errors/rds-api-error";
import type { RdsClient } from "../rds-api/rds-client";
import { errorAnswer, type ErrorAnswer, type FoundAnswer, type LookupFailure, type NoneAnswer } from "./answer";
import type { Asked } from "./connections";
import { type Connection, type LatestQuery, type Restore, subjectOf } from "./query";

/** Backups that one question asks about: that so many are broken in a row says more than any one of them. */
const maxCandidates = 5;

/** Storage types of the resources, and of records, whose disks are in the cloud. Records say `ecs` of any of them. */
const cloudDisks = /^(?:ecs$|cloud_|general_)/i;

/** Asks the region of a restore whether it accepts a backup. */
export type Check = (connection: Connection, request: CheckCreateDdrDbInstanceRequest) => Promise<boolean>;

/** Asks each question once, whoever asks it. */
export function sharedCheck(clientFor: (asked: Asked) => RdsClient): Check {
  const checks = new Map<string, Promise<boolean>>();
  return ({ restoreEndpoint: endpoint, profile, roleArn }, request) => {
    const key = JSON.stringify([endpoint, profile, roleArn, request]);
    const check =
      checks.get(key) ??
      checkCreateDdrDbInstance(clientFor({ request, connection: { endpoint, profile, roleArn } }), request);
    checks.set(key, check);
    return check;
  };
}

/** The request that asks whether a backup can be restored so; undefined if its record names no engine or version. */
export function checkRequestFor(
  { regionId, dbInstanceClass, dbInstanceStorage }: Restore,
  { crossBackupId: backupSetId, engine, engineVersion }: RestorableBackup,
): CheckCreateDdrDbInstanceRequest | undefined {
  const family = engineFamilyOf(engine);
  return family === undefined || engineVersion === undefined
    ? undefined
    : {
        regionId,
        engine: family,
        engineVersion,
        dbInstanceClass,
        dbInstanceStorage,
        backupSetId,
      };
}

/** Why CheckCreateDdrDBInstance gives no verdict on disks of this type; undefined if it does. */
export function explainUnknownDisks(storageType: string): string | undefined {
  return cloudDisks.test(storageType)
    ? `CheckCreateDdrDBInstance does not know cloud disks (${storageType})`
    : undefined;
}

/**
 * The request that gives a verdict on a backup, or why no request does: CheckCreateDdrDBInstance takes no storage type
 * and refuses cloud disks, so its "no" would say nothing. A storage type that nobody states counts as local.
 */
export function conclusiveCheckFor(
  restore: Restore,
  backup: RestorableBackup,
): { readonly request: CheckCreateDdrDbInstanceRequest } | { readonly inconclusive: string } {
  const storageType = restore.dbInstanceStorageType ?? backup.dbInstanceStorageType ?? "";
  const unknownDisks = explainUnknownDisks(storageType);
  if (unknownDisks !== undefined) {
    return { inconclusive: unknownDisks };
  }
  const request = checkRequestFor(restore, backup);
  const { engine = "(none)", engineVersion = "(none)" } = backup;
  return request === undefined
    ? { inconclusive: `its record names no usable engine and version: ${engine} ${engineVersion}` }
    : { request };
}

/** A backup that the region of the restore does not accept. */
interface Refusal {
  readonly backup: RestorableBackup;
  /** Whether it was a "no" without a code, which does not say what is to blame. */
  readonly isPlain: boolean;
  readonly detail: string;
}

/** Why a preflight ends without a backup, as the end of "the region of the restore …". */
const stops = {
  /** Two backups got the same "no". */
  notTheBackup: "refuses an older backup as well, so the backup is not to blame",
  /** One got a "no", and there is no other one that could show whose fault it is. */
  nothingToCompare:
    "refuses the backup, and there is no older valid one that could show whether the backup is to blame",
  /** One got a "no", and no preflight gives a verdict on the next older one. */
  notComparable:
    "refuses the backup, and the next older valid one cannot show whether the backup is to blame, as no preflight can check it",
  /** One backup after the other is at fault. */
  tooMany: `refuses the latest ${maxCandidates} backups, and no more are tried`,
};

/** The preflight of one question: its candidates, the latest first, asked for one after the other. */
export class Preflight {
  private readonly refusals: Refusal[] = [];

  /** @param restore what the question wants the region of the restore to accept */
  constructor(
    private readonly query: LatestQuery,
    private readonly restore: Restore,
    private readonly check: Check,
  ) {}

  /** The backups that were refused, by id. */
  get refused(): ReadonlyMap<string, Rejection> {
    return new Map(
      this.refusals.map(({ backup: { crossBackupId }, detail }) => [
        crossBackupId,
        { crossBackupId, reason: "preflight-refused", detail },
      ]),
    );
  }

  /**
   * The answer to the question, given the latest backup that has not been refused; undefined if it is refused now, and
   * the next older one is to be tried.
   */
  async answerWith(
    backup: RestorableBackup,
    { rejected, leftOut }: Rejections,
  ): Promise<FoundAnswer | ErrorAnswer | undefined> {
    const check = conclusiveCheckFor(this.restore, backup);
    if ("inconclusive" in check && this.isUndecided) {
      return this.stopped("notComparable", `not asked: ${backupText(backup)}: ${check.inconclusive}`);
    }
    if ("request" in check) {
      const failed = await this.ask(backup, check.request);
      if (failed !== undefined) {
        return failed;
      }
      if (this.refused.has(backup.crossBackupId)) {
        return this.stopAfterRefusal();
      }
    }
    const warnings = this.refusals.map(
      (refusal) =>
        `the preflight of ${subjectOf(this.query)} refused ${refusalText(refusal)}; the older ${backupText(backup)} takes its place`,
    );
    if ("inconclusive" in check) {
      warnings.push(
        `no preflight can say whether ${backup.crossBackupId} of ${subjectOf(this.query)} can be restored to ${this.restore.regionId}: ${check.inconclusive}`,
      );
    }
    return { status: "found", origin: "api", backup, rejected, leftOut, ...withSome("warnings", warnings) };
  }

  /** The answer if no backup is left that could be asked about. */
  answerWithNone({ rejected, leftOut }: Rejections): NoneAnswer | ErrorAnswer {
    return this.isUndecided
      ? this.stopped("nothingToCompare")
      : { status: "none", origin: "api", rejected, leftOut, ...withSome("warnings", this.refusalLines) };
  }

  /** Whether there was a plain "no", of which it is not known what is to blame. */
  private get isUndecided(): boolean {
    return this.refusals.some(({ isPlain }) => isPlain);
  }

  private get refusalLines(): readonly string[] {
    return this.refusals.map((refusal) => `refused: ${refusalText(refusal)}`);
  }

  /** Asks about a backup, and remembers a refusal; whatever else goes wrong is the answer. */
  private async ask(
    backup: RestorableBackup,
    request: CheckCreateDdrDbInstanceRequest,
  ): Promise<ErrorAnswer | undefined> {
    const { regionId, dbInstanceClass, dbInstanceStorage } = request;
    try {
      if (!(await this.check(this.query.connection, request))) {
        const detail = `CheckCreateDdrDBInstance says no to ${dbInstanceClass} with ${dbInstanceStorage} GB in ${regionId}`;
        this.refusals.push({ backup, isPlain: true, detail });
      }
      return undefined;
    } catch (error) {
      if (error instanceof RdsApiError && blamesBackup(error.code)) {
        this.refusals.push({ backup, isPlain: false, detail: `in ${regionId}, ${error.message}` });
        return undefined;
      }
      const subject = `whether ${regionId} accepts ${backup.crossBackupId} of ${subjectOf(this.query)} (the preflight)`;
      const { error: failure } = errorAnswer(subject, error);
      return this.error({ ...failure, message: [failure.message, ...this.refusalLines].join("\n  ") });
    }
  }

  /**
   * Whether the refusals so far end the search; undefined if the next older backup may be the right one. A plain "no"
   * does not say whether the backup or the instance to be created is to blame: two of them say that it is not the backup.
   */
  private stopAfterRefusal(): ErrorAnswer | undefined {
    if (this.refusals.filter(({ isPlain }) => isPlain).length > 1) {
      return this.stopped("notTheBackup");
    }
    return this.refusals.length >= maxCandidates ? this.stopped("tooMany") : undefined;
  }

  /** Says why the preflight ends without a backup, with each of the refusals. */
  private stopped(stop: keyof typeof stops, ...unasked: readonly string[]): ErrorAnswer {
    const { regionId, dbInstanceStorageType } = this.restore;
    const disks =
      dbInstanceStorageType === undefined
        ? "; for cloud disks, which the check does not know, name the storage type"
        : "";
    const otherInstance = `try another class, zone or size with "npx rds-dr check --db-instance-class <class> --db-instance-storage <GB>", and see whether ${regionId} sells the edition of the source${disks}`;
    const otherBackup =
      "find out in the console what is wrong with these backups; notAfter makes the lookup begin with an older one";
    return this.error({
      kind: ErrorKind.UNSUPPORTED,
      code: "PreflightRefused",
      message: [
        `the preflight of ${subjectOf(this.query)}: ${regionId} ${stops[stop]}`,
        ...this.refusalLines,
        ...unasked,
      ].join("\n  "),
      hint: stop === "tooMany" ? otherBackup : otherInstance,
    });
  }

  private error(error: LookupFailure): ErrorAnswer {
    return { status: "error", error, ...withSome("rejected", [...this.refused.values()]) };
  }
}

/** A list under its name, or nothing if it is empty. */
function withSome<K extends string, T>(name: K, list: readonly T[]): Partial<Record<K, readonly T[]>> {
  return list.length === 0 ? {} : ({ [name]: list } as Record<K, readonly T[]>);
}

function refusalText({ backup, detail }: Refusal): string {
  return `${backupText(backup)}: ${detail}`;
}
