import { getSystemErrorMap } from "node:util";
import { packageName } from "./own-package";

/** Control characters but the line feed, characters without a shape that turn or hide others, lone surrogates. */
const unprintable = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * How the user of an app runs the command. In another language the runtime of jsii names itself in JSII_AGENT, and pip
 * installs the command. Without an installation npx fetches the package, into a folder of its own: by the name `rds-dr`,
 * it would fetch a foreign one.
 */
function commandOf(agent: string | undefined, file = __filename): string {
  if (agent?.startsWith("Python")) {
    return "rds-dr";
  }
  return agent !== undefined || /[/\\]_npx[/\\]/.test(file) ? `npx ${packageName}` : "npx rds-dr";
}

/**
 * Makes text fit to be printed to a terminal or the log of a CI runner, whoever put a part of it in: what cannot be
 * seen becomes an escape, and no line can be taken for a command of a runner. Lines stay lines. The command is named as
 * the user of the app runs it.
 */
export function printable(text: string): string {
  return (
    text
      .replaceAll("npx rds-dr", commandOf(process.env["JSII_AGENT"]))
      .replaceAll("\t", " ")
      .replace(unprintable, escaped)
      // Also before a word within a line: whoever prints it may break the line there.
      .replace(/(?<=^|\s):{2,}/gm, (colons) => colons.split("").join(" "))
      .replace(/##(?=\[|vso\[|teamcity\[)/gi, "# #")
  );
}

/** A value within a line, such as the name of a file: it brings no line of its own. */
export function onOneLine(value: string): string {
  return printable(value.replace(/\s+/g, " ").trim());
}

/** JSON of a result, whose texts are printable as well once a reader has decoded them. */
export function printableJson(result: object | string | number | boolean | null): string {
  const text = JSON.stringify(result, (_, value: unknown) => (typeof value === "string" ? printable(value) : value), 2);
  return printable(text);
}

/**
 * The text of `printableJson` in parts, one for each member of the lists in a result: fifty thousand of them are long. A
 * list may make its members while they are printed.
 */
export function* partsOfPrintableJson(result: object): Generator<string> {
  type Value = Parameters<typeof printableJson>[0];
  const fields = Object.entries(result as Readonly<Record<string, Value | Iterable<Value> | undefined>>);
  const indented = (value: Value, by: string): string => printableJson(value).replaceAll("\n", `\n${by}`);
  let separator = "{\n";
  for (const [name, value] of fields) {
    if (value === undefined) {
      continue;
    }
    yield `${separator}  ${printableJson(name)}: `;
    separator = ",\n";
    if (isList(value)) {
      let before = "[\n    ";
      for (const member of value) {
        yield `${before}${indented(member, "    ")}`;
        before = ",\n    ";
      }
      yield before === "[\n    " ? "[]" : "\n  ]";
    } else {
      yield indented(value, "  ");
    }
  }
  yield separator === "{\n" ? "{}" : "\n}";
}

function isList<T>(value: T | Iterable<T>): value is Iterable<T> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function escaped(character: string): string {
  const units = character.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  return units.map((unit) => `\\u${unit}`).join("");
}

/** What the code of a system's error means, such as that of ENOENT; undefined for any other value. */
export function systemErrorWords(code: unknown): string | undefined {
  return [...getSystemErrorMap().values()].find(([name]) => name === code)?.[1];
}

const hidden = "(hidden)";

const maxLength = 300;

/** Characters of a message that are looked through. */
const maxSearched = 4_000;

/** A shorter value is a part of so many words that hiding it shows more of it than leaving it. */
const minSecretLength = 6;

/** Percent signs may be encoded themselves, as in a string to sign. */
const percent = "%(?:25)*";

const secretName =
  "(?:access[-_]?key(?:[-_]?(?:id|secret))?|secret[-_]?(?:access[-_]?)?key|security[-_]?token|x-oss-credential|signature(?:nonce)?)";

/** Shapes of what must not leave the process, whoever put it into a message. */
const secretForms: readonly (readonly [form: RegExp, replacement: string])[] = [
  // The string to sign, which the cloud repeats when a signature does not match.
  [/\b(?:GET|POST)(?:&|%26)%(?:25)*2F(?:&|%26)\S*/gi, hidden],
  [/(string[-_ ]?to[-_ ]?sign["']?)\s*(?:is)?\s*[:=].*$/gis, `$1 ${hidden}`],
  // Named values in queries, forms, JSON and XML.
  [
    new RegExp(`(${secretName})(${percent}3D|&#(?:61|x3d);|[\\\\"']*\\s*[:=>]\\s*[\\\\"']*)[^\\s&"'\\\\,;<]+`, "gi"),
    `$1$2${hidden}`,
  ],
  // Access key ids, security tokens and HMAC-SHA1 signatures of Alibaba Cloud.
  [/\b(?:LTAI|(?:STS|TMP)\.)[A-Za-z0-9.]{8,}/g, hidden],
  [/\bCAI[A-Za-z0-9+/=%_-]{30,}/g, hidden],
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{27}(?:=|%3D)/gi, hidden],
  // The query and the user of any link.
  [/(https?:\/\/)[^\s/?"']*@/gi, `$1${hidden}@`],
  [/(https?:\/\/[^\s?"']*)\?[^\s"']*/gi, `$1?${hidden}`],
  [new RegExp(`(https?${percent}3A\\S*?)${percent}3F\\S*`, "gi"), `$1?${hidden}`],
];

/**
 * Makes a message safe to show: credentials, signatures and signed links are hidden, and it is one line of at
 * most 300 characters.
 *
 * @param secrets values that this process knows to be secret; those of less than 6 characters are not looked for
 */
export function scrub(message: string, secrets: readonly string[] = []): string {
  // The longer ones first: one may be the beginning of another.
  const known = secrets
    .filter((value) => value.length >= minSecretLength)
    .sort((a, b) => b.length - a.length)
    .map((secret) => [anyEncodingOf(secret), hidden] as const);
  const text = [...known, ...secretForms].reduce(
    (shown, [form, replacement]) => shown.replace(form, replacement),
    beginningOf(message),
  );
  const line = text.replace(/\s+/g, " ").trim();
  return onOneLine(line.length > maxLength ? `${line.slice(0, maxLength)}…` : line);
}

/** The patterns take their time with a long text, and no more is shown: whole words, as half a secret would stay. */
function beginningOf(message: string): string {
  return message.length > maxSearched ? `${message.slice(0, maxSearched).replace(/\S*$/, "")}…` : message;
}

/** Finds a text as it is, or in the escapes of URLs, JSON and HTML. */
function anyEncodingOf(text: string): RegExp {
  return new RegExp(text.replace(/./gsu, anyEncodingOfCharacter), "giu");
}

function anyEncodingOfCharacter(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) {
    return character;
  }
  const code = character.codePointAt(0) ?? 0;
  const bytes = [...Buffer.from(character)].map((byte) => `${percent}${byte.toString(16).padStart(2, "0")}`);
  // As it is comes last: an escape may begin with the character itself.
  const forms = [
    bytes.join(""),
    `\\\\u${code.toString(16).padStart(4, "0")}`,
    `&#x0*${code.toString(16)};`,
    `&#0*${code};`,
    `\\\\?\\u{${code.toString(16)}}`,
  ];
  return `(?:${forms.join("|")})`;
}
