import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { escaped, table } from "./markdown.mjs";

const folder = "lib/backup";

/** The only reason that no rule of validity gives. */
const ofPreflight = { "preflight-refused": "The restore region does not accept it (only with `preflight`)." };

/** Why a record is rejected: each reason, in the order of the rules, with the docstring of its rule. */
export function rejections() {
  const { $defs } = JSON.parse(readFileSync("schema/record.schema.json", "utf8"));
  const reasons = $defs.rejectionReason.enum;
  const docs = { ...docsOf(new Set(reasons)), ...ofPreflight };
  const rows = reasons.map((reason) => {
    if (docs[reason] === undefined) {
      throw new Error(`the rule "${reason}" in ${folder} has no docstring`);
    }
    return [`\`${reason}\``, escaped(docs[reason]).replace(/\.$/, "")];
  });
  return table(["reason", "because"], rows);
}

/** The docstrings of members that are called, or stand for, one of the names. */
function docsOf(names) {
  const docs = {};
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) || ts.isEnumMember(node)) {
      const name = ts.isEnumMember(node) ? node.initializer?.text : node.name.text;
      const [doc] = node.jsDoc ?? [];
      if (names.has(name) && doc !== undefined) {
        docs[name] ??= ts.getTextOfJSDocComment(doc.comment);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const file of readdirSync(folder).filter((each) => each.endsWith(".ts"))) {
    const path = join(folder, file);
    visit(ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true));
  }
  return docs;
}
