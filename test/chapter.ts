import { readText, projectRoot } from "./fixtures";
import type { Ended } from "./operator-project";

/** A command of a page, and what the page says you see. */
export interface Step {
  /** The code that the page shows before it. */
  readonly code?: string;
  readonly command: string;
  readonly seen: readonly string[];
}

/** A heading of a page, with its steps. */
export interface Section {
  readonly heading: string;
  readonly steps: readonly Step[];
}

/** Returns each block of commands of a page with the block of what you see, by heading. */
export function sectionsOf(file: string): readonly Section[] {
  const [, ...parts] = readText(projectRoot, "docs", file).split(/^## /m);
  return parts.map((part) => {
    const heading = part.slice(0, part.indexOf("\n"));
    const blocks = [...part.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text = ""]) => ({
      language,
      text: text.trimEnd(),
    }));
    const commands = blocks.filter(({ language }) => language === "sh");
    // Each command has a block of what you see, and each such block has a command.
    const languages = blocks.map(({ language }) => language).filter((language) => language !== "ts");
    expect({ heading, languages }).toEqual({ heading, languages: commands.flatMap(() => ["sh", "text"]) });
    return {
      heading,
      steps: commands.map((command) => {
        const index = blocks.indexOf(command);
        const before = blocks[index - 1];
        return {
          ...(before?.language === "ts" ? { code: before.text } : {}),
          command: command.text,
          seen: blocks[index + 1]?.text.split("\n") ?? [],
        };
      }),
    };
  });
}

/** Expects the lines of a page in the output, in this order; `…` replaces a word or a part of one. */
export function expectSeen(command: string, seen: readonly string[], { code, output }: Ended): void {
  const words = (text: string): string => text.trim().replaceAll(/\s+/g, " ");
  let rest = words(output);
  const missing = seen.filter((line) => {
    const found = patternOf(words(line)).exec(rest);
    rest = found === null ? rest : rest.slice(found.index + found[0].length);
    return found === null;
  });
  expect({ command, missing, output }).toEqual({ command, missing: [], output });
  const isFailure = seen.some((line) => /^(?:LookupError|Error|error): /.test(line));
  expect({ command, output, isFailure: code !== 0 }).toEqual({ command, output, isFailure });
}

function patternOf(line: string): RegExp {
  const parts = line.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join("\\S+"));
}

/** Nobody is there to type "yes". */
export function approved(command: string): string {
  const approve = / cdkt[fn] (?:deploy|destroy) /.test(command)
    ? " --auto-approve"
    : command.includes(" apply ")
      ? " -auto-approve"
      : "";
  return command + approve;
}

/** A lock file with all times earlier, as if that many hours had passed. */
export function hoursEarlier(text: string, hours: number): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (instant) =>
    new Date(Date.parse(instant) - hours * 3_600_000).toISOString().replace(".000", ""),
  );
}
