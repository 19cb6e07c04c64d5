/** Whether a value has fields to read. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The property, or nothing if it has no value: what is absent stays absent in copies and in JSON. */
export function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

/** A type whose optional properties may also be there without a value. */
type Fields<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/**
 * An object of the fields that have a value. Objects that are made so share one description of their fields; of those that
 * spread others, V8 keeps one for each, which takes more memory than the values.
 */
export function knownFields<T extends object>(fields: Fields<T>): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** Adds a property that JSON, spread, structured clone and inspection skip. */
export function withSecret<T extends object>(target: T, property: keyof T, value: string | undefined): T {
  return value === undefined ? target : Object.defineProperty(target, property, { value, enumerable: false });
}
