import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatLockFile, readLock, readLockFile, readRestores } from "../../lib/lock/lock-file";
import { readLockFilePart } from "../../lib/lock/lock-file-part";
import type { LockedAnswers } from "../../lib/lock/locked-answers";
import type { LockedRestores } from "../../lib/lock/restores";
import { readSettings } from "../../lib/lock/settings";
import { errorOf, temporaryFolders } from "../fixtures";
import { answersOf } from "./written-lock-file";

const temporaryFolder = temporaryFolders();

const count = 8_000;
const keyOf = (index: number): string => `latest rm-${index} regionId=cn-hangzhou`;
const listKey = "list rm-3 regionId=cn-hangzhou";
const instancesKey = "instances cn-hangzhou tag:dr=true";
const restoreKey = (path: string): string =>
  `${path} dbInstanceId=rm-1 regionId=cn-hangzhou restoreRegion=cn-shanghai generation=1`;

const answers: LockedAnswers = {
  ...answersOf(count, "a.zip"),
  // Longer than any piece that is read.
  [listKey]: {
    backups: Array.from({ length: 400 }, (_, n) => ({
      crossBackupId: String(n + 1),
      restoreRegions: [],
      unreadable: [],
    })),
  },
  [instancesKey]: { instances: [{ dbInstanceId: "rm-1", regionId: "cn-hangzhou" }] },
  [keyOf(7)]: { backup: null, refused: [{ crossBackupId: "9", detail: '不可, "quoted"' }] },
};
const restores: LockedRestores = {
  [restoreKey("latest rm")]: { instance: { dbInstanceId: "rm-a", at: "2026-03-05T10:00:00Z" } },
  [restoreKey('恢复/"x"')]: { instance: { dbInstanceId: "rm-b", at: "2026-03-05T10:00:00Z" } },
};

function written(text: string): string {
  const path = join(temporaryFolder(), "rds-dr.lock.json");
  writeFileSync(path, text);
  return path;
}

const text = formatLockFile({ schema: "./x.json", answers, restores });
const whole = readLockFile(written(text));

function entryOf(file: string, key: string): string {
  const start = file.indexOf(`    "${key}": {`);
  return file.slice(start, file.indexOf("\n    }", start) + "\n    }".length);
}

function withLastOnOneLine(file: string): string {
  const last = entryOf(file, Object.keys(answers).sort().at(-1) ?? "");
  return file.replace(last, `    ${last.replaceAll(/\n */g, " ").trim()}`);
}

/** The characters of JSON that are understood while something runs. */
function charactersParsed(action: () => unknown): number {
  const parse = jest.spyOn(JSON, "parse");
  try {
    action();
    return parse.mock.calls.reduce((sum, [given]) => sum + given.length, 0);
  } finally {
    parse.mockRestore();
  }
}

describe("of a large lock file", () => {
  const sorted = Object.keys(whole.answers).sort();

  test.each([
    ["the first answer", [sorted[0]]],
    ["the last answer", [sorted.at(-1)]],
    ["an answer that is longer than a piece", [listKey]],
    ["an answer of no ASCII", [keyOf(7)]],
    ["a list of instances", [instancesKey]],
    ["an answer whose key begins another one", [keyOf(1)]],
    ["several answers, in any order", [keyOf(7_999), listKey, keyOf(0)]],
    ["no answer", []],
  ] as readonly (readonly [string, readonly string[]])[])("%s is read alone, with the restores", (_, keys) => {
    const part = readLockFile(written(text), keys);

    expect(part).toEqual({ ...whole, answers: Object.fromEntries(keys.map((key) => [key, whole.answers[key]])) });
    expect(Object.keys(part.answers).sort()).toEqual([...keys].sort());
  });

  test("every answer is found", () => {
    const path = written(text);

    for (const key of sorted.filter((_, index) => index % 97 === 0)) {
      const part = JSON.parse(readLockFilePart(path, [key]) ?? "{}") as { readonly answers: object };
      expect(Object.keys(part.answers)).toEqual([key]);
    }
  });

  test("no more than an answer and the restores is understood", () => {
    const lockFile = written(text);
    const settings = readSettings({}, { RDS_DR_LOCK_FILE: lockFile }, ".");

    expect(charactersParsed(() => readLock(settings, ".", [keyOf(4_321)]))).toBeLessThan(2_000);
    expect(charactersParsed(() => readRestores(settings))).toBeLessThan(1_000);
    expect(charactersParsed(() => readLock(settings, "."))).toBe(text.length);
  });

  test("it has no restores if there are none", () => {
    const path = written(formatLockFile({ schema: "./x.json", answers }));

    expect(readLockFile(path, [keyOf(1)])).toEqual({
      schema: "./x.json",
      answers: { [keyOf(1)]: whole.answers[keyOf(1)] },
    });
  });
});

describe("the whole file is read", () => {
  test("if many answers are wanted", () => {
    expect(
      readLockFilePart(
        written(text),
        Array.from({ length: 9 }, (_, n) => keyOf(n)),
      ),
    ).toBeUndefined();
  });

  test("if it lacks an answer: the error names the others", () => {
    expect(readLockFile(written(text), ["latest rm-none regionId=cn-hangzhou"])).toEqual(whole);
  });

  test.each<[string, (text: string) => string]>([
    ["was written by another tool", (it) => JSON.stringify(JSON.parse(it))],
    ["has other line ends", (it) => it.replaceAll("\n", "\r\n")],
    ["has a byte order mark", (it) => `\uFEFF${it}`],
    ["has other blanks", (it) => it.replaceAll("\n  ", "\n   ")],
  ])("if it %s, with the same result", (_, change) => {
    expect(readLockFile(written(change(text)), [keyOf(1)])).toEqual(whole);
  });

  test("if its answers are not sorted, with the same result", () => {
    const [one, other] = [entryOf(text, keyOf(1)), entryOf(text, keyOf(5_000))];
    const swapped = text.replace(one, "ONE").replace(other, one).replace("ONE", other);

    expect(readLockFile(written(swapped), [keyOf(1)]).answers[keyOf(1)]).toEqual(whole.answers[keyOf(1)]);
    expect(readLockFile(written(swapped), [keyOf(5_000)]).answers[keyOf(5_000)]).toEqual(whole.answers[keyOf(5_000)]);
  });

  const longKey = `instances cn-hangzhou tag:dr=${"%E5".repeat(1_500)}`;
  const longPath = restoreKey("latest/".repeat(800));
  const listed = { instances: [{ dbInstanceId: "rm-1", regionId: "cn-hangzhou" }] };

  test.each<[string, string]>([
    [
      "an answer has a long key",
      formatLockFile({ schema: "./x.json", answers: { [longKey]: listed, ...answers }, restores }),
    ],
    [
      "a restore has a long key",
      formatLockFile({
        schema: "./x.json",
        answers,
        restores: { ...restores, [longPath]: { instance: { dbInstanceId: "rm-a", at: "2026-03-05T10:00:00Z" } } },
      }),
    ],
    ["a list has no line of its own", text.replace(entryOf(text, listKey), `    "${listKey}": {"backups": []}`)],
    ["the last answer has no line of its own", withLastOnOneLine(text)],
  ])("if %s, as the restores follow it", (_, unusual) => {
    const path = written(unusual);
    const { answers: all, restores: made } = readLockFile(path);

    expect(Object.keys(made ?? {}).length).toBeGreaterThan(1);
    for (const key of Object.keys(all).filter((_key, index, keys) => index % 4_000 === 0 || index > keys.length - 3)) {
      const part = readLockFile(path, [key]);
      expect([part.answers[key], part.restores]).toEqual([all[key], made]);
    }
    expect(readRestores(readSettings({}, { RDS_DR_LOCK_FILE: path }, "."))).toEqual(made);
  });

  const mine = entryOf(text, keyOf(1));
  const theirs = mine.replace("14562", "14563");

  test.each<[string, string, RegExp]>([
    ["was cut off", text.slice(0, -20), /broken at/],
    ["was cut off within the answer", text.slice(0, text.indexOf(mine) + 60), /broken/],
    [
      "is in conflict within the answer",
      text.replace(mine, mine.replace('\n      "backup"', '\n<<<<<<< HEAD\n      "backup"')),
      /in conflict at line/,
    ],
    [
      "is in conflict around the answer",
      text.replace(mine, `<<<<<<< HEAD\n${mine},\n=======\n${theirs}\n>>>>>>> x`),
      /in conflict at line/,
    ],
    ["has a wrong fact in the answer", text.replace(mine, mine.replace('"14562"', "14562")), /crossBackupId/],
    ["is of a newer version", text.replace('"version": 1', '"version": 2'), /a newer release/],
    ["has a wrong restore", text.replace('"dbInstanceId": "rm-a"', '"dbInstanceId": "${x}"'), /dbInstanceId/],
  ])("if it %s, and the error is that of the whole file", (_, broken, message) => {
    const path = written(broken);

    expect(errorOf(() => readLockFile(path, [keyOf(1)])).message).toMatch(message);
    expect(errorOf(() => readLockFile(path, [keyOf(1)])).message).toBe(errorOf(() => readLockFile(path)).message);
  });

  test.each<[string, string]>([
    ["beside it", text.replace(mine, `${mine},\n${theirs}`)],
    ["far from it", text.replace(entryOf(text, keyOf(7_000)), theirs)],
    [
      "far from it, on one line",
      text.replace(entryOf(text, keyOf(7_000)), `    ${theirs.replaceAll(/\n */g, " ").trim()}`),
    ],
  ])("if the answer is there twice, as whoever reads JSON takes the last one: %s", (_, twice) => {
    expect(readLockFile(written(twice), [keyOf(1)]).answers[keyOf(1)]?.backup?.crossBackupId).toBe("14563");
  });
});

test("what is wrong elsewhere in a large file does not concern an answer that is read alone", () => {
  const path = written(text.replace('"rm-1"', '"${x}"').replace(entryOf(text, keyOf(5_000)), '    "x": {\n    }'));

  expect(readLockFile(path, [keyOf(1)]).answers[keyOf(1)]).toEqual(whole.answers[keyOf(1)]);
});
