/** A name of a fact, or of a prop, as Terraform writes it: `dbInstanceId` is `db_instance_id`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The facts of a record under Terraform's names, such as `db_instance_storage_type`; sorted. Absent ones are
 * left out, and so is what could not be read.
 */
export function snakeCaseFacts(facts: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([name, value]) => value !== undefined && name !== "unreadable")
      .map(([name, value]) => [snakeCase(name), value as unknown] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
