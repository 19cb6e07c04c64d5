import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { environmentOf, projectRoot, readText, runCli, type Finished } from "../fixtures";

/** What the tests read of an entry of a lock file. */
export interface Entry {
  readonly backup?: { readonly crossBackupId: string; readonly dataTime: string } | null;
  readonly [name: string]: unknown;
}

/** The answers in a lock file. */
export function answersIn(lockFile: string): Record<string, Entry> {
  return (JSON.parse(readText(lockFile)) as { readonly answers: Record<string, Entry> }).answers;
}

/** Changes one answer in a lock file, as another process may. */
export function changeAnswer(lockFile: string, key: string, changes: object | undefined): void {
  const { [key]: entry, ...others } = answersIn(lockFile);
  const answers = changes === undefined ? others : { ...others, [key]: { ...entry, ...changes } };
  writeFileSync(lockFile, JSON.stringify({ version: 1, answers }));
}

/** Looks up, or lists, with the answers written to a lock file. */
export function refresh(lockFile: string, endpoint: string, args: readonly string[]): Promise<Finished> {
  return runCli(args, {
    environment: { ...environmentOf(endpoint), RDS_DR_MODE: "refresh", RDS_DR_LOCK_FILE: lockFile },
  });
}

/** What of JSON text offends against a schema of the package. */
export function offences(schema: string, text: string): readonly unknown[] {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(
    JSON.parse(readText(join(projectRoot, "schema", `${schema}.schema.json`))) as object,
  );
  return validate(JSON.parse(text)) ? [] : (validate.errors ?? []);
}
