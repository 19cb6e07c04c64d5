import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { type LockedRestore, restoreKey, restoreOf, type RestoreSubject } from "../../lock/restores";
import { checked } from "../../synthesis/lookup-error";
import { restoreRecordOf } from "../../synthesis/restore-record";
import type { DisasterRecoveryInstanceProps } from "./props";
import type { RestoreSource } from "./source";

/** What the lock file knows of a restore that `rds-dr restore` makes. */
export interface KnownRestore extends LockedRestore {
  /** Undefined if the code does not name the source instance and its region as plain values. */
  readonly subject: RestoreSubject | undefined;
}

/**
 * Reads what the lock file knows of the restore of a construct.
 *
 * @throws LookupError if the lock file cannot be read
 */
export function knownRestore(
  construct: IConstruct,
  props: DisasterRecoveryInstanceProps,
  source: RestoreSource,
): KnownRestore {
  const { path } = construct.node;
  const subject = subjectOf(path, props, source);
  if (subject === undefined) {
    return { subject };
  }
  const { restores } = checked(path, () => restoreRecordOf(construct));
  return { subject, ...restoreOf(restores, restoreKey(subject)) };
}

function subjectOf(
  path: string,
  { regionId: restoreRegion, generation = 1 }: DisasterRecoveryInstanceProps,
  { backup, known }: RestoreSource,
): RestoreSubject | undefined {
  const { dbInstanceId, regionId } = known === undefined ? backup : known.instance;
  return isPlain(dbInstanceId) && isPlain(regionId)
    ? { path, dbInstanceId, regionId, restoreRegion, generation }
    : undefined;
}

function isPlain(value: string | undefined): value is string {
  return value !== undefined && !Token.isUnresolved(value);
}
