import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Finished, projectRoot, readText, run, runNode, temporaryFolders } from "./fixtures";

interface PackageJson {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
}

const temporaryFolder = temporaryFolders();
const workflowFolder = join(projectRoot, ".github", "workflows");
const workflows = readdirSync(workflowFolder).map((file) => ({ file, text: readText(workflowFolder, file) }));
const { version, scripts } = JSON.parse(readText(projectRoot, "package.json")) as PackageJson;
const homepage = "https://github.com/owner/name";

/** A package in a temporary folder, with this changelog and the script that releases it. */
function packageWith(changelog: string, ofVersion = "1.2.3"): string {
  const folder = temporaryFolder();
  const hook = { version: scripts["version"] };
  const json = { name: "a-package", version: ofVersion, homepage: `${homepage}#readme`, scripts: hook };
  mkdirSync(join(folder, "scripts"));
  mkdirSync(join(folder, "docs"));
  writeFileSync(join(folder, "docs", "languages.md"), "  <version>0.0.1</version>\n");
  copyFileSync(join(projectRoot, "scripts", "changelog.mjs"), join(folder, "scripts", "changelog.mjs"));
  writeFileSync(join(folder, "package.json"), JSON.stringify(json));
  writeFileSync(join(folder, "CHANGELOG.md"), changelog);
  return folder;
}

/** Variables by which git knows who commits. */
const gitSetting = (index: number, key: string): Record<string, string> => ({
  [`GIT_CONFIG_KEY_${index}`]: `user.${key}`,
  [`GIT_CONFIG_VALUE_${index}`]: "maintainer",
});

const changelogScript = (folder: string, ...args: readonly string[]): Promise<Finished> =>
  runNode([join("scripts", "changelog.mjs"), ...args], { cwd: folder });

const older = "## [1.2.2] - 2026-01-31\n\n### Fixed\n\n- An old fault.\n";
const unreleased = `# Changelog\n\nAbout it.\n\n## [Unreleased]\n\n### Added\n\n- A new thing.\n\n${older}`;

describe("the version", () => {
  const headings = [...readText(projectRoot, "CHANGELOG.md").matchAll(/^## (.*)$/gm)].map(
    ([, heading = ""]) => heading,
  );
  const released = headings[0] === "[Unreleased]" ? headings.slice(1) : headings;

  test("is that of the newest release in the changelog, if there is one", () => {
    expect(released.filter((heading) => !/^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/.test(heading))).toEqual([]);
    expect(released[0] ?? `[${version}]`).toContain(`[${version}]`);
  });

  test("is the same in what a user of Maven writes", () => {
    expect(readText(projectRoot, "docs", "languages.md")).toContain(`  <version>${version}</version>`);
  });

  test("is the same in package-lock.json", () => {
    const lock = JSON.parse(readText(projectRoot, "package-lock.json")) as {
      readonly version: string;
      readonly packages: Readonly<Record<string, { readonly version: string }>>;
    };

    expect([lock.version, lock.packages[""]?.version]).toEqual([version, version]);
  });
});

describe("npm version", () => {
  test("gives the unreleased section its version and date, in the commit that is tagged", async () => {
    const folder = packageWith(unreleased);
    // npm writes its cache into the home directory.
    const environment = {
      HOME: temporaryFolder(),
      GIT_CONFIG_COUNT: "2",
      ...gitSetting(0, "name"),
      ...gitSetting(1, "email"),
    };
    const git = (...args: readonly string[]): Promise<Finished> => run("git", args, { cwd: folder, environment });
    await git("init", "--quiet");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "Begin");

    const { code, stderr } = await run("npm", ["version", "minor"], { cwd: folder, environment });

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse((await git("show", "v1.3.0:package.json")).stdout)).toMatchObject({ version: "1.3.0" });
    expect((await git("show", "v1.3.0:docs/languages.md")).stdout).toBe("  <version>1.3.0</version>\n");
    const { stdout } = await git("show", "v1.3.0:CHANGELOG.md");
    const [, date = ""] = /## \[1\.3\.0\] - (\d{4}-\d\d-\d\d)\n/.exec(stdout) ?? [];
    expect(stdout).toBe(unreleased.replace("[Unreleased]", `[1.3.0] - ${date}`));
    expect((await git("status", "--porcelain")).stdout).toBe("");
  });

  test.each([
    [
      "a changelog that begins with a release",
      `# Changelog\n\n${older}`,
      "1.2.3",
      'the first heading of CHANGELOG.md must be "## [Unreleased]", but is "## [1.2.2] - 2026-01-31"',
    ],
    [
      "an unreleased section without an entry",
      unreleased.replace("- A new thing.\n", ""),
      "1.2.3",
      'CHANGELOG.md has no entry below "## [Unreleased]"',
    ],
    ["a version before a release", unreleased, "1.2.3-rc.1", "the version must have the form 1.2.3, but is 1.2.3-rc.1"],
  ])("refuses %s", async (_what, changelog, ofVersion, message) => {
    const folder = packageWith(changelog, ofVersion);

    const { code, stderr } = await changelogScript(folder, "release");

    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) as string });
    expect(readText(folder, "CHANGELOG.md")).toBe(changelog);
  });
});

describe("the notes of a release", () => {
  const dated = unreleased.replace("[Unreleased]", "[1.2.3] - 2026-02-28");

  test("are the newest section, with lines and links as GitHub shows them", async () => {
    const section = "- A new thing\n  ([docs](docs/a.md), [web](https://example.com)).\n- Another\n  - with detail.";
    const folder = packageWith(dated.replace("- A new thing.", section));

    expect(await changelogScript(folder, "notes", "v1.2.3")).toEqual({
      code: 0,
      stdout:
        `### Added\n\n- A new thing ([docs](${homepage}/blob/v1.2.3/docs/a.md), [web](https://example.com)).\n` +
        "- Another\n  - with detail.\n",
      stderr: "",
    });
  });

  test("are those of the unreleased section in a rehearsal, which has no tag", async () => {
    expect(await changelogScript(packageWith(unreleased), "notes", "")).toMatchObject({
      code: 0,
      stdout: "### Added\n\n- A new thing.\n",
    });
  });

  test.each([
    ["another version", "v1.2.4", dated, "the tag must be v1.2.3, the version of package.json, but is v1.2.4"],
    [
      "no release in the changelog",
      "v1.2.3",
      unreleased,
      'the first heading of CHANGELOG.md must be that of 1.2.3, but is "## [Unreleased]"',
    ],
  ])("refuse a tag with %s", async (_what, tag, changelog, message) => {
    const { code, stderr } = await changelogScript(packageWith(changelog), "notes", tag);

    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) as string });
  });
});

describe("the workflows", () => {
  test("use each action of others by the hash of a commit, with its version beside it", () => {
    const used = workflows.flatMap(({ text }) => [...text.matchAll(/uses: (.+)$/gm)].map(([, action = ""]) => action));
    const foreign = used.filter((action) => !action.startsWith("./"));

    expect(foreign.length).toBeGreaterThan(4);
    expect(foreign.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
    expect(new Set(foreign).size).toBe(new Set(foreign.map((action) => action.split("@")[0])).size);
  });

  test("give no job a right that it does not ask for, and no step the token of git", () => {
    for (const { text } of workflows) {
      expect(text).toMatch(/^permissions: \{\}$/m);
      expect(text.match(/uses: actions\/checkout@/g)?.length).toBe(text.match(/persist-credentials: false/g)?.length);
    }
  });

  test("publish at a tag only, and try every supported Node before", () => {
    const release = readText(workflowFolder, "release.yml");
    const ci = readText(workflowFolder, "ci.yml");

    expect(release).toContain('tags: ["v*"]');
    expect(release).toContain("uses: ./.github/workflows/ci.yml");
    const publishing = "    needs: [test, pack]\n    if: ${{ github.event_name == 'push' }}\n";
    for (const registry of ["npm", "pypi", "maven", "nuget", "go"]) {
      expect(release).toContain(`\n  ${registry}:\n${publishing}`);
      expect(release).toMatch(new RegExp(`\n      name: ${registry}(?:-.*)?\n`));
    }
    expect(release).toMatch(/npm publish .*--provenance --access public/);
    expect(ci).toMatch(/node: \[20, 22, 24\]/);
    expect(ci).toContain("run: .ci/run");
  });

  test("run files of the repository that are there", () => {
    const files = workflows.flatMap(({ text }) =>
      [...text.matchAll(/(?:uses: \.\/|run: |node )(\.?\w[\w./-]*\/[\w.-]+)/g)].map(([, file = ""]) => file),
    );

    expect(files).toEqual(expect.arrayContaining([".ci/run", "scripts/changelog.mjs", ".github/workflows/ci.yml"]));
    expect(files.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
  });
});
