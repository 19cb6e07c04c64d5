import type { UnreadableField } from "./cross-region-backup-record";
import { digits, type Form, instant, integer, quotable } from "./forms";
import type { Instant } from "./instant";

const anyText: Pick<Form<string>, "parse"> = { parse: (text) => text };

/** Reads the fields of a row by form, and remembers those that held something else. */
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
    return this.read(field, anyText);
  }

  digits(field: string): string | undefined {
    return this.read(field, digits);
  }

  integer(field: string): number | undefined {
    return this.read(field, integer);
  }

  instant(field: string): Instant | undefined {
    return this.read(field, instant);
  }

  /** The value of a field; undefined if it says nothing, or what breaks the form, which is noted. */
  read<T>(field: string, { parse }: Pick<Form<T>, "parse">): T | undefined {
    const value = this.raw(field);
    const text = scalarText(value);
    if (value === undefined || value === null || text === "") {
      return undefined;
    }
    const parsed = text === undefined ? undefined : parse(text, value);
    if (parsed === undefined) {
      this.note(field, text ?? `(${typeof value})`);
    }
    return parsed ?? undefined;
  }

  /** Remembers that a field holds what it cannot mean. */
  note(field: string, text: string): void {
    this.unreadable.push({ field, value: quotable(text) });
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

/** Adds a property that JSON, spread, structured clone and inspection pass over. */
export function withSecret<T extends object>(target: T, property: keyof T, value: string | undefined): T {
  return value === undefined ? target : Object.defineProperty(target, property, { value, enumerable: false });
}
