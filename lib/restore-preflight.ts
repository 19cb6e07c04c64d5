import { checkStorageGb } from "./rds-api/ddr-storage";
import { checkInstanceClass, ifGiven } from "./rds-api/request-checks";
import { checkStorageType } from "./restore/storage-type";
import type { PropNames } from "./synthesis/check-props";

/**
 * The instance to be restored, as far as CheckCreateDdrDBInstance is asked about it: whether it can be made out of
 * the backup, also where a point in time is to be restored.
 */
export interface RestorePreflight {
  /** Instance type, such as `rds.mysql.s3.large`. */
  readonly instanceClass: string;
  /** Storage, GB: 5 to 2,000 in steps of 5. */
  readonly storageGb: number;
  /**
   * Storage type as Terraform's resources spell it: `local_ssd`, `cloud_essd`, …. CheckCreateDdrDBInstance does not
   * know cloud disks: for those it is not asked, and a warning says so.
   *
   * @default - that of the backup, as its record tells it
   */
  readonly storageType?: string;
}

/** Their names. */
export const preflightPropNames: PropNames<RestorePreflight> = {
  instanceClass: true,
  storageGb: true,
  storageType: true,
};

/** Throws unless each of them is what the API takes. */
export function checkRestorePreflight(
  prop: string,
  { instanceClass, storageGb, storageType }: RestorePreflight,
): void {
  checkInstanceClass(`${prop}.instanceClass`, instanceClass);
  checkStorageGb(`${prop}.storageGb`, storageGb);
  ifGiven(checkStorageType, `${prop}.storageType`, storageType);
}
