import { Token } from "cdktf";
import { fail, misuse } from "./lookup-error";

/** The names of all props of a construct, so that none can be forgotten. */
export type PropNames<Props> = Readonly<Record<keyof Props, true>>;

/**
 * Throws where there are no props, where one is unknown (TypeScript passes what comes from a context or a
 * variable, and a misspelt restriction would restrict nothing), and where one is a token, known only when
 * Terraform runs: a lookup happens before, while the app is synthesised.
 *
 * @param within the prop that holds these props, where it is not the construct itself
 */
export function checkProps<Props extends object>(
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
  const whole = (name: string): string => (within === undefined ? name : `${within}.${name}`);
  for (const [key, value] of Object.entries(props) as [string, unknown][]) {
    const name = whole(key);
    if (!Object.hasOwn(names, key)) {
      const known = Object.keys(names).sort().map(whole).join(", ");
      fail(
        misuse(path, "UnknownProp", `there is no prop ${name}`, `correct its name; the props are ${known}`),
      );
    }
    if (isToken(value)) {
      fail(
        misuse(
          path,
          "TokenGiven",
          `${name} is a token, which gets its value only when Terraform runs, but the lookup runs while the app is synthesised`,
          `pass ${name} as a plain value, from the code, cdktf.json or an environment variable (TF_VAR_… and other resources' attributes come too late)`,
        ),
      );
    }
  }
}

function isToken(value: unknown): boolean {
  return Token.isUnresolved(value) || (Array.isArray(value) && value.some(isToken));
}
