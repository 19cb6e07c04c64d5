import { Lazy, type IResolvable } from "cdktf";
import type { Lookup, ReadFact } from "./lookup";

/**
 * An attribute is a token. While cdktf prepares a synthesis its value is thrown away, so that a placeholder
 * does until the lookups have settled: what fails is told by the hidden element of the stack, whose message
 * comes out clean. A fact that is used but not known is an error, never an empty text.
 */
export function textAttribute<T>(
  lookup: Lookup<T>,
  name: string,
  read: ReadFact<T, string | undefined>,
): string {
  return Lazy.stringValue({ produce: producer(lookup, name, read, "") });
}

/** As `textAttribute`, for a number. */
export function numberAttribute<T>(
  lookup: Lookup<T>,
  name: string,
  read: ReadFact<T, number | undefined>,
): number {
  return Lazy.numberValue({ produce: producer(lookup, name, read, 0) });
}

/** As `textAttribute`, for a list, which can be passed on only as a whole. */
export function listAttribute<T>(
  lookup: Lookup<T>,
  name: string,
  read: ReadFact<T, readonly string[]>,
): string[] {
  return Lazy.listValue({ produce: producer(lookup, name, (value) => [...read(value)], []) });
}

/** As `textAttribute`, for any other value. */
export function anyAttribute<T>(lookup: Lookup<T>, name: string, read: ReadFact<T, unknown>): IResolvable {
  return Lazy.anyValue({ produce: producer(lookup, name, read, {}) });
}

function producer<T, V>(lookup: Lookup<T>, name: string, read: ReadFact<T, V>, placeholder: V) {
  return ({ preparing }: { readonly preparing: boolean }): V => {
    if (preparing && !lookup.isSettled) {
      lookup.expectFact(name, read);
      return placeholder;
    }
    return lookup.fact(name, read);
  };
}
