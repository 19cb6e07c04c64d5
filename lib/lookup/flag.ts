/** A parameter as an option of the command: `dbInstanceId` is `--db-instance-id`. */
export function flagOf(parameter: string): string {
  return `--${parameter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
