import { type Form, instant, integer, quotable } from "./forms";
import type { Instant } from "./instant";
import { isObject } from "./json-object";
import type { UnreadableField } from "./record-fields";

const anyText: Pick<Form<string>, "parse"> = { parse: (text) => text };

/** Reads the fields of a row by their forms, and remembers those that break it. */
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

  integer(field: string): number | undefined {
    return this.read(field, integer);
  }

  instant(field: string): Instant | undefined {
    return this.read(field, instant);
  }

  /** The value of a field; undefined if it says nothing, or if it breaks the form, which is noted. */
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

  /** Remembers that a field contains what it cannot mean. */
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
