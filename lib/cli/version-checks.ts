import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { isObject } from "../backup/json-object";
import { nearestProjectFile, noProjectFile, readProjectFile } from "../lock/project-file";
import { killGroup } from "../rds-api/credentials/program";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { readTextFile } from "../validation/json-file";
import { framework, frameworks, packageFor } from "../validation/own-package";
import { failed, type Finding, ok, warning } from "./finding";
import type { Io } from "./io";

/** What the package says of itself; the path is that of the compiled file. */
interface OwnPackage {
  readonly name: string;
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const own = require("../../../package.json") as OwnPackage;

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
  const ofApp = installedVersion(folder, name);
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
  return isAtLeast(version, wanted)
    ? ok("version", `node ${version.slice(1)}`, { name: "node", version: version.slice(1) })
    : unsupported("node", version.slice(1), wanted, "install a newer Node");
}

function peerFindings(folder: string): readonly Finding[] {
  const other = frameworks.find((name) => name !== framework && installedVersion(folder, name) !== undefined);
  return Object.entries(own.peerDependencies).map(([name, wanted]) => {
    const version = installedVersion(folder, name);
    if (version !== undefined) {
      return isAtLeast(version, wanted)
        ? ok("version", `${name} ${version}`, { name, version })
        : unsupported(name, version, wanted, `npm install ${name}@"${wanted}"`);
    }
    const facts = { name, version: null };
    return name === framework && other !== undefined
      ? warning(
          "version",
          `the app uses ${other}, but ${own.name} is for ${framework}`,
          `use ${packageFor(other)} in place of it`,
          facts,
        )
      : warning("version", `${name} is not installed in ${folder}`, "run npm install there", facts);
  });
}

/** The command of the framework: that of the app, else that of the PATH. */
function cliFinding(folder: string, io: Io): Finding {
  const name = `${framework}-cli`;
  const version = installedVersion(folder, name) ?? versionOnPath(framework, name, io);
  return version === undefined
    ? warning(
        "version",
        `${name} is neither installed in ${folder} nor on the PATH`,
        `npm install --save-dev ${name}`,
        { name, version: null },
      )
    : ok("version", `${name} ${version}`, { name, version });
}

/** The version of a package, found from a folder as Node finds it. */
function installedVersion(folder: string, name: string): string | undefined {
  const { resolve } = createRequire(join(folder, "package.json"));
  const folders = resolve.paths(name) ?? [];
  const version = folders.map((each) => versionIn(join(each, name), name)).find((found) => found !== undefined);
  return version ?? resolvedVersion(resolve, name);
}

/** The version of a package without a folder: Yarn's plug'n'play keeps packages in archives, and resolves their names. */
function resolvedVersion(resolve: NodeJS.RequireResolve, name: string): string | undefined {
  try {
    return versionIn(dirname(resolve(`${name}/package.json`)), name);
  } catch {
    return undefined;
  }
}

/** The version of the package that a command on the PATH belongs to. */
function versionOnPath(command: string, name: string, { environment }: Io): string | undefined {
  for (const folder of (environment["PATH"] ?? "").split(delimiter)) {
    try {
      let at = dirname(realpathSync(join(folder, command)));
      for (; at !== dirname(at); at = dirname(at)) {
        const version = versionIn(at, name);
        if (version !== undefined) {
          return version;
        }
      }
    } catch {
      // It is not in this folder.
    }
  }
  return undefined;
}

function versionIn(folder: string, name: string): string | undefined {
  try {
    const json: unknown = JSON.parse(readTextFile(join(folder, "package.json")) ?? "");
    const isNamed = isObject(json) && json["name"] === name && typeof json["version"] === "string";
    return isNamed ? String(json["version"]) : undefined;
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
        .filter(([least]) => !isAtLeast(version, least))
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

/** Whether a version is not below the first one of a range, such as ">=20.17" or "^0.21.0". */
function isAtLeast(version: string, range: string): boolean {
  const [numbers, least] = [version, range].map((text) =>
    (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "").split(".").map(Number),
  );
  for (const [index, number] of (least ?? []).entries()) {
    const difference = (numbers?.[index] ?? 0) - number;
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return true;
}
