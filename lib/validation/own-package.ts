/** Name of this package on npm, which begins with the name of the framework that it is for. */
export const packageName = "cdktf-alicloud-rds-dr";

/** A framework and its continuation: an app has one of them, and each has a package of its own. */
export const frameworks = ["cdktf", "cdktn"];

/** The framework that this package is for. */
export const framework = frameworks.find((name) => packageName.startsWith(`${name}-`)) ?? "";

/** Name of the package for another framework. */
export function packageFor(other: string): string {
  return packageName.replace(framework, other);
}

/** What the package says of itself. */
interface OwnManifest {
  readonly name: string;
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The package.json of this package, for the command: an app does not load it. The path is that of the compiled file. */
export function ownManifest(): OwnManifest {
  return require("../../../package.json") as OwnManifest;
}
