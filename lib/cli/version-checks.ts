import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { coerce, satisfies } from "semver";
import { isObject, optional } from "../backup/json-object";
import { nearestProjectFile, noProjectFile, readProjectFile } from "../lock/project-file";
import { killGroup } from "../rds-api/credentials/program";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { readTextFile } from "../validation/json-file";
import { framework, frameworks, ownManifest, packageFor } from "../validation/own-package";
import { failed, type Finding, ok, warning } from "./finding";
import type { Io } from "./io";

const own = ownManifest();

/** What Terraform must be able to do, and the first version that can. OpenTofu began with 1.6, which can do both. */
const terraformNeeds = [
  ["1.4.0", "DisasterRecoveryInstance needs terraform_data"],
  ["1.5.0", "importFrom needs import blocks"],
] as const;

/** More than a version takes, characters. */
const maxOutput = 10_000;

/** The versions of all that runs a synthesis or a deploy of the app in a folder. */
export async function checkVersions(folder: string, io: Io, timeMs: number): Promise<readonly Finding[]> {
  return [nodeFinding(), ...appFindings(folder, io), await terraformFinding(folder, io, timeMs)];
}

/** What is installed for the app; nothing of an app in another language, which does not use Node's packages. */
function appFindings(folder: string, io: Io): readonly Finding[] {
  const file = nearestProjectFile(folder);
  if (file === undefined) {
    const hint = "name the folder of the app by --app-dir";
    return [ownFinding(folder), warning("version", `no app was looked at: ${noProjectFile}`, hint)];
  }
  const language = languageIn(file);
  return language === undefined || ["typescript", "javascript"].includes(language)
    ? [ownFinding(folder), ...peerFindings(folder), cliFinding(folder, io)]
    : [ownFinding(folder)];
}

/** The language of an app; undefined if its file does not say it, or cannot be read, which is found elsewhere. */
function languageIn(file: string): string | undefined {
  try {
    const { language } = readProjectFile(file);
    return typeof language === "string" ? language.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
}

function ownFinding(folder: string): Finding {
  const { name, version } = own;
  const facts = { name, version };
  const ofApp = installed(folder, name)?.version;
  return ofApp === undefined || ofApp === version
    ? ok("version", `${name} ${version}`, facts)
    : warning(
        "version",
        `this command is ${name} ${version}, but the app uses ${ofApp}`,
        "run the command of the app: npx rds-dr, in its folder",
        facts,
      );
}

/** What runs this command; the client refuses a Bun that is too old. */
function nodeFinding(): Finding {
  const { version } = process;
  const { bun } = process.versions;
  if (bun !== undefined) {
    return ok("version", `bun ${bun}`, { name: "bun", version: bun });
  }
  const { node: wanted } = own.engines;
  return isWithin(version, wanted)
    ? ok("version", `node ${version.slice(1)}`, { name: "node", version: version.slice(1) })
    : unsupported("node", version.slice(1), wanted, "install a newer Node");
}

function peerFindings(folder: string): readonly Finding[] {
  const other = frameworks.find((name) => name !== framework && installed(folder, name)?.version !== undefined);
  const findings = Object.entries(own.peerDependencies).map(([name, wanted]) => {
    const version = installed(folder, name)?.version;
    if (version === undefined) {
      return warning("version", `${name} is not installed in ${folder}`, "run npm install there", {
        name,
        version: null,
      });
    }
    return isWithin(version, wanted)
      ? ok("version", `${name} ${version}`, { name, version })
      : unsupported(name, version, wanted, `npm install ${name}@"${wanted}"`);
  });
  return other === undefined ? findings : [...findings, otherFinding(other)];
}

/** npm installs a peer by itself: so both frameworks are there if an app of one gets the package for the other. */
function otherFinding(other: string): Finding {
  const message = `${other} is installed too, but ${own.name} is for apps of ${framework} alone`;
  const hint = `if the app imports ${other}, use ${packageFor(other)} in place of it; else remove ${other}`;
  return warning("version", message, hint, { name: other });
}

/** The command of the framework: that of the app, else that of the PATH. It may need a newer Node than this package. */
function cliFinding(folder: string, io: Io): Finding {
  const name = `${framework}-cli`;
  const { version, node } = installed(folder, name) ?? onPath(framework, name, io) ?? {};
  if (version === undefined) {
    const message = `${name} is neither installed in ${folder} nor on the PATH`;
    return warning("version", message, `npm install --save-dev ${name}`, { name, version: null });
  }
  return node === undefined || isWithin(process.version, node)
    ? ok("version", `${name} ${version}`, { name, version })
    : unsupported("node", process.version.slice(1), `${node} for ${name} ${version}`, "install a newer Node");
}

/** What a package says of itself. */
interface InstalledPackage {
  readonly version: string;
  /** The versions of Node that it runs on. */
  readonly node?: string;
}

/** A package, found from a folder as Node finds it. */
function installed(folder: string, name: string): InstalledPackage | undefined {
  const { resolve } = createRequire(join(folder, "package.json"));
  const folders = resolve.paths(name) ?? [];
  return (
    folders.map((each) => packageIn(join(each, name), name)).find((found) => found !== undefined) ??
    resolved(resolve, name)
  );
}

/** A package without a folder: Yarn's plug'n'play keeps packages in archives, and resolves their names. */
function resolved(resolve: NodeJS.RequireResolve, name: string): InstalledPackage | undefined {
  try {
    return packageIn(dirname(resolve(`${name}/package.json`)), name);
  } catch {
    return undefined;
  }
}

/** The package that a command on the PATH belongs to. */
function onPath(command: string, name: string, { environment }: Io): InstalledPackage | undefined {
  for (const folder of (environment["PATH"] ?? "").split(delimiter)) {
    try {
      let at = dirname(realpathSync(join(folder, command)));
      for (; at !== dirname(at); at = dirname(at)) {
        const found = packageIn(at, name);
        if (found !== undefined) {
          return found;
        }
      }
    } catch {
      // It is not in this folder.
    }
  }
  return undefined;
}

function packageIn(folder: string, name: string): InstalledPackage | undefined {
  try {
    const json: unknown = JSON.parse(readTextFile(join(folder, "package.json")) ?? "");
    if (!isObject(json) || json["name"] !== name || typeof json["version"] !== "string") {
      return undefined;
    }
    const { engines } = json;
    const node = isObject(engines) && typeof engines["node"] === "string" ? engines["node"] : undefined;
    return { version: json["version"], ...optional("node", node) };
  } catch {
    return undefined;
  }
}

/** Terraform as cdktf-cli finds it, else OpenTofu. */
async function terraformFinding(folder: string, io: Io, timeMs: number): Promise<Finding> {
  const given = io.environment["TERRAFORM_BINARY_NAME"] ?? "";
  const commands = given === "" ? ["terraform", "tofu"] : [given];
  for (const command of commands) {
    const output = await outputOf(command, folder, io, timeMs);
    const [, name, version] = /^(Terraform|OpenTofu) v(\d[\w.+-]{0,40})/m.exec(output) ?? [];
    if (name !== undefined && version !== undefined) {
      const facts = { name: name.toLowerCase(), version };
      const missing = terraformNeeds
        .filter(([least]) => !isWithin(version, `>=${least}`))
        .map(([least, need]) => `${need} (${least})`);
      return missing.length === 0
        ? ok("version", `${name} ${version}`, facts)
        : warning("version", `${name} ${version} is too old: ${missing.join(", ")}`, "install a newer one", facts);
    }
  }
  const message = `${commands.join(" and ")} gave no version`;
  const hint =
    "install Terraform or OpenTofu, or name its command by TERRAFORM_BINARY_NAME; a synthesis works without it";
  return warning("version", message, hint, { name: commands[0], version: null });
}

/** What a command prints of its version; as much as it has by the deadline, nothing if it cannot be run. */
function outputOf(command: string, cwd: string, { environment }: Io, timeMs: number): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(command, ["version"], {
      cwd,
      // Without it, Terraform asks its makers whether there is a newer version.
      env: { ...environment, CHECKPOINT_DISABLE: "1" },
      stdio: ["ignore", "pipe", "ignore"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    let output = "";
    const end = (): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      resolve(output);
    };
    const timer = setTimeout(() => {
      killGroup(child);
      end();
    }, timeMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(0, maxOutput);
    });
    child.on("error", end).on("close", end);
  });
}

function unsupported(name: string, version: string, wanted: string, hint: string): Finding {
  const message = `${name} ${version} is not supported: it must be ${wanted}`;
  return failed(
    "version",
    { kind: ErrorKind.UNSUPPORTED, code: "UnsupportedVersion", message, hint },
    { name, version },
  );
}

/** Whether a version is within a range, such as "^0.21.0"; a preview counts as its release. */
function isWithin(version: string, range: string): boolean {
  return satisfies(coerce(version) ?? "0.0.0", range);
}
