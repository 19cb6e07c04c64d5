import { createRequire } from "node:module";

/**
 * Keeps the libraries that send requests silent, whatever the variable DEBUG says: they would print the access key,
 * the token, the signature and the links to backups. Import it before them. The variable stays, as the app that a
 * command runs may want it; so does every other copy of `debug`.
 */

/** What is overridden of the library `debug`, of which each library may have a copy of its own. */
interface DebugLibrary {
  disable(): unknown;
  enabled(namespace: string): boolean;
}

/** Libraries that print by `debug`; each is found from the one before it, as a package manager may hide it from us. */
const printers: readonly (readonly string[])[] = [
  ["@alicloud/pop-core/lib/rpc"],
  ["@alicloud/pop-core/lib/rpc", "httpx"],
];

function silence(printer: readonly string[]): void {
  const debug = debugOf(printer);
  if (debug === undefined) {
    return;
  }
  const { DEBUG } = process.env;
  // For what somebody has loaded and enabled already; it also takes the variable away.
  debug.disable();
  if (DEBUG !== undefined) {
    process.env["DEBUG"] = DEBUG;
  }
  debug.enabled = () => false;
}

/** The copy of `debug` that a library has; undefined for a release of the library that has none. */
function debugOf(printer: readonly string[]): DebugLibrary | undefined {
  try {
    const load = printer.reduce((from, name) => createRequire(from.resolve(name)), createRequire(__filename));
    return load("debug") as DebugLibrary;
  } catch {
    return undefined;
  }
}

printers.forEach(silence);
