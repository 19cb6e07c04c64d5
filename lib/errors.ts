/**
 * What a synthesis throws. TypeScript and JavaScript only: other languages get the text of an error.
 *
 * @packageDocumentation
 */
export { ErrorKind } from "./rds-api/errors/error-kind";
export { LookupError, LookupErrors } from "./synthesis/lookup-error";
