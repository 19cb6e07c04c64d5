import { Token } from "cdktf";
import { fail, misuse } from "./lookup-error";

/**
 * Throws where a prop is a token, known only when Terraform runs: a lookup happens before, while the app is
 * synthesised. Throws as well where there are no props at all, as a JavaScript caller may have it.
 */
export function checkConcrete(path: string, props: object | undefined): void {
  if (typeof props !== "object") {
    fail(misuse(path, "InvalidRequest", "there are no props", "pass the props as the third argument"));
  }
  for (const [name, value] of Object.entries(props) as [string, unknown][]) {
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
