/** Text of the code as Markdown, in one line: only what is between backquotes is markup there. */
export function escaped(text) {
  return text
    .trim()
    .replaceAll(/\s+/g, " ")
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replaceAll(/[<>*[\]]|\b_|_\b/g, (mark) => `\\${mark}`)))
    .join("")
    .replaceAll("|", "\\|");
}

/** A table of cells that are Markdown already. */
export function table(header, rows) {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
