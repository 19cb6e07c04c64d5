const begin = "<!-- measured: begin -->";
const end = "<!-- measured: end -->";

/** Puts a text in the place of what is between the marks. */
export function betweenMarks(page: string, text: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`the page lacks the lines "${begin}" and "${end}"; put them where the tables go`);
  }
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
