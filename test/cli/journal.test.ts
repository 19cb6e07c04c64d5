import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { devNull } from "node:os";
import { basename, dirname, join } from "node:path";
import { Journal } from "../../lib/cli/journal";
import { errorOf, readText, temporaryFolders } from "../fixtures";

const temporaryFolder = temporaryFolders();
const now = "2026-03-20T12:00:00Z";
const question = { dbInstanceId: "rm-orders" };
const recorded = { askedAt: "2026-03-20T11:30:00Z", answer: { state: "ready" } };
const lineStart = `{"key":"${"k".repeat(43)}","askedAt":"`;
let file: string;

beforeEach(() => {
  file = join(temporaryFolder(), "fleet.jsonl");
});

/** Writes an answer in a run of its own. */
function recordOne(asked: object = question, answer = recorded): void {
  const journal = Journal.open(file, now);
  journal.record(asked, answer);
  journal.close();
}

function found(asked: object = question, at = now): unknown {
  const journal = Journal.open(file, at);
  const answer = journal.find(asked);
  journal.close();
  return answer;
}

test("knows in the next run what was answered, and no other question", () => {
  recordOne({ dbInstanceId: "rm-first" }, { ...recorded, answer: { state: "at-risk" } });
  recordOne();

  expect(found()).toEqual(recorded);
  expect(found({ ...question, restoreRegion: "cn-shanghai" })).toBeUndefined();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("knows short and long answers, though it reads the file in parts", () => {
  const texts = ["a", "é".repeat(700_000), "b", "c".repeat(3_000_000), "d"];
  texts.forEach((state, id) => {
    recordOne({ id }, { ...recorded, answer: { state } });
  });
  // An old one makes the file shorter at the next opening, so that the others move.
  const old = { key: "k".repeat(43), askedAt: "2026-03-20T10:00:00Z", answer: "e".repeat(2_000_000) };
  writeFileSync(file, `${JSON.stringify(old)}\n${readText(file)}`);

  const states = texts.map((_, id) => (found({ id }) as typeof recorded).answer.state);

  expect(states).toEqual(texts);
  expect(statSync(file).size).toBeLessThan(5_000_000);
  expect(readdirSync(dirname(file))).toEqual([basename(file)]);
});

test("forgets what is more than an hour old", () => {
  recordOne();

  expect(found(question, "2026-03-20T12:30:00Z")).toEqual(recorded);
  expect(found(question, "2026-03-20T12:30:01Z")).toBeUndefined();
  expect(readText(file)).toBe("");
});

test("forgets an answer of the future: nobody knows how old it is, as the clock was changed", () => {
  recordOne(question, { ...recorded, askedAt: "2026-03-20T12:00:01Z" });

  expect(found()).toBeUndefined();
});

test.each(["{", '{"key":"abc', `${lineStart}2026-03-20T11:30:00Z","ans`])("survives a torn line %j", (torn) => {
  recordOne();
  appendFileSync(file, torn);

  expect(found()).toEqual(recorded);
  recordOne({ dbInstanceId: "rm-next" });
  expect(found({ dbInstanceId: "rm-next" })).toEqual(recorded);
  expect(found()).toEqual(recorded);
});

test.each(["", '{"k', '{"key":"abc'])("begins again after a first line that was torn: %j", (torn) => {
  writeFileSync(file, torn);

  expect(found()).toBeUndefined();
});

test.each([
  "# my notes\nall of them\n",
  "# my notes\nall of them\n{",
  "{}\n",
  '{"lookups":[]}',
  "secret",
  '{"key":"value","region":"cn-hangzhou"}',
  'my notes\n{"key":"config of another tool"}',
  `${lineStart}2026-03-20T11:30:00Z","answer":{}}\nmy notes\n`,
  "\0".repeat(3_000_000),
])("leaves another file alone: %j", (text) => {
  writeFileSync(file, text);

  expect(errorOf(() => Journal.open(file, now)).message).toContain(
    "a file that an earlier run with --resume wrote, or the name of a new one",
  );
  expect(readText(file)).toBe(text);
});

test("leaves another file alone, though it may not be written", () => {
  writeFileSync(file, "my notes", { mode: 0o400 });

  expect(errorOf(() => Journal.open(file, now)).message).toContain("a file that an earlier run with --resume wrote");
});

test("takes the newest of two answers, and leaves the file as it is", () => {
  recordOne(question, { ...recorded, answer: { state: "at-risk" } });
  recordOne();
  const { ino, size } = statSync(file);

  expect(found()).toEqual(recorded);
  expect(statSync(file)).toMatchObject({ ino, size });
});

test("follows a link, and leaves the files beside it alone", () => {
  const link = `${file}.link`;
  recordOne();
  writeFileSync(`${file}.new`, "mine");
  appendFileSync(file, "{");
  symlinkSync(file, link);

  Journal.open(link, now).close();

  expect(readlinkSync(link)).toBe(file);
  expect(readText(file).endsWith("}\n")).toBe(true);
  expect(readText(`${file}.new`)).toBe("mine");
});

test("says so if it cannot be written", () => {
  mkdirSync(file);
  expect(errorOf(() => Journal.open(file, now)).message).toContain("a file that can be written");

  file = join(file, "missing", "fleet.jsonl");
  expect(errorOf(() => Journal.open(file, now)).message).toContain("(ENOENT)");
});

test("is gone once it is removed", () => {
  recordOne();
  const journal = Journal.open(file, now);
  journal.close();
  journal.remove();

  expect(existsSync(file)).toBe(false);
});

test("says so if an answer cannot be written any more", () => {
  const journal = Journal.open(file, now);
  journal.close();

  const error = errorOf(() => {
    journal.record(question, recorded);
  });

  expect(error.message).toMatch(/cannot write an answer: EBADF/);
});

test("does not take a device for a journal, as it would remove it in the end", () => {
  expect(errorOf(() => Journal.open(devNull, now)).message).toContain("not a folder or a device");
});

test("does not fail if it cannot be removed", () => {
  recordOne();
  const journal = Journal.open(file, now);
  journal.close();
  rmSync(file);
  mkdirSync(file);

  journal.remove();

  expect(existsSync(file)).toBe(true);
});
