import * as v from "valibot";

/**
 * Checks a value.
 *
 * @param name what the value is, for the message
 * @throws Error names every wrong place
 */
export function checkShape<S extends v.GenericSchema>(schema: S, value: unknown, name: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) {
    return result.output;
  }
  const faults = result.issues.map((issue) => `  ${placeOf(issue)}: ${issue.message}`);
  throw new Error(`${name} is wrong at\n${faults.join("\n")}`);
}

/** A place in JSON text as programmers write it, such as `instances[0].backups[3].CrossBackupId`. */
function placeOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) => key);
  if (keys.length === 0) {
    return "the top";
  }
  return keys
    .map((key) => {
      if (typeof key === "number") {
        return `[${key}]`;
      }
      return /^\w+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(key)}]`;
    })
    .join("")
    .replace(/^\./, "");
}
