import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../lib/simulator";
import { cliMain, environmentOf, run, runCli, temporaryFolders, testWorld, type Finished } from "../fixtures";

const temporaryFolder = temporaryFolders();
let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  simulator = await startSimulator({ world: testWorld });
  folder = temporaryFolder();
});

afterAll(() => simulator.stop());

/** Looks up what the arguments name, in a folder with these files. */
function lookup(args: readonly string[], files: Readonly<Record<string, string>>, input?: string): Promise<Finished> {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
  }
  return runCli(["lookup", "--region-id", "cn-hangzhou", "--json", ...args], {
    cwd: folder,
    environment: environmentOf(simulator.url),
    ...(input === undefined ? {} : { input }),
  });
}

function idsOf({ stdout }: Finished): readonly string[] {
  const { lookups } = JSON.parse(stdout) as {
    readonly lookups: readonly { readonly dbInstanceId: string }[];
  };
  return lookups.map(({ dbInstanceId }) => dbInstanceId);
}

test("files may replace the option; blank lines, comments, a BOM, CRLF and indents are ignored", async () => {
  const finished = await lookup(["--from", "windows.txt"], {
    "windows.txt": "\uFEFF# sales\r\nrm-orders\r\n\r\n  rm-billing  \r\n\t# the end",
  });

  expect(finished).toMatchObject({ code: 0, stderr: "" });
  expect(idsOf(finished)).toEqual(["rm-orders", "rm-billing"]);
});

test("the ids of the option come first, then those of files and of standard input, as given", async () => {
  const finished = await lookup(
    ["--from", "b.txt", "-", "a.txt", "--db-instance-id", "rm-stale"],
    { "a.txt": "rm-empty", "b.txt": "rm-billing\nrm-orders\n" },
    "rm-failed\n",
  );

  expect(idsOf(finished)).toEqual(["rm-stale", "rm-billing", "rm-orders", "rm-failed", "rm-empty"]);
});

test("an id that is given twice is asked and printed once, in its first place", async () => {
  const before = simulator.requests.length;

  const finished = await lookup(["--db-instance-id", "rm-stale", "rm-orders", "rm-stale", "--from", "again.txt"], {
    "again.txt": "rm-orders\nrm-billing\nrm-billing\n",
  });

  expect(idsOf(finished)).toEqual(["rm-stale", "rm-orders", "rm-billing"]);
  expect(simulator.requests.length - before).toBe(3);
});

test.each<[string, Record<string, string>, string | undefined, RegExp]>([
  [
    "missing.txt",
    {},
    undefined,
    /^error: "missing.txt" must be a file that can be read, but is "ENOENT" \(no such file or directory\)/,
  ],
  [".", {}, undefined, /^error: "." must be a file that can be read, but is "EISDIR"/],
  ["none.txt", { "none.txt": "# none\n" }, undefined, /^error: "none.txt" must be a list with .*"# none\\n"/],
  ["-", {}, "\n", /^error: standard input must be a list with at least one id .* but is "\\n"/],
  ["bad.txt", { "bad.txt": "rm-a\n#\nrm b" }, undefined, /^error: line 3 of "bad.txt" must be .* is "rm b"/],
  ["-", {}, "rm-a, rm-b", /^error: line 1 of standard input must be the id .* but is "rm-a, rm-b"/],
])(
  "--from %s, with %j and the input %j, is a usage error that names the place",
  async (from, files, input, message) => {
    const { code, stdout, stderr } = await lookup(["--db-instance-id", "rm-orders", "--from", from], files, input);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  },
);

/** Looks up the ids that a shell puts into the command. */
function lookupInBash(from: string): Promise<Finished> {
  const command = `"$0" "$1" lookup --region-id cn-hangzhou --json ${from}`;
  return run("bash", ["-c", command, process.execPath, cliMain], {
    environment: environmentOf(simulator.url),
  });
}

test.each(["--from <(echo rm-orders)", "--from - < <(echo rm-orders)", "--from /dev/stdin <<< rm-orders"])(
  "a shell may write the ids: %s",
  async (from) => {
    expect(idsOf(await lookupInBash(from))).toEqual(["rm-orders"]);
  },
);

test.each([
  ["--from /dev/zero", '"/dev/zero"'],
  ["--from - < <(yes rm-orders)", "standard input"],
])("a list that never ends is a clear error: %s", async (from, name) => {
  expect(await lookupInBash(from)).toEqual({
    code: 2,
    stdout: "",
    stderr: `error: ${name} must be at most 256 MB of text, but is "over 256 MB"\n`,
  });
});
