import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOnPath, runCli, temporaryFolders } from "../../fixtures";

const temporaryFolder = temporaryFolders();
const shells = ["bash", "zsh", "fish"] as const;
const onPath = Object.fromEntries(shells.map((shell) => [shell, isOnPath(shell) ? test : test.skip]));

async function outputOf(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** The path of a file with the script for a shell. */
async function scriptFor(shell: string): Promise<string> {
  const file = join(temporaryFolder(), `completion.${shell}`);
  writeFileSync(file, await outputOf("completion", shell));
  return file;
}

/** What a shell prints that runs a program. */
function printed(shell: string, options: readonly string[], program: string, ...args: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(shell, [...options, "-c", program, ...args], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

test.each(shells)("the script for %s has every command, and every option of each", async (shell) => {
  const script = await outputOf("completion", shell);
  const listed = (await outputOf("--help")).matchAll(/^ {2}([a-z][a-z-]*) (?:\[options\]|<)/gm);
  const commands = [...listed].map(([, name = ""]) => name);

  expect(commands).toEqual(expect.arrayContaining(["lookup", "doctor", "completion"]));
  for (const command of commands) {
    const help = await outputOf(command, "--help");
    const flags = [...help.matchAll(/^ {2}(?:-h, )?--([a-z-]+)/gm)].map(([, flag = ""]) => flag);
    expect([command, ...flags].filter((word) => !script.includes(word))).toEqual([]);
  }
});

/** What is to be completed, and the words that fit. */
const cases: [line: string[], words: string[]][] = [
  [["do"], ["doctor"]],
  [["p"], ["pin", "policy"]],
  [["lookup", "--on-st"], ["--on-stale"]],
  [
    ["lookup", "--on-stale", ""],
    ["fail", "warn"],
  ],
  [["lookup", "--json", "--on-stale", "w"], ["warn"]],
  [["list", "--page-size", "1"], ["100"]],
  [["doctor", "--restore-r"], ["--restore-region"]],
  [["doctor", "--on-st"], []],
  [["completion", "z"], ["zsh"]],
];

onPath["bash"]?.each(cases)("bash completes %j", async (line, words) => {
  const program = `source "$0"; COMP_WORDS=(rds-dr "$@"); COMP_CWORD=$#; _rds_dr; printf '%s\\n' "\${COMPREPLY[@]}"`;

  expect(printed("bash", ["--norc"], program, await scriptFor("bash"), ...line).sort()).toEqual(words);
});

onPath["bash"]?.("bash offers files for the value of an option that has no words", async () => {
  const program = `source "$0"; complete -p rds-dr`;

  expect(printed("bash", ["--norc"], program, await scriptFor("bash"))).toEqual([
    "complete -o default -F _rds_dr rds-dr",
  ]);
});

onPath["fish"]?.each(cases)("fish completes %j", async (line, words) => {
  const program = `source ${await scriptFor("fish")}; complete -C 'rds-dr ${line.join(" ")}'`;
  const offered = printed("fish", ["--no-config"], program).map((each) => each.split("\t")[0]);

  expect(offered.sort()).toEqual(words);
});

onPath["zsh"]?.("zsh takes the script, evaluated after compinit", async () => {
  const program = `autoload -U compinit; compinit -u -D; eval "$(< $0)"; print $_comps[rds-dr]; whence -w _rds_dr`;

  expect(printed("zsh", ["-f"], program, await scriptFor("zsh"))).toEqual(["_rds_dr", "_rds_dr: function"]);
});

test.each([
  [[], /missing required argument 'shell'/],
  [["ksh"], /Allowed choices are bash, zsh, fish/],
  [["bash", "zsh"], /completion takes one shell, but "bash zsh" stands there/],
  [["--shell", "bash"], /unknown option '--shell'/],
])("%j is a usage error", async (args, message) => {
  const { code, stdout, stderr } = await runCli(["completion", ...args]);

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});
