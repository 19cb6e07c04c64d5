import { getSystemErrorMap } from "node:util";

/** Control characters but the line feed, characters without a shape that turn or hide others, lone surrogates. */
const unprintable = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes text fit to be printed to a terminal or the log of a CI runner, whoever put a part of it in: what cannot be
 * seen becomes an escape, and no line can be taken for a command of a runner. Lines stay lines.
 */
export function printable(text: string): string {
  return (
    text
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
export function printableJson(result: object): string {
  const text = JSON.stringify(
    result,
    (_, value: unknown) => (typeof value === "string" ? printable(value) : value),
    2,
  );
  return printable(text);
}

function escaped(character: string): string {
  const units = character.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  return units.map((unit) => `\\u${unit}`).join("");
}

/** What the code of a system's error means, such as that of ENOENT; undefined for any other value. */
export function systemErrorWords(code: unknown): string | undefined {
  return [...getSystemErrorMap().values()].find(([name]) => name === code)?.[1];
}
