// Says of a source of this package, which is for cdktf, what it is for cdktn, the continuation of cdktf.
import { extname } from "node:path";

/** What a release of this package is tested with: the lowest that it takes. */
export const versions = { cdktn: "0.24.0", constructs: "10.6.0" };

/** What a package with cdktn as a peer takes; the second range is cdktn's own. */
export const peers = { cdktn: "^0.24.0", constructs: ">=10.6.0 <10.8.0" };

/** The framework as the name of a module, between quotes; also in a program within a text, which may escape them. */
const moduleName = /(\\?["'`])cdktf(?=\/|\1)/g;

/** What precedes the name if code loads that module. */
const loading =
  /\b(?:from|import|module|require|require\.resolve|requireActual|requireMock|mock|doMock)\s*(?:<[^<>]*>)?\s*\(?\s*$/;

/** More characters than precede a name. */
const loadingLength = 100;

/** The same in Python. */
const pythonModule = /^(\s*(?:from|import)\s+)cdktf(?=\s|$|\.(?!json\b))/;

/** The package itself, in the registries of all languages. The owner on GitHub and the repository keep their names. */
const ownNames = [
  [/cdktf-alicloud-rds-dr-go\b/g, "cdktn-alicloud-rds-dr-go"],
  [
    /(?<!github\.(?:com\/)?|cdktf-alicloud-rds-dr\/|Symbol\.for\(["'])cdktf-alicloud-rds-dr(?!\/cdktf-alicloud-rds-dr)/g,
    "cdktn-alicloud-rds-dr",
  ],
  [/cdktf_alicloud_rds_dr/g, "cdktn_alicloud_rds_dr"],
  [/cdktfalicloudrdsdr/g, "cdktnalicloudrdsdr"],
  [/Cdktf\.Alicloud\.RdsDr/g, "Cdktn.Alicloud.RdsDr"],
];

/** The framework in the registries of other languages, and what `npm run package` makes for it. */
const frameworkNames = [
  [/github\.com\/hashicorp\/terraform-cdk-go\/cdktf\b/g, "github.com/open-constructs/cdk-terrain-go/cdktn"],
  [/com\.hashicorp:cdktf:[\d.]+/g, `io.cdktn:cdktn:${versions.cdktn}`],
  [/com\.hashicorp\.cdktf\b/g, "io.cdktn.cdktn"],
  [/HashiCorp\.Cdktf\b/g, "Io.Cdktn"],
  [/packages\/cdktf\//g, "packages/cdktn/"],
];

/** Commands, and the package that contains them. */
const commands = [
  [/(?<![\w./@-])cdktf(?= (?:synth|diff|deploy|destroy|get|init|output)\b)/g, "cdktn"],
  [/(?<![\w./@-])cdktf-cli\b/g, "cdktn-cli"],
];

/** What a text for people says. */
const phrases = [
  [/https:\/\/github\.com\/hashicorp\/terraform-cdk\b/g, "https://github.com/open-constructs/cdk-terrain"],
  [/(?<![\w./@-])cdktf(`?(?: |@|[=~>]=))0\.21\b/g, `cdktn$1${shortened(versions.cdktn)}`],
  [/(?<=\bcdktn-cli@)0\.21\b/g, shortened(versions.cdktn)],
  [/\bconstructs(`? |@)10(?![\d.])/g, `constructs$1${shortened(versions.constructs)}`],
  [/\bCDKTF\b(?!_)/g, "CDK Terrain"],
  // Not the name of a file, but that of a class.
  [/(?<![\w./@-])cdktf(?![\w/@-]|\.[\da-z])/g, "cdktn"],
];

/** Without the last number of a version. */
function shortened(version) {
  return version.replace(/\.\d+$/, "");
}

/**
 * The text of a file for cdktn. A line that names cdktn already is about both frameworks, and stays as it is.
 *
 * @param file path, for its extension
 */
export function rewrite(file, text) {
  const kind = extname(file);
  const isCode = /^\.[mc]?[jt]s$/.test(kind);
  const rewriteLine = (line) => {
    if (/cdktn/i.test(line)) {
      return line;
    }
    const isProse = [".md", ".svg"].includes(kind) || (isCode && /^\s*(?:\/?\*|\/\/)/.test(line));
    const rules = [...ownNames, ...frameworkNames, ...commands, ...(isProse ? phrases : [])];
    const inPython = [".md", ".py"].includes(kind) ? line.replace(pythonModule, "$1cdktn") : line;
    return rules.reduce((result, [from, to]) => result.replaceAll(from, to), inPython);
  };
  const lines = text.split("\n").map(rewriteLine).join("\n");
  return isCode || kind === ".md" ? lines.replaceAll(moduleName, loaded) : lines;
}

function loaded(name, quote, offset, text) {
  const isLoaded = loading.test(text.slice(Math.max(0, offset - loadingLength), offset));
  return isLoaded ? `${quote}cdktn` : name;
}

/** The package.json of the copy: its own names, the peers, and no tools that only the sources need. */
export function rewriteManifest(text) {
  const original = JSON.parse(text);
  const manifest = JSON.parse(rewrite("package.json", text));
  const isScript = ([name, command]) => name !== "generate" && !command.includes("scripts/cdktn");
  const isTool = ([name]) => !/^(?:@?cdktf\b.*|codemaker)$/.test(name);
  return {
    ...manifest,
    description: original.description.replace("CDKTF", "CDK Terrain"),
    keywords: original.keywords.map((word) => word.replace(/^cdktf$/, "cdktn")),
    // The bindings are copied with the sources.
    scripts: {
      ...Object.fromEntries(Object.entries(original.scripts).filter(isScript)),
      build: original.scripts.build.replace("npm run -s generate && ", ""),
    },
    author: original.author,
    peerDependencies: peers,
    devDependencies: {
      ...Object.fromEntries(Object.entries(original.devDependencies).filter(isTool)),
      ...versions,
      "cdktn-cli": versions.cdktn,
    },
    // It wants an older jsii, for commands that nobody runs here.
    overrides: { ...original.overrides, "cdktn-cli": { jsii: "$jsii", "jsii-pacmak": "$jsii-pacmak" } },
    jsii: { ...manifest.jsii, outdir: "packages/cdktn" },
  };
}
