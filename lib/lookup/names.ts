/** There are few names, and each is asked for by every lookup of an app. */
const known = new Map<string, string>();

/** A name of a fact, or of a prop, as Terraform writes it: `dbInstanceId` is `db_instance_id`. */
export function snakeCase(name: string): string {
  const text = known.get(name) ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  known.set(name, text);
  return text;
}

/**
 * The facts of a record under Terraform's names, such as `db_instance_storage_type`; sorted. Absent ones are
 * left out, and so is what could not be read.
 */
export function snakeCaseFacts(facts: object): Record<string, unknown> {
  const named = Object.entries<unknown>({ ...facts })
    .filter(([name, value]) => value !== undefined && name !== "unreadable")
    .map(([name, value]) => [snakeCase(name), value] as const);
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A parameter as an option of the command: `dbInstanceId` is `--db-instance-id`. */
export function flagOf(parameter: string): string {
  return `--${snakeCase(parameter).replaceAll("_", "-")}`;
}

/** Parameters that narrow a choice, as options of the command: those that are text, and have a value. */
export function flagsOf(parameters: object): string {
  return Object.entries<unknown>({ ...parameters })
    .filter(([, value]) => typeof value === "string")
    .map(([name, value]) => `${flagOf(name)} ${String(value)}`)
    .join(" ");
}
