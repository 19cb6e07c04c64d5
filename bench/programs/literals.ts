/** What the apps share that have literal strings in the place of lookups. */
import { readFileSync } from "node:fs";

/** The outputs of each instance, by what follows their prefix. */
export type Literals = Readonly<
  Record<string, readonly { readonly suffix: string; readonly description: string; readonly value: unknown }[]>
>;

/** Those that the benchmark wrote down. */
export function readLiterals(): Literals {
  return JSON.parse(readFileSync(process.env["BENCH_LITERALS"] ?? "", "utf8")) as Literals;
}
