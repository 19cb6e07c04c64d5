import { Token } from "cdktf";
import { ifGiven } from "../validation/checks";
import { checked, refuse } from "./lookup-error";

/** What a prop may hold. */
export interface PropRule<Value> {
  /** Throws InvalidRequestError for a wrong value. */
  readonly check?: (name: string, value: Value) => void;
  /** Whether it must be given. */
  readonly isRequired?: true;
  /** Whether it may be a token, whose value only Terraform can judge. */
  readonly mayBeToken?: true;
}

/** The rule of each prop of a construct: the type lets none be forgotten. */
export type PropRules<Props> = {
  readonly [Name in keyof Props]-?: PropRule<NonNullable<Props[Name]>>;
};

/**
 * Checks the props of a construct: their names, then where tokens stand, then their values. A misspelt name counts,
 * because a restriction that nobody reads would restrict nothing; TypeScript lets it pass if it comes from a variable.
 *
 * @param within the prop that holds these props, if the construct itself does not
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
  const given = Object.entries<PropRule<never>>(rules).map(([name, rule]) => ({
    ...rule,
    name: fullName(name),
    value: props[name as keyof Props] as never,
  }));
  for (const { name, value, mayBeToken } of given) {
    if (mayBeToken === undefined && isOrHoldsToken(value)) {
      refuse(
        path,
        "TokenGiven",
        `${name} is a token: it gets its value when Terraform runs, but the synthesis needs the value`,
        `pass ${name} as a plain value, from the code, cdktf.json or an environment variable (TF_VAR_… and attributes of resources come too late)`,
      );
    }
  }
  checked(path, () => {
    for (const { name, value, check, isRequired } of given) {
      if (check !== undefined && !Token.isUnresolved(value)) {
        if (isRequired === undefined) {
          ifGiven(check, name, value);
        } else {
          check(name, value);
        }
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
        : [`${within} holds no props`, `pass an object as ${within}`];
    refuse(path, "InvalidRequest", what, step);
  }
  const unknown = Object.keys(props).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const names = [...known].sort().map(fullName).join(", ");
    refuse(
      path,
      "UnknownProp",
      `there is no prop ${fullName(unknown)}`,
      `correct its name; the props are ${names}`,
    );
  }
}

function isOrHoldsToken(value: unknown): boolean {
  return Token.isUnresolved(value) || (Array.isArray(value) && value.some(isOrHoldsToken));
}
