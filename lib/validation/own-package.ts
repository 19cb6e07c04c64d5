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
