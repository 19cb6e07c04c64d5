/** Whether a value has fields to read. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The property, or nothing if it has no value: what is absent stays absent in copies and in JSON. */
export function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

/** Adds a property that JSON, spread, structured clone and inspection skip. */
export function withSecret<T extends object>(target: T, property: keyof T, value: string | undefined): T {
  return value === undefined ? target : Object.defineProperty(target, property, { value, enumerable: false });
}
