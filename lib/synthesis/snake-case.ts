/**
 * The facts of a record under Terraform's names, such as `db_instance_storage_type`; sorted. Absent ones are
 * left out, and so is what could not be read.
 */
export function snakeCaseFacts(facts: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([name, value]) => value !== undefined && name !== "unreadable")
      .map(
        ([name, value]) =>
          [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value as unknown] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
