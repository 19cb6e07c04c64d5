// Hints that codes of more than one table share.

export const missingParameter =
  "add the parameter that the message names: a query needs dbInstanceId and regionId, and either a cross-region backup id or both a start and an end time";

export const invalidParameter =
  "compare the values with the API page: ids as the console shows them, page sizes of 30, 50 or 100, times such as 2024-03-05T02:21:00Z";

export const instanceNotFound =
  "check dbInstanceId, that regionId is the region of the source instance (not of its backups), and that the credentials and resourceGroupId belong to its account. Backups of a released instance may still be listed in the RDS console of the region that keeps them";

export const instanceStatus =
  "wait until the console shows the instance as Running, or unlock it, then run again";

export const serviceFault =
  "run again in a minute and see status.alibabacloud.com for the region; if it stays down, set RDS_DR_MODE=locked to go on with the locked backup";
