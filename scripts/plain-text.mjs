/** What is read aloud of a node of Markdown: its words, with code as one word, and without addresses. */
export function plainText(node) {
  switch (node.type) {
    case "Str":
      return node.value;
    case "Code":
      return "`code`";
    case "Break":
      return "\n";
    case "Html":
    case "Image":
      return "";
    default:
      return (node.children ?? []).map(plainText).join("");
  }
}

/** The handlers of a rule that looks at everything that is prose. */
export function proseNodes(check) {
  return { Header: check, Paragraph: check, TableCell: check };
}
