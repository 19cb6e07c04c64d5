import { createHash } from "node:crypto";
import { nearestProjectFile, readProjectFile } from "../../lock/project-file";

/** What tells one restore from every other: the code alone, never a backup or a size, which change from day to day. */
export interface RestoreIdentity {
  /** `projectId` of the nearest cdktf.json; "" if there is none. */
  readonly projectId: string;
  /** Path of the construct. */
  readonly path: string;
  /** Id of the source instance; undefined if it is not a plain value. */
  readonly dbInstanceId: string | undefined;
  /** Region of the source instance; undefined if it is not a plain value. */
  readonly sourceRegion: string | undefined;
  /** Region of the restored instance. */
  readonly restoreRegion: string;
  /** Which restore of the same code it is; undefined for the first. */
  readonly generation: string | number | undefined;
}

/** The identity of a restore as canonical JSON: always in this order, without what is undefined. */
export function restoreIdentity(identity: RestoreIdentity): string {
  const { projectId, path, dbInstanceId, sourceRegion, restoreRegion, generation } = identity;
  return JSON.stringify({ projectId, path, dbInstanceId, sourceRegion, restoreRegion, generation });
}

/** The SHA-256 of an identity, 64 hexadecimal digits: the token by which RDS knows a request that it got before. */
export function clientTokenOf(identity: string): string {
  return createHash("sha256").update(identity).digest("hex");
}

/** The first 8 of these digits. */
export function shortHash(identity: string): string {
  return clientTokenOf(identity).slice(0, 8);
}

/**
 * `projectId` of the nearest cdktf.json, from a folder upwards; "" if there is none.
 *
 * @throws InvalidRequestError if the file cannot be read, or is not JSON
 */
export function projectIdOf(folder: string): string {
  const file = nearestProjectFile(folder);
  const { projectId } = file === undefined ? {} : (readProjectFile(file) as { readonly projectId?: unknown });
  return typeof projectId === "string" || typeof projectId === "number" ? String(projectId) : "";
}

const longestName = 256;

/**
 * A name that RDS accepts: the words of the path of a construct, cut if need be, and the hash of the identity. Only
 * letters, digits and the signs that every document of RDS names.
 */
export function defaultInstanceName(path: string, identity: string): string {
  const words = path.replaceAll(/[^A-Za-z\d_-]+/g, "-");
  const hash = `-${shortHash(identity)}`;
  return (/^[A-Za-z]/.test(words) ? words : `rds-${words}`).slice(0, longestName - hash.length) + hash;
}
