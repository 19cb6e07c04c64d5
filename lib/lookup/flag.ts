import { snakeCase } from "./snake-case";

/** A parameter as an option of the command: `dbInstanceId` is `--db-instance-id`. */
export function flagOf(parameter: string): string {
  return `--${snakeCase(parameter).replaceAll("_", "-")}`;
}

/** Parameters as options of the command, without those that have no value. */
export function flagsOf(parameters: object): string {
  return Object.entries<string | undefined>({ ...parameters })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${flagOf(name)} ${value ?? ""}`)
    .join(" ");
}
