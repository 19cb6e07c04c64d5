import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { formatLockFile, readLockFile } from "../../lib/lock/lock-file";
import type { LockedAnswers } from "../../lib/lock/locked-answers";
import { updateLockFile } from "../../lib/lock/update-lock-file";
import { isolateEnvironment, readText, temporaryFolders } from "../fixtures";
import { answersOf, lockFileName, writeLockFile } from "./written-lock-file";

isolateEnvironment();

const temporaryFolder = temporaryFolders();

/** A folder with a lock file in it. */
function folderWith(answers: LockedAnswers): { readonly folder: string; readonly path: string } {
  const folder = temporaryFolder();
  return { folder, path: writeLockFile(folder, answers) };
}

test("an update that changes nothing keeps the bytes of the file, and its time", async () => {
  const { path } = folderWith(answersOf(2, "same"));
  // Its keys stand in an order that this package would not write.
  const { $schema, ...others } = JSON.parse(readText(path)) as Record<string, unknown>;
  const odd = JSON.stringify({ ...others, $schema });
  writeFileSync(path, odd);
  utimesSync(path, 1_000_000_000, 1_000_000_000);

  const update = await updateLockFile(path, (answers) => ({ ...answers }));

  expect(update).toEqual({ before: answersOf(2, "same"), after: answersOf(2, "same"), isWritten: false });
  expect(readText(path)).toBe(odd);
  expect(statSync(path).mtimeMs).toBe(1_000_000_000_000);
});

test("an update gets what stands in the file, writes it whole, and leaves nothing beside it", async () => {
  const { folder, path } = folderWith(answersOf(1, "old"));

  const update = await updateLockFile(path, () => answersOf(2, "new"));

  expect(update).toEqual({ before: answersOf(1, "old"), after: answersOf(2, "new"), isWritten: true });
  expect(readText(path)).toBe(formatLockFile({ schema: "x", answers: answersOf(2, "new") }));
  expect(readdirSync(folder)).toEqual([lockFileName]);
});

test("a change that throws leaves the file as it is, and nobody waits for it", async () => {
  const { folder, path } = folderWith(answersOf(1, "old"));
  const before = readText(path);

  await expect(
    updateLockFile(path, () => {
      throw new Error("no");
    }),
  ).rejects.toThrow("no");

  expect(readText(path)).toBe(before);
  expect(readdirSync(folder)).toEqual([lockFileName]);
});

test("the turn of another process is over at once if that one has long been dead", async () => {
  const { folder, path } = folderWith(answersOf(1, "old"));
  mkdirSync(`${path}.lock`);
  utimesSync(`${path}.lock`, 1_000_000_000, 1_000_000_000);

  const started = Date.now();
  await updateLockFile(path, () => answersOf(1, "mine"));

  expect(Date.now() - started).toBeLessThan(1_000);
  expect(readLockFile(path).answers).toEqual(answersOf(1, "mine"));
  expect(readdirSync(folder)).toEqual([lockFileName]);
});
