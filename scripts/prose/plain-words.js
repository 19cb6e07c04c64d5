/** A rule of textlint: words and turns of phrase that a tired reader has to read twice, and what to say instead. */
import { plainText, proseNodes } from "../plain-text.mjs";

const plainer = [
  [
    /(?:^|[.:;] )Where(?! (?:to|from)\b)[^.:;,]*, (?!(?:and|as|in|or|such)\b)/,
    'begin a condition with "if": "where" is for places',
  ],
  [
    /(?<!\b(?:file|folder|line|page|place|region|zone),? )\bwhere (?:it|its|they|there|that|this|nothing|nobody|neither|none|no|not|one|both|several|all|an?|the)\b/,
    'say "if" for a condition: "where" is for places',
  ],
  [/\b(?:tells?|telling|told)\b/i, 'say "says", "returns", "contains" or "shows"'],
  [/\bis left out\b|\bwhat is left out\b/i, 'say "if omitted"'],
  [/\bis refused where\b/i, 'say "must not be"'],
  [/\bpass(?:ed)? (?:it|them) on whole\b|\bpassed on as a whole\b/i, 'say "use it unmodified"'],
  [/\ball the same\b/i, 'say "still", or name the exception'],
  [/\bbelongs? into\b/i, 'say "belongs in"'],
  [/\bso that this holds\b|\bholds? of\b/i, "say what is the case"],
  [/\bas ever\b/i, 'say "as usual"'],
  [/\bwhatever (?:it|they|the)\b/i, 'say "regardless of", or name the cases'],
  [/\bis to be\b|\bare to be\b|\bto be had\b/i, 'say who does it, or "must be"'],
  [/\bwherever\b/i, 'say "in every place", or name the places'],
  [/(?:^|[.:;] )(?:Is|Are|Were|Had|Should) (?:it|they|there|the)\b[^.?]*,/, 'begin a condition with "if"'],
  [/\bstands? in\b/i, 'say "is used instead"'],
  [/(?:^|[.:;] )What (?:it|they) \w+[^.]* (?:leaves?|counts?|goes|stays?)\b/i, "begin with a noun: name the thing"],
  [/\bgoes where\b|\bthe very one\b/i, "say what happens"],
  [/\bpasse[sd] over\b/i, 'say "skips"'],
  [/\bhence\b|\bthereof\b|\btherein\b|\bthereby\b/i, 'say "so"'],
];

export default function plainWords(context) {
  const check = (node) => {
    const text = plainText(node).replaceAll(/\s+/g, " ");
    for (const [pattern, instead] of plainer) {
      const found = pattern.exec(text);
      if (found !== null) {
        const near = text.slice(Math.max(0, found.index - 20), found.index + 50);
        context.report(node, new context.RuleError(`"${found[0].trim()}": ${instead} (…${near}…)`));
      }
    }
  };
  return proseNodes(check);
}
