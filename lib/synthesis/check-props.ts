import { Token } from "cdktf";
import { fail, misuse } from "./lookup-error";

/** The names of all props of a construct, so that none can be forgotten. */
export type PropNames<Props> = Readonly<Record<keyof Props, true>>;

/**
 * Checks the props of a construct that takes plain values only.
 *
 * @param within the prop that holds these props, where it is not the construct itself
 */
export function checkProps<Props extends object>(
  path: string,
  props: Props,
  names: PropNames<Props>,
  within?: string,
): void {
  checkPropNames(path, props, names, within);
  refuseTokens(path, props, Object.keys(names) as (keyof Props & string)[], within);
}

/**
 * Throws where there are no props, and where one is unknown: TypeScript passes what comes from a context or a
 * variable, and a misspelt restriction would restrict nothing.
 */
export function checkPropNames<Props extends object>(
  path: string,
  props: Props,
  names: PropNames<Props>,
  within?: string,
): void {
  // A JavaScript caller may leave them out.
  if (typeof props !== "object" || (props as object | null) === null) {
    const [what, step] =
      within === undefined
        ? ["there are no props", "pass the props as the third argument"]
        : [`${within} holds no props`, `pass an object as ${within}`];
    fail(misuse(path, "InvalidRequest", what, step));
  }
  const unknown = Object.keys(props).find((name) => !Object.hasOwn(names, name));
  if (unknown !== undefined) {
    const known = Object.keys(names)
      .sort()
      .map((name) => whole(name, within))
      .join(", ");
    fail(
      misuse(
        path,
        "UnknownProp",
        `there is no prop ${whole(unknown, within)}`,
        `correct its name; the props are ${known}`,
      ),
    );
  }
}

/** Throws where one of these props is a token, or a list with one. */
export function refuseTokens<Props extends object>(
  path: string,
  props: Props,
  names: readonly (keyof Props & string)[],
  within?: string,
): void {
  for (const key of names) {
    if (isToken(props[key])) {
      const name = whole(key, within);
      fail(
        misuse(
          path,
          "TokenGiven",
          `${name} is a token, which gets its value only when Terraform runs, but it is needed while the app is synthesised`,
          `pass ${name} as a plain value, from the code, cdktf.json or an environment variable (TF_VAR_… and other resources' attributes come too late)`,
        ),
      );
    }
  }
}

/** Runs a check only where the value is known already: that of a token is for Terraform to judge. */
export function unlessToken<T>(check: (name: string, value: T) => void, name: string, value: T): void {
  if (!isToken(value)) {
    check(name, value);
  }
}

function isToken(value: unknown): boolean {
  return Token.isUnresolved(value) || (Array.isArray(value) && value.some(isToken));
}

/** A prop by its place in the props of the construct. */
function whole(name: string, within: string | undefined): string {
  return within === undefined ? name : `${within}.${name}`;
}
