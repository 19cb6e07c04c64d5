import { InvalidRequestError } from "./invalid-request-error";

/** Bounds of the storage that the call documents, GB. */
const minStorageGb = 5;
const maxStorageGb = 2_000;
const storageStepGb = 5;

/** The storage that the call documents, and the provider as well. */
export const documentedStorage = `${minStorageGb} to ${maxStorageGb} GB in steps of ${storageStepGb}`;

/** Whether a storage is one that the call documents. */
export function isDocumentedStorage(storageGb: number): boolean {
  return storageGb >= minStorageGb && storageGb <= maxStorageGb && storageGb % storageStepGb === 0;
}

/** Throws unless the value is a storage that the call documents. */
export function checkStorageGb(parameter: string, value: number | undefined): void {
  // The types say number; a JavaScript caller, or a lock file, may say otherwise.
  if (!(typeof value === "number" && isDocumentedStorage(value))) {
    throw new InvalidRequestError(parameter, value, documentedStorage);
  }
}
