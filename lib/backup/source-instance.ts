import { engineName, flag, type Form, instanceId, integer, region, version, word } from "./forms";

/**
 * An instance whose backups can be restored elsewhere, and how they are copied. A fact is undefined if RDS does not say
 * it. Its name is not there: anybody who may rename an instance would write into the app.
 */
export interface SourceInstance {
  /** Id of the instance, such as `rm-uf6wjk5xxxx`. */
  readonly dbInstanceId: string;
  /** Region of the instance, such as `cn-hangzhou`. */
  readonly regionId: string;
  /** Such as `MySQL`. */
  readonly engine?: string;
  /** Such as `8.0`. */
  readonly engineVersion?: string;
  /** Instance type, such as `rds.mysql.s3.large`. Known if `tags` or `all` is given. */
  readonly dbInstanceClass?: string;
  /** Region to which its backups are copied. Undefined if RDS has no copies of it. */
  readonly crossBackupRegion?: string;
  /** For how many days a copy is kept. */
  readonly retentionDays?: number;
  /** Whether backups are copied now. Copies that were made before stay until they expire. */
  readonly backupEnabled?: boolean;
  /** Whether logs are copied now. */
  readonly logBackupEnabled?: boolean;
  /**
   * Whether DescribeDBInstances lists it. False if it was released, as copies outlive their instance, or if you may not
   * list it. Known if `tags` or `all` is given.
   */
  readonly isListed?: boolean;
}

/** Instances in the order of their ids. */
export function sortedById<T extends Pick<SourceInstance, "dbInstanceId">>(instances: readonly T[]): readonly T[] {
  return [...instances].sort((a, b) => (a.dbInstanceId < b.dbInstanceId ? -1 : 1));
}

/** The facts of `SourceInstance`, and what is allowed of each. */
export const sourceInstanceForms: Readonly<Record<keyof SourceInstance, Pick<Form<unknown>, "allowed" | "holds">>> = {
  dbInstanceId: instanceId,
  regionId: region,
  engine: engineName,
  engineVersion: version,
  dbInstanceClass: word,
  crossBackupRegion: region,
  retentionDays: integer,
  backupEnabled: flag,
  logBackupEnabled: flag,
  isListed: flag,
};
