import { Token } from "cdktf";
import { checked, refuse } from "./lookup-error";

/** What a prop may be. */
export interface PropRule<Value> {
  /** Throws InvalidRequestError for a wrong value. */
  readonly check?: (name: string, value: Value) => void;
  /** Whether it must be given. */
  readonly isRequired?: boolean;
  /** Whether it may be a token, whose value only Terraform can judge. */
  readonly mayBeToken?: boolean;
}

/** The rule of each prop of a construct: the type lets none be forgotten. */
export type PropRules<Props> = {
  readonly [Name in keyof Props]-?: PropRule<NonNullable<Props[Name]>>;
};

/**
 * Checks the props of a construct: first their names, then for tokens, then their values. A misspelt restriction would
 * restrict nothing, and TypeScript does not notice it in a variable.
 *
 * @param within the prop that contains these props, if the construct itself does not
 * @throws LookupError for the first prop that breaks its rule
 */
export function checkProps<Props extends object>(
  path: string,
  props: Props,
  rules: PropRules<Props>,
  within?: string,
): void {
  const fullName = (name: string): string => (within === undefined ? name : `${within}.${name}`);
  checkNames(path, props, Object.keys(rules), fullName, within);
  const given = Object.keys(props) as (keyof Props & string)[];
  for (const name of given) {
    if (rules[name].mayBeToken !== true && isOrHoldsToken(props[name])) {
      refuse(
        path,
        "TokenGiven",
        `${fullName(name)} is a token: it gets its value when Terraform runs, but the synthesis needs the value`,
        `pass ${fullName(name)} as a plain value, from the code, cdktf.json or an environment variable (TF_VAR_… and attributes of resources come too late)`,
      );
    }
  }
  checked(path, () => {
    for (const name of Object.keys(rules) as (keyof Props & string)[]) {
      const { check, isRequired, mayBeToken } = rules[name] as PropRule<unknown>;
      const value = props[name];
      const isMissing = value === undefined && isRequired !== true;
      if (!isMissing && !(mayBeToken === true && Token.isUnresolved(value))) {
        check?.(fullName(name), value);
      }
    }
  });
}

function checkNames(
  path: string,
  props: unknown,
  known: readonly string[],
  fullName: (name: string) => string,
  within = "",
): void {
  // A JavaScript caller may omit them.
  if (typeof props !== "object" || props === null) {
    const [what, step] =
      within === ""
        ? ["there are no props", "pass the props as the third argument"]
        : [`${within} is no object with props`, `pass an object as ${within}`];
    refuse(path, "InvalidRequest", what, step);
  }
  const unknown = Object.keys(props).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const names = [...known].sort().map(fullName).join(", ");
    refuse(path, "UnknownProp", `there is no prop ${fullName(unknown)}`, `correct its name; the props are ${names}`);
  }
}

function isOrHoldsToken(value: unknown): boolean {
  return Token.isUnresolved(value) || (Array.isArray(value) && value.some(isOrHoldsToken));
}
