/** The facts of a record under Terraform's names, such as `db_instance_storage_type`; sorted, absent ones left out. */
export function snakeCaseFacts(facts: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(
        ([name, value]) =>
          [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value as unknown] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
