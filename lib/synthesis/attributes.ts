import { Lazy, type IResolvable } from "cdktf";
import type { Lookup } from "./lookup";

/**
 * Attributes are tokens. While cdktf prepares a synthesis their values are thrown away, so that a placeholder
 * will do: what fails is told by the hidden element of the stack, whose message comes out clean.
 */
export function textAttribute<T>(lookup: Lookup<T>, read: (value: T) => string | undefined): string {
  return Lazy.stringValue({ produce: producer(lookup, read, "") });
}

/** As `textAttribute`, for a number. */
export function numberAttribute<T>(lookup: Lookup<T>, read: (value: T) => number | undefined): number {
  return Lazy.numberValue({ produce: producer(lookup, read, 0) });
}

/** As `textAttribute`, for a list, which can be passed on only as a whole. */
export function listAttribute<T>(lookup: Lookup<T>, read: (value: T) => readonly string[]): string[] {
  return Lazy.listValue({ produce: producer(lookup, (value) => [...read(value)], []) });
}

/** As `textAttribute`, for any other value. */
export function anyAttribute<T>(lookup: Lookup<T>, read: (value: T) => unknown): IResolvable {
  return Lazy.anyValue({ produce: producer(lookup, read, {}) });
}

function producer<T, V>(lookup: Lookup<T>, read: (value: T) => V, placeholder: V) {
  return ({ preparing }: { readonly preparing: boolean }): V =>
    // An attribute of what the app knows to be missing must fail before the first file is written.
    preparing && !lookup.isMissing ? placeholder : read(lookup.value());
}
