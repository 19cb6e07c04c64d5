import { getSystemErrorMap } from "node:util";

/** Control characters but the line feed, characters without a shape that turn or hide others, lone surrogates. */
const unprintable = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes text fit to be printed to a terminal or the log of a CI runner, whoever put a part of it in: what cannot be
 * seen becomes an escape, and no line can be taken for a command of a runner. Lines stay lines.
 */
export function printable(text: string): string {
  return text
    .replaceAll("\t", " ")
    .replace(unprintable, escaped)
    .replace(/^(\s*:):/gm, "$1 :")
    .replace(/##(?=\[|vso\[|teamcity\[)/gi, "# #");
}

/** A value within a line, such as the name of a file: it brings no line of its own. */
export function onOneLine(value: string): string {
  return printable(value.replace(/\s+/g, " ").trim());
}

/** JSON, which keeps its value: what `printable` would change is written as an escape. */
export function printableJson(result: object): string {
  return JSON.stringify(result, undefined, 2)
    .replace(unprintable, escaped)
    .replace(/##(?=\[|vso\[|teamcity\[)/gi, "\\u0023#");
}

function escaped(character: string): string {
  const units = character.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  return units.map((unit) => `\\u${unit}`).join("");
}

/** What the code of a system's error means, such as that of ENOENT; undefined for any other value. */
export function systemErrorWords(code: unknown): string | undefined {
  return [...getSystemErrorMap().values()].find(([name]) => name === code)?.[1];
}
