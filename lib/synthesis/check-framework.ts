import type { IConstruct } from "constructs";
import { framework, frameworks, packageFor, packageName } from "../validation/own-package";
import { refuse } from "./lookup-error";

/** Where jsii writes the full name of a class, such as `cdktf.App`. */
const typeInformation = Symbol.for("jsii.rtti");

/**
 * Throws if a construct is in an app of another framework. The two look alike to TypeScript and in most checks at run
 * time, but the synthesis calls methods that only its own constructs have. So every construct of this package asks first.
 *
 * Generated bindings cannot ask. Another copy of the same framework is not an error.
 *
 * @throws LookupError names the package for the framework of the app
 */
export function checkFramework({ node }: IConstruct): void {
  for (const scope of node.scopes) {
    const found = frameworkOf(scope.constructor);
    if (found !== undefined && found !== framework) {
      const what = scope.node.scope === undefined ? "this app" : `"${scope.node.path}" in it`;
      refuse(
        node.path,
        "WrongFramework",
        `${packageName} is for apps of ${framework}, but ${what} is one of ${found}`,
        `install ${packageFor(found)} in its place, and import that: an app has one framework`,
      );
    }
  }
}

/** The framework of a class, or of the one that it extends; undefined if it is of none, as a construct of the app. */
function frameworkOf(aClass: unknown): string | undefined {
  for (let each = aClass; typeof each === "function"; each = Object.getPrototypeOf(each) as unknown) {
    const { fqn } = (each as { readonly [typeInformation]?: { readonly fqn?: unknown } })[typeInformation] ?? {};
    const name = frameworks.find((framework) => String(fqn).startsWith(`${framework}.`));
    if (name !== undefined) {
      return name;
    }
  }
  return undefined;
}
