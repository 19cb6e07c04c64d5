/**
 * Runs a program of this folder. Prints how to call it if asked, or if it was called wrongly (exit code 2).
 *
 * @param readOptions throws if the arguments are wrong
 */
export function runProgram<T extends { readonly help: boolean }>(
  usage: string,
  readOptions: () => T,
  run: (options: T) => Promise<void>,
): void {
  let options: T;
  try {
    options = readOptions();
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) {
    console.log(usage);
    return;
  }
  run(options).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
