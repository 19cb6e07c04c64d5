/** A rule of textlint: a sentence has at most so many words. Code between backquotes counts as one word. */
import { split } from "sentence-splitter";
import { plainText, proseNodes } from "../plain-text.mjs";

export default function sentenceWords(context, { max = 25 } = {}) {
  const check = (node) => {
    for (const sentence of sentencesOf(plainText(node))) {
      const words = sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
      if (words > max) {
        context.report(node, new context.RuleError(`${words} words, at most ${max}: ${sentence.trim()}`));
      }
    }
  };
  return proseNodes(check);
}

function sentencesOf(text) {
  return split(text)
    .filter(({ type }) => type === "Sentence")
    .map(({ raw }) => raw);
}
