import type { UnreadableField } from "./cross-region-backup-record";
import { parseInstant, type Instant } from "./instant";

const shownLength = 80;

/** Reads the fields of a row by type, and remembers those that held something else. */
export class Row {
  readonly unreadable: UnreadableField[] = [];
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(item: unknown) {
    this.fields = isObject(item) ? item : {};
  }

  raw(field: string): unknown {
    return Object.hasOwn(this.fields, field) ? this.fields[field] : undefined;
  }

  text(field: string): string | undefined {
    return this.read(field, (text) => text);
  }

  /**
   * A whole number that is not negative, without leading zeros. A JavaScript number beyond 2^53 may have lost
   * digits on its way, and a wrong id is worse than none: it counts as unreadable.
   */
  digits(field: string): string | undefined {
    const value = this.raw(field);
    const exact = typeof value !== "number" || Number.isSafeInteger(value);
    return this.read(field, (text) => (exact && /^\d+$/.test(text) ? BigInt(text).toString() : undefined));
  }

  integer(field: string): number | undefined {
    return this.read(field, (text) => {
      const number = /^-?\d+$/.test(text) ? Number(text) : NaN;
      return Number.isSafeInteger(number) ? number : undefined;
    });
  }

  instant(field: string): Instant | undefined {
    return this.read(field, (text) => (text === "0" ? null : parseInstant(text)));
  }

  /** Null from `parse` means that the field says "unknown". */
  private read<T>(field: string, parse: (text: string) => T | null | undefined): T | undefined {
    const value = this.raw(field);
    const text = scalarText(value);
    if (value === undefined || value === null || text === "") {
      return undefined;
    }
    const parsed = text === undefined ? undefined : parse(text);
    if (parsed === undefined) {
      const shown = text?.slice(0, shownLength) ?? `(${typeof value})`;
      this.unreadable.push({ field, value: shown });
    }
    return parsed ?? undefined;
  }
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") {
    return value.trim();
  }
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** Whether a value has fields to read. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The property, or nothing where it has no value: absent stays absent in copies and JSON. */
export function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

/** The properties that have a value, for many at once: a list can have ten thousand rows. */
export function withoutAbsent<T extends object>(fields: {
  readonly [K in keyof T]: T[K] | undefined;
}): T {
  const present: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) {
      present[name] = value;
    }
  }
  return present as T;
}

/** Adds a property that JSON, spread, structured clone and inspection pass over. */
export function withSecret<T extends object>(target: T, property: keyof T, value: string | undefined): T {
  return value === undefined ? target : Object.defineProperty(target, property, { value, enumerable: false });
}
