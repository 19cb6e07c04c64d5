import { optional } from "../backup/row";
import type { LatestQuery } from "./query";

/** The instance that is to be created out of a backup. */
export interface Restore {
  /** Region of the **destination**. */
  readonly regionId: string;
  readonly dbInstanceClass: string;
  /** GB. */
  readonly dbInstanceStorage: number;
  /** As Terraform's resources spell it. @default - that of the backup */
  readonly dbInstanceStorageType?: string;
}

/** What a question wants the region of the restore to accept; undefined where it has no preflight. */
export function restoreOf({ request }: LatestQuery): Restore | undefined {
  const { restoreRegion: regionId, dbInstanceClass, dbInstanceStorage, dbInstanceStorageType } = request;
  return regionId === undefined || dbInstanceClass === undefined || dbInstanceStorage === undefined
    ? undefined
    : {
        regionId,
        dbInstanceClass,
        dbInstanceStorage,
        ...optional("dbInstanceStorageType", dbInstanceStorageType),
      };
}
