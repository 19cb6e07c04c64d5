import { join } from "node:path";
import ts from "typescript";
import { escaped, table } from "./markdown.mjs";

/** What users import, with the name that they import it by. */
const entries = [
  ["cdktf-alicloud-rds-dr", "lib/index.ts"],
  ["cdktf-alicloud-rds-dr/errors", "lib/errors.ts"],
  ["cdktf-alicloud-rds-dr/simulator", "lib/simulator/index.ts"],
  ["cdktf-alicloud-rds-dr/testing", "lib/testing/index.ts"],
];

const { Private, Protected, Static, Abstract } = ts.ModifierFlags;

/** The reference: every name of every entry, as its docstring has it. */
export function reference() {
  const { options } = ts.getParsedCommandLineOfConfigFile("tsconfig.json", {}, ts.sys);
  const program = ts.createProgram(
    entries.map(([, file]) => file),
    { ...options, noEmit: true },
  );
  const checker = program.getTypeChecker();
  const shown = new Set();
  return entries
    .map(([name, file]) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(join(process.cwd(), file)));
      const symbols = checker
        .getExportsOfModule(module)
        .map((each) => ({
          name: each.name,
          symbol: each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each,
        }))
        // The bindings are a namespace of the main entry, which has the answers of tests as well.
        .filter(({ symbol }) => !ts.isSourceFile(symbol.declarations[0]) && !shown.has(symbol))
        .sort((a, b) => rank(a.symbol) - rank(b.symbol) || (a.name < b.name ? -1 : 1));
      symbols.forEach(({ symbol }) => shown.add(symbol));
      return [`## ${name}`, ...symbols.map((each) => sectionOf(checker, each))].join("\n\n");
    })
    .join("\n\n");
}

/** Classes first, then what they take and give. */
function rank({ flags }) {
  const order = [ts.SymbolFlags.Class, ts.SymbolFlags.Function, ts.SymbolFlags.Interface, ts.SymbolFlags.Enum];
  const index = order.findIndex((flag) => flags & flag);
  return index === -1 ? order.length : index;
}

function sectionOf(checker, { name, symbol }) {
  const declaration = symbol.declarations[0];
  const parts = [`### ${name}`, `\`${headOf(declaration)}\``, ...paragraphsOf(checker, symbol)];
  const examples = tagsOf(symbol, "example").map((code) => `\`\`\`ts\n${code.trim()}\n\`\`\``);
  return [...parts, ...examples, ...seeOf(symbol), membersOf(checker, symbol, declaration)]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The declaration without its body: what it is called, takes and extends. */
function headOf(declaration) {
  if (ts.isFunctionDeclaration(declaration)) {
    return `function ${signatureOf(declaration)}`;
  }
  if (ts.isVariableDeclaration(declaration)) {
    return oneLine(`const ${declaration.name.getText()}: ${declaration.type?.getText() ?? "object"}`);
  }
  if (ts.isTypeAliasDeclaration(declaration)) {
    return oneLine(
      declaration
        .getText()
        .replace(/^export /, "")
        .replace(/;$/, ""),
    );
  }
  const word = ts.isClassDeclaration(declaration) ? "class" : ts.isEnumDeclaration(declaration) ? "enum" : "interface";
  const abstract = ts.getCombinedModifierFlags(declaration) & Abstract ? "abstract " : "";
  const clauses = (declaration.heritageClauses ?? []).map((clause) => ` ${clause.getText()}`).join("");
  return oneLine(`${abstract}${word} ${declaration.name.text}${clauses}`);
}

function membersOf(checker, symbol, declaration) {
  const members = (declaration.members ?? []).filter(isPublic);
  if (members.length === 0) {
    return "";
  }
  if (ts.isEnumDeclaration(declaration)) {
    const rows = members.map((member) => [
      `\`${member.name.getText()}\``,
      `\`${member.initializer?.getText() ?? ""}\``,
      docOf(checker, checker.getSymbolAtLocation(member.name)),
    ]);
    return table(["member", "value", "what"], rows);
  }
  const rows = members.map((member) => {
    const of = ts.isConstructorDeclaration(member)
      ? symbol.members.get("__constructor")
      : checker.getSymbolAtLocation(member.name);
    const [byDefault = ""] = tagsOf(of, "default").map((text) => escaped(text.replace(/^- /, "")));
    return [`\`${memberOf(member)}\``.replaceAll("|", "\\|"), docOf(checker, of) + throwsOf(of), byDefault];
  });
  return rows.some(([, , byDefault]) => byDefault !== "")
    ? table(["member", "what", "default"], rows)
    : table(
        ["member", "what"],
        rows.map(([member, what]) => [member, what]),
      );
}

/** What belongs to the API: neither private nor protected, nor marked as internal. */
function isPublic(member) {
  const isHidden = ts.getCombinedModifierFlags(member) & (Private | Protected);
  const isInternal = ts.getJSDocTags(member).some((tag) => tag.tagName.text === "internal");
  const name = member.name?.getText() ?? "";
  return !isHidden && !isInternal && !/^(?:[#_[]|name$)/.test(name);
}

function memberOf(member) {
  const prefix = ts.getCombinedModifierFlags(member) & Static ? "static " : "";
  if (ts.isConstructorDeclaration(member)) {
    return `new${signatureOf(member)}`;
  }
  if (ts.isMethodDeclaration(member) || ts.isMethodSignature(member)) {
    return `${prefix}${signatureOf(member)}`;
  }
  const optional = member.questionToken === undefined ? "" : "?";
  return oneLine(`${prefix}${member.name.getText()}${optional}: ${member.type?.getText() ?? "…"}`);
}

function signatureOf(declaration) {
  const parameters = declaration.parameters.map((parameter) => parameter.getText()).join(", ");
  const result = declaration.type === undefined ? "" : `: ${declaration.type.getText()}`;
  return oneLine(`${declaration.name?.getText() ?? ""}(${parameters})${result}`);
}

function docOf(checker, symbol) {
  return paragraphsOf(checker, symbol).join(" ");
}

function paragraphsOf(checker, symbol) {
  const text = ts.displayPartsToString(symbol?.getDocumentationComment(checker) ?? []);
  return text === "" ? [] : text.split(/\n\s*\n|\n(?=- )/).map(escaped);
}

function throwsOf(symbol) {
  const [thrown] = tagsOf(symbol, "throws");
  return thrown === undefined ? "" : ` Throws ${escaped(thrown)}.`;
}

function seeOf(symbol) {
  return tagsOf(symbol, "see").map((address) => `See <${address.trim()}>`);
}

function tagsOf(symbol, name) {
  const tags = symbol?.getJsDocTags() ?? [];
  return tags.filter((tag) => tag.name === name).map(({ text }) => ts.displayPartsToString(text ?? []));
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, " ").trim();
}
