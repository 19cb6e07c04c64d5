import { type Instant, isInstant, parseInstant } from "./instant";

/**
 * What the value of a field can be. What comes from outside (the API, a lock file, a user) becomes part of Terraform
 * text, of a terminal's lines and of files, so each field has a small alphabet in which nothing can be an expression,
 * a command or one of cdktf's own tokens.
 */
export interface Form<T> {
  /** The values, as the end of "must be …". */
  readonly allowed: string;
  /** For text: the pattern of a published JSON Schema. */
  readonly pattern?: string;
  /** Whether a value has the form. */
  readonly holds: (value: unknown) => value is T;
  /**
   * Reads a scalar of an API answer, in whatever spelling: undefined if it breaks the form, null if it means "unknown".
   *
   * @param text the scalar as text, without blanks around it
   * @param value the scalar itself
   */
  readonly parse: (text: string, value: unknown) => T | null | undefined;
}

/** An id; it may outgrow 2^53. */
export const digits: Form<string> = {
  ...textForm(/^\d{1,20}$/, "a string of 1 to 20 digits"),
  parse: (text, value) => {
    // A number beyond 2^53 may have lost digits on its way, and a wrong id is worse than none.
    const isExact = typeof value !== "number" || Number.isSafeInteger(value);
    const id = isExact && /^\d{1,40}$/.test(text) ? BigInt(text).toString() : undefined;
    return digits.holds(id) ? id : undefined;
  },
};

/** `yyyy-MM-ddTHH:mm:ssZ`, a real date. */
export const instant: Form<Instant> = {
  allowed: "yyyy-MM-ddTHH:mm:ssZ",
  holds: (value): value is Instant => typeof value === "string" && isInstant(value),
  parse: (text) => (text === "0" ? null : parseInstant(text)),
};

/** No status, level or size is negative; and cdktf stands a negative number for a map that it does not know yet. */
export const integer: Form<number> = {
  allowed: "a whole number that is not negative",
  holds: (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
  parse: (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : undefined;
    return integer.holds(number) ? number : undefined;
  },
};

/** Only the package itself says it: the API has no such field. */
export const flag: Pick<Form<boolean>, "allowed" | "holds"> = {
  allowed: "true or false",
  holds: (value) => typeof value === "boolean",
};

export const byteCount: Form<number> = { ...integer, allowed: "a whole number of bytes" };

/** A type, a version, an edition. */
export const word = textForm(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  'a word of at most 64 letters, digits and the signs ".", "_" and "-"',
);

/** The version of an engine. An answer can hold it as a number, which has lost the ".0" of 8.0. */
export const version: Form<string> = {
  ...word,
  parse: (text, value) => word.parse(typeof value === "number" && /^\d+$/.test(text) ? `${text}.0` : text, value),
};

/** One word or two: some answers say "SQL Server". */
export const engineName = textForm(
  /^[A-Za-z][A-Za-z0-9]{0,31}(?:[ _-][A-Za-z0-9]{1,31})?$/,
  'the name of an engine, such as "mysql"',
);

/**
 * The id of a region: hosts of the API are made of it. A name that begins in any other way is none, such as
 * "oss-cn-hangzhou": the host rds.oss-cn-hangzhou.aliyuncs.com is a bucket of some customer.
 */
export const region = textForm(
  /^(?:[a-z]{2}|rus)(?:-[a-z0-9]{1,16}){1,4}$/,
  'the id of a region, such as "cn-hangzhou"',
);

/** The id of an RDS instance. */
export const instanceId = textForm(
  /^[A-Za-z0-9][A-Za-z0-9-]{1,62}$/,
  'the id of an RDS instance, such as "rm-uf6wjk5xxxx"',
);

/** The id of a zone, or of several: cn-hangzhou-MAZ5(b,e). */
export const zone = textForm(/^[A-Za-z][\w(),:-]{0,127}$/, 'the id of a zone, such as "cn-shanghai-b"');

/** Documents mask parts of the names with stars. */
export const fileName = textForm(
  /^[A-Za-z0-9_*][A-Za-z0-9._*@+=:/~-]{0,254}$/,
  'the name of a file: at most 255 letters, digits and the signs "._*@+=:/~-"',
);

function textForm(pattern: RegExp, allowed: string): Form<string> {
  const holds = (value: unknown): value is string =>
    typeof value === "string" && pattern.test(value) && !looksLikeEncodedNumber(value);
  return { allowed, pattern: pattern.source, holds, parse: (text) => (holds(text) ? text : undefined) };
}

/** cdktf stands numbers around -1e298 for its number tokens, and finds them within texts as well. */
function looksLikeEncodedNumber(text: string): boolean {
  // Nearly no text has the beginning of one, and each text of a lock file is looked at.
  const isPossible = /-[\d.]+e/i.test(text);
  return isPossible && [...text.matchAll(/-[\d.]+e\+?\d+/gi)].some(([number]) => Number.parseFloat(number) < -1e200);
}

const quotedLength = 80;

/** The beginning of a text that breaks its form, to be shown: the characters that no field may have are replaced. */
export function quotable(text: string): string {
  // What follows a question mark may be the signature of a link.
  const shown = text.replace(/\?.*$/su, "?(hidden)").slice(0, quotedLength);
  return shown.replace(/[^\p{L}\p{N}\p{P}\p{S} ]|[$%{}"\\`]|-(?=[\d.]+e\+?\d)/giu, "\uFFFD");
}

/** Whether a text is one that `quotable` can give. */
export function isQuotable(value: unknown): value is string {
  return typeof value === "string" && value === quotable(value);
}

/** Whether a text is one line that shows as it is: no control, format or separator characters. */
export function isOneLine(value: unknown): value is string {
  return typeof value === "string" && /\S/.test(value) && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(value);
}

/** A reason that somebody gives. */
export const reason: Pick<Form<string>, "allowed" | "holds"> = {
  allowed: "one line of text that says why, without control characters",
  holds: isOneLine,
};
