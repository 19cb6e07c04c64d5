import { ExitCode } from "../exit-code";
import type { CommandSpec, OptionRow } from "../options";

interface CompletionOptions {
  readonly shell: string;
}

/** The specs of all commands, whose options differ. */
type Specs = readonly CommandSpec<never>[];

/** What a completion has to know of an option. */
interface CompletedOption {
  readonly flag: string;
  readonly help: string;
  /** What its value is called; undefined if it takes none. */
  readonly value: string | undefined;
  /** The words that its value can be; empty if it can be anything. */
  readonly choices: readonly string[];
  readonly isFile: boolean;
}

const shells: Readonly<Record<string, (specs: Specs) => string>> = { bash, zsh, fish };

/**
 * `rds-dr completion`: the script by which a shell completes the command.
 *
 * @param allSpecs the specs of all commands
 */
export function completionOf(allSpecs: () => Specs): CommandSpec<CompletionOptions> {
  return {
    name: "completion",
    does: "print the script by which a shell completes rds-dr",
    argument: { name: "shell", help: "the shell", choices: Object.keys(shells) },
    options: [],
    notes: `
The script completes the word rds-dr, not npx rds-dr. Load it when the shell starts:
  bash  eval "$(rds-dr completion bash)"     in ~/.bashrc
  zsh   eval "$(rds-dr completion zsh)"      in ~/.zshrc, after compinit
  fish  rds-dr completion fish | source      in ~/.config/fish/config.fish
`,
    example: 'eval "$(rds-dr completion bash)"',
    run: ({ shell }) => ({ exitCode: ExitCode.DONE, texts: [shells[shell]?.(allSpecs()) ?? ""] }),
  };
}

function optionsOf({ options }: CommandSpec<never>): readonly CompletedOption[] {
  const help: OptionRow = ["--help", "print the help"];
  return [...options, help].map(([flags, text, { choices = [] } = {}]) => {
    const [flag = "", value] = flags.split(" ");
    return { flag, help: text, value: value?.replace(/[<>.]/g, ""), choices, isFile: /<(?:file|folder)/.test(flags) };
  });
}

/** The words that stand alone after a command. */
function wordsOf({ argument }: CommandSpec<never>): readonly string[] {
  return argument?.choices ?? [];
}

/** For bash 3.2 and later. If no word fits, bash offers files. */
function bash(specs: Specs): string {
  const cases = specs.flatMap((spec) => {
    const { name } = spec;
    const [choosing, others] = [true, false].map((isChoice) =>
      optionsOf(spec).filter(({ value, choices }) => value !== undefined && choices.length > 0 === isChoice),
    );
    const free = (others ?? []).map(({ flag }) => `*:${name}:${flag}`).join("|");
    return [
      ...(choosing ?? []).map(({ flag, choices }) => `    *:${name}:${flag}) words="${choices.join(" ")}" ;;`),
      ...(free === "" ? [] : [`    ${free}) return ;;`]),
      `    *:${name}:*) words="${[...wordsOf(spec), ...optionsOf(spec).map(({ flag }) => flag)].join(" ")}" ;;`,
    ];
  });
  const commands = [...specs.map(({ name }) => name), "--help", "--version"];
  return [
    "_rds_dr() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" words=""',
    "  COMPREPLY=()",
    '  case "$COMP_CWORD:${COMP_WORDS[1]}:${COMP_WORDS[COMP_CWORD-1]}" in',
    `    1:*) words="${commands.join(" ")}" ;;`,
    ...cases,
    "  esac",
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    "}",
    "complete -o default -F _rds_dr rds-dr",
  ].join("\n");
}

/** Works if it is evaluated, and as a file `_rds-dr` in a folder of `fpath`. */
function zsh(specs: Specs): string {
  const describe = (name: string, text: string): string => quoted(`${name}:${text.replace(/[\\:]/g, "\\$&")}`);
  const argumentsOf = (spec: CommandSpec<never>): readonly string[] => [
    ...optionsOf(spec).map(({ flag, help, value, choices, isFile }) => {
      const action = isFile ? "_files" : choices.length > 0 ? `(${choices.join(" ")})` : "";
      return quoted(`*${flag}[${escaped(help)}]${value === undefined ? "" : `:${value}:${action || " "}`}`);
    }),
    ...(spec.argument === undefined ? [] : [quoted(`1:${spec.argument.name}:(${wordsOf(spec).join(" ")})`)]),
  ];
  return [
    "#compdef rds-dr",
    "_rds_dr() {",
    "  local state line",
    `  local -a commands=(${specs.map(({ name, does }) => describe(name, does)).join(" ")})`,
    "  _arguments -C '--help[print the help]' '--version[print the version]' '1: :->command' '*:: :->rest'",
    '  case "$state" in',
    "    command) _describe command commands ;;",
    '    rest) case "$words[1]" in',
    ...specs.map((spec) => `      ${spec.name}) _arguments ${argumentsOf(spec).join(" ")} ;;`),
    "    esac ;;",
    "  esac",
    "}",
    'if [ "$funcstack[1]" = "_rds-dr" ]; then _rds_dr "$@"; else compdef _rds_dr rds-dr; fi',
  ].join("\n");
}

function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, "\\$&");
}

/** For fish 3 and later. */
function fish(specs: Specs): string {
  const lines = specs.flatMap((spec) => {
    const after = `complete -c rds-dr -n '__fish_seen_subcommand_from ${spec.name}'`;
    return [
      `complete -c rds-dr -n __fish_use_subcommand -a ${spec.name} -d ${fishQuoted(spec.does)}`,
      ...wordsOf(spec).map((word) => `${after} -a ${word}`),
      ...optionsOf(spec).map(({ flag, help, value, choices, isFile }) => {
        const taken = value === undefined ? "" : isFile ? " -r -F" : " -x";
        const words = choices.length === 0 ? "" : ` -a '${choices.join(" ")}'`;
        return `${after} -l ${flag.slice(2)}${taken}${words} -d ${fishQuoted(help)}`;
      }),
    ];
  });
  return ["complete -c rds-dr -f", ...lines].join("\n");
}

function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

/** A word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
