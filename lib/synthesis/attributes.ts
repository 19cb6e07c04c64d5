import { Lazy, type IResolvable } from "cdktf";

/**
 * Attributes are tokens. While cdktf prepares a synthesis their values are thrown away, so that a placeholder
 * will do: what fails is told by the hidden element of the stack, whose message comes out clean.
 */
export function textAttribute(read: () => string | undefined): string {
  return Lazy.stringValue({ produce: ({ preparing }) => (preparing ? "" : read()) });
}

/** As `textAttribute`, for a number. */
export function numberAttribute(read: () => number | undefined): number {
  return Lazy.numberValue({ produce: ({ preparing }) => (preparing ? 0 : read()) });
}

/** As `textAttribute`, for a list, which can be passed on only as a whole. */
export function listAttribute(read: () => readonly string[]): string[] {
  return Lazy.listValue({ produce: ({ preparing }) => (preparing ? [] : [...read()]) });
}

/** As `textAttribute`, for any other value. */
export function anyAttribute(read: () => unknown): IResolvable {
  return Lazy.anyValue({ produce: ({ preparing }) => (preparing ? {} : read()) });
}
