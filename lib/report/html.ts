/** Text that is HTML: everything else is text, and shown as it is. */
export class Html {
  constructor(readonly text: string) {}
}

/** What can be put into HTML. A list is put in one after the other; undefined and false are nothing. */
export type Part = string | number | Html | undefined | false | readonly Part[];

/**
 * HTML with parts in it: the only place that escapes. An attribute must be in double quotes. The layout of the source is
 * not a part of it.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => `${text.replace(/\s+/g, " ")}${rendered(parts[index])}`).join(""));
}

function rendered(part: Part): string {
  if (part instanceof Html) {
    return part.text;
  }
  if (typeof part === "object") {
    return part.map(rendered).join("");
  }
  return part === undefined || part === false ? "" : escaped(String(part));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
