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
  const named = new Map<string, unknown>();
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined && name !== "unreadable") {
      named.set(snakeCase(name), value);
    }
  }
  return Object.fromEntries([...named.keys()].sort().map((name) => [name, named.get(name)]));
}
