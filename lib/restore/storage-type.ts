import { checkOneOf } from "../rds-api/request-checks";

/** The storage types that `alicloud_rds_ddr_instance` takes. */
const storageTypes = ["local_ssd", "cloud_ssd", "cloud_essd", "cloud_essd2", "cloud_essd3"] as const;

/** Throws unless the value is a storage type that the resource takes. */
export function checkStorageType(parameter: string, value: string): void {
  checkOneOf(parameter, value, storageTypes);
}

/**
 * The storage type of the resource for that of a backup's record, which spells it in its own words: `ssd` is
 * `local_ssd`. Undefined where it does not tell: `ecs` is any kind of cloud disk.
 */
export function resourceStorageTypeOf(recorded: string | undefined): string | undefined {
  return recorded === "ssd" ? "local_ssd" : storageTypes.find((type) => type === recorded);
}
