import { snakeCase } from "./snake-case";

/** A parameter as an option of the command: `dbInstanceId` is `--db-instance-id`. */
export function flagOf(parameter: string): string {
  return `--${snakeCase(parameter).replaceAll("_", "-")}`;
}

/** Parameters that narrow a choice, as options of the command: those that are text, and have a value. */
export function flagsOf(parameters: object): string {
  return Object.entries<unknown>({ ...parameters })
    .filter(([, value]) => typeof value === "string")
    .map(([name, value]) => `${flagOf(name)} ${String(value)}`)
    .join(" ");
}
