import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nearestProjectFile } from "../../lib/lock/project-file";
import { temporaryFolders } from "../fixtures";

const temporaryFolder = temporaryFolders();

/** A folder with a cdktf.json, and a folder below it, from where it is looked for. */
function nested(...between: readonly string[]): { readonly outer: string; readonly inner: string } {
  const outer = temporaryFolder();
  writeFileSync(join(outer, "cdktf.json"), "{}");
  const inner = join(outer, ...between);
  mkdirSync(inner, { recursive: true });
  return { outer, inner };
}

test("is that of the folder itself, in a repository or not", () => {
  const { outer } = nested();

  expect(nearestProjectFile(outer)).toBe(join(outer, "cdktf.json"));
  mkdirSync(join(outer, ".git"));
  expect(nearestProjectFile(outer)).toBe(join(outer, "cdktf.json"));
});

test("is not that of a folder above, unless a repository holds both", () => {
  const { outer, inner } = nested("a", "b");

  expect(nearestProjectFile(inner)).toBeUndefined();
  mkdirSync(join(outer, ".git"));
  expect(nearestProjectFile(inner)).toBe(join(outer, "cdktf.json"));
});

test.each<[string, (path: string) => void]>([
  [
    "folder",
    (path) => {
      mkdirSync(path);
    },
  ],
  [
    "file, as a worktree or a submodule has",
    (path) => {
      writeFileSync(path, "gitdir: elsewhere");
    },
  ],
])("is not looked for above the root of the repository, whose .git is a %s", (_, makeGit) => {
  const { outer, inner } = nested("repository", "app");
  mkdirSync(join(outer, ".git"));
  makeGit(join(outer, "repository", ".git"));

  expect(nearestProjectFile(inner)).toBeUndefined();
  writeFileSync(join(outer, "repository", "cdktf.json"), "{}");
  expect(nearestProjectFile(inner)).toBe(join(outer, "repository", "cdktf.json"));
});

describe("a folder that every user may write to", () => {
  test.each([0o777, 0o1777, 0o703])("is not looked into, not even as a repository: mode %o", (mode) => {
    const { outer, inner } = nested("mine", "app");
    mkdirSync(join(outer, ".git"));
    chmodSync(outer, mode);

    expect(nearestProjectFile(inner)).toBeUndefined();
  });

  test("is not passed on the way to a repository above it", () => {
    const { outer, inner } = nested("shared", "mine");
    mkdirSync(join(outer, ".git"));
    chmodSync(join(outer, "shared"), 0o1777);

    expect(nearestProjectFile(inner)).toBeUndefined();
  });

  test("counts if it is the folder itself, as whoever works there has chosen it", () => {
    const { outer } = nested();
    chmodSync(outer, 0o1777);

    expect(nearestProjectFile(outer)).toBe(join(outer, "cdktf.json"));
  });
});

const nobody = 65_534;

// Only the administrator can give files away.
(process.getuid?.() === 0 ? describe : describe.skip)("a file of another user", () => {
  test("does not count, be it in the folder itself or above it", () => {
    const { outer, inner } = nested("app");
    mkdirSync(join(outer, ".git"));
    chownSync(join(outer, "cdktf.json"), nobody, nobody);

    expect(nearestProjectFile(inner)).toBeUndefined();
    expect(nearestProjectFile(outer)).toBeUndefined();
  });

  test("does not count for the folders above either", () => {
    const { outer, inner } = nested("app");
    mkdirSync(join(outer, ".git"));
    chownSync(outer, nobody, nobody);

    expect(nearestProjectFile(inner)).toBeUndefined();
  });

  test("counts if that user owns the folder in which this one works, as in a container", () => {
    const { outer, inner } = nested("app");
    mkdirSync(join(outer, ".git"));
    for (const path of [outer, inner, join(outer, "cdktf.json")]) {
      chownSync(path, nobody, nobody);
    }

    expect(nearestProjectFile(inner)).toBe(join(outer, "cdktf.json"));
  });
});
