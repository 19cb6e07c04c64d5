import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { formatLockFile, isSameText, readLockFile, shownPath } from "../../lib/lock/lock-file";
import type { LockedAnswers } from "../../lib/lock/locked-answers";
import { errorOf, temporaryFolders } from "../fixtures";

const temporaryFolder = temporaryFolders();

const key = "latest rm-orders regionId=cn-hangzhou";
const backup = {
  crossBackupId: "14562",
  dataTime: "2024-03-05T02:22:54Z",
  dataTimeEstimated: false,
  restoreRegions: ["cn-shanghai"],
  unreadable: [],
};
const schemaFile = "cdktf-alicloud-rds-dr/schema/lock-file.schema.json";
const defaultSchema = `https://unpkg.com/${schemaFile}`;

/** Writes a lock file. */
function lockFileOf(content: unknown): string {
  const path = join(temporaryFolder(), "rds-dr.lock.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, undefined, 2));
  return path;
}

/** What is said of a lock file with this content, without its path. */
function complaint(content: unknown): string {
  const path = lockFileOf(content);
  return errorOf(() => readLockFile(path)).message.replaceAll(path, "LOCK");
}

describe("reading", () => {
  test("a lock file that is not there yet is empty", () => {
    expect(readLockFile(join(temporaryFolder(), "rds-dr.lock.json"))).toEqual({
      schema: defaultSchema,
      answers: {},
    });
  });

  test("is checked by the schema of the package that npm put beside it", () => {
    const folder = temporaryFolder();
    const schema = join(folder, "node_modules", schemaFile);
    mkdirSync(dirname(schema), { recursive: true });
    writeFileSync(schema, "{}");

    expect(readLockFile(join(folder, "rds-dr.lock.json")).schema).toBe(`./node_modules/${schemaFile}`);
  });

  test("gives the answers, with what an entry may leave out", () => {
    const { crossBackupId, dataTime, restoreRegions } = backup;
    const path = lockFileOf({
      version: 1,
      answers: { [key]: { backup: { crossBackupId, dataTime, restoreRegions } } },
    });

    expect(readLockFile(path)).toEqual({ schema: defaultSchema, answers: { [key]: { backup } } });
  });

  test("passes over a byte order mark and the line ends of Windows", () => {
    const text = formatLockFile({ schema: "x", answers: { [key]: { backup } } });
    const path = lockFileOf(`\uFEFF${text.replaceAll("\n", "\r\n")}`);

    expect(readLockFile(path)).toEqual({ schema: "x", answers: { [key]: { backup } } });
  });

  test("refuses a folder in place of the file", () => {
    const path = join(temporaryFolder(), "rds-dr.lock.json");
    mkdirSync(path);

    expect(errorOf(() => readLockFile(path)).message).toBe(
      `${path} must be a file that can be read, but is "EISDIR" (illegal operation on a directory)`,
    );
  });

  test.each(["a FIFO", "a socket", "a device"])("refuses %s in place of the file, and does not wait", (kind) => {
    const folder = temporaryFolder();
    const path = kind === "a device" ? "/dev/zero" : join(folder, "rds-dr.lock.json");
    const makers: Readonly<Record<string, readonly [string, ...string[]]>> = {
      "a FIFO": ["mkfifo", path],
      // Its name stays behind when nobody listens any more.
      "a socket": [
        process.execPath,
        "-e",
        "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))",
        path,
      ],
    };
    const [command, ...args] = makers[kind] ?? ["true"];
    spawnSync(command, args);

    expect(errorOf(() => readLockFile(path)).message).toBe(
      `${path} must be a regular file, which can be read more than once, but is "${kind}"`,
    );
  });

  test("does not read a file of the kernel, which has no size and no end", () => {
    const path = join(temporaryFolder(), "rds-dr.lock.json");
    symlinkSync("/proc/self/pagemap", path);

    expect(errorOf(() => readLockFile(path)).message).toContain(`${path} must be JSON`);
  });

  test("refuses a file that is too large to be one", () => {
    const path = lockFileOf("");
    truncateSync(path, 257 * 1024 * 1024);

    expect(errorOf(() => readLockFile(path)).message).toBe(
      `${path} must be at most 256 MB of text, but is "over 256 MB"`,
    );
  });

  const inherited = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"];

  test.each(inherited)("refuses %s as a key, wherever it stands", (name) => {
    const entry = (field: string): string => `{"version":1,"answers":{"${key}":{"backup":null,${field}}}}`;
    const where = '"answers" of LOCK';

    expect(complaint(`{"version":1,"answers":{},"${name}":{}}`)).toBe(
      `a key of LOCK must be $schema, version, answers or restores, but is "${name}"`,
    );
    expect(complaint(`{"version":1,"answers":{"${name}":{"backup":null}}}`)).toBe(
      `["${name}"] of ${where} must be a question, but is "${name}": it begins with "latest", "list" or "instances", such as "latest rm-uf6wjk5xxxx regionId=cn-hangzhou"`,
    );
    expect(complaint(entry(`"${name}":{"backup":null}`))).toContain(`["${key}"]["${name}"] of ${where} must be`);
    const query = `"query":{"dbInstanceId":"rm-orders","regionId":"cn-hangzhou","${name}":"1"}`;
    expect(complaint(entry(query))).toContain(name);
    expect({}).not.toHaveProperty("backup");
  });

  test.each<[string, unknown, string]>([
    [
      "a newer version",
      { version: 2, answers: {} },
      '"version" of LOCK must be 1, but is 2: a newer release of cdktf-alicloud-rds-dr wrote it, install that one',
    ],
    [
      "an older version",
      { version: 0, answers: {} },
      '"version" of LOCK must be 1, but is 0: take the file from version control',
    ],
    [
      "a version that is text",
      { version: "1", answers: {} },
      '"version" of LOCK must be 1, but is "1": take the file from version control',
    ],
    ["no version", { answers: {} }, '"version" of LOCK must be 1, but is missing: take the file from version control'],
    ["no answers", { version: 1 }, '"answers" of LOCK must be an object, by the keys of the queries'],
    [
      "nothing in it",
      "",
      'LOCK must be JSON, but is "broken at its end": take it from version control, or delete it and run "npx rds-dr refresh"',
    ],
    [
      "a half of it",
      '{\n  "version": 1,\n',
      'LOCK must be JSON, but is "broken at line 3 column 1": take it from version control, or delete it and run "npx rds-dr refresh"',
    ],
    ["an array", [1], "LOCK must be a lock file, but is [ 1 ]: take it from version control, or delete it"],
    ["null", "null", "LOCK must be a lock file, but is null: take it from version control, or delete it"],
    [
      "an unknown key",
      { version: 1, answers: {}, note: "mine" },
      'a key of LOCK must be $schema, version, answers or restores, but is "note"',
    ],
    ["a $schema that is no text", { $schema: 5, version: 1, answers: {} }, '"$schema" of LOCK must be text'],
    [
      "a key that is not that of its query",
      {
        version: 1,
        answers: { [key]: { backup, query: { dbInstanceId: "rm-billing", regionId: "cn-hangzhou" } } },
      },
      `["${key}"]["query"] of "answers" of LOCK must be the same question as its key, but is "latest rm-billing regionId=cn-hangzhou"`,
    ],
    [
      "a pin without a reason",
      { version: 1, answers: { [key]: { backup, pin: {} } } },
      `["${key}"]["pin"]["reason"] of "answers" of LOCK must be given`,
    ],
    [
      "a pin whose reason is blank",
      { version: 1, answers: { [key]: { backup, pin: { reason: " " } } } },
      `["${key}"]["pin"]["reason"] of "answers" of LOCK must be one line of text that says why, without control characters, but is " "`,
    ],
    [
      "an entry without an answer",
      { version: 1, answers: { [key]: { changedAt: "2024-03-05T03:00:00Z" } } },
      `["${key}"] of "answers" of LOCK must be one of backup, backups and instances`,
    ],
    [
      "an entry with both answers",
      { version: 1, answers: { [key]: { backup, backups: [] } } },
      `["${key}"] of "answers" of LOCK must be one of backup, backups and instances`,
    ],
    [
      "a time of its change that is none",
      { version: 1, answers: { [key]: { backup, changedAt: "yesterday" } } },
      `["${key}"]["changedAt"] of "answers" of LOCK must be yyyy-MM-ddTHH:mm:ssZ, but is "yesterday"`,
    ],
    [
      "an endpoint that is none",
      { version: 1, answers: { [key]: { backup, endpoint: "http://127.0.0.1/path" } } },
      `["${key}"]["endpoint"] of "answers" of LOCK must be a host, host:port or URL without a path`,
    ],
    [
      "a retention of no day",
      { version: 1, answers: { [key]: { backup, retentionDays: 0 } } },
      `["${key}"]["retentionDays"] of "answers" of LOCK must be a whole number of days from 1 to 36500, but is 0`,
    ],
  ])("refuses a lock file with %s, and says what is allowed", (_, content, message) => {
    expect(complaint(content)).toContain(message);
  });

  test("names the line and the column where JSON is broken, and quotes nothing of it", () => {
    const text = '{\n  "version": 1,\n  "answers": {\n    "top secret" 5\n  }\n}\n';

    const message = complaint(text);

    expect(message).toBe(
      'LOCK must be JSON, but is "broken at line 4 column 18": take it from version control, or delete it and run "npx rds-dr refresh"',
    );
  });

  test.each([
    ["git", "<<<<<<< HEAD", "=======", ">>>>>>> feature"],
    ["git with the ancestor", "<<<<<<< HEAD", "||||||| 1234567\n=======", ">>>>>>> feature"],
    ["Windows", "<<<<<<< HEAD\r", "=======\r", ">>>>>>> feature\r"],
  ])("a merge conflict (%s) is shown with its line, and what to do", (_, ours, between, theirs) => {
    const text = formatLockFile({ schema: "x", answers: { [key]: { backup } } });
    const id = /^.*"crossBackupId".*\n/m.exec(text)?.[0] ?? "";
    const other = id.replace("14562", "14563");

    const message = complaint(text.replace(id, `${ours}\n${id}${between}\n${other}${theirs}\n`));

    const line = text.slice(0, text.indexOf(id)).split("\n").length;
    expect(message).toBe(
      `LOCK must be free of merge conflicts, but is "in conflict at line ${line}": take either side whole, with the "restores" of both, then run "npx rds-dr refresh"`,
    );
  });

  test.each([
    {
      [key]: { backup: { ...backup, crossBackupDownloadLink: "https://oss.example/f?Signature=top-secret" } },
    },
    {
      "list rm-orders regionId=cn-hangzhou": {
        backups: [{ restoreRegions: [], crossBackupDownloadLink: "https://oss.example/f?Signature=top-secret" }],
      },
    },
  ])("a download link is refused by name, and not repeated", (answers) => {
    const message = complaint({ version: 1, answers });

    expect(message).toContain('["crossBackupDownloadLink"] of "answers" of LOCK must be omitted');
    expect(message).not.toContain("top-secret");
  });
});

describe("formatting", () => {
  const answers: LockedAnswers = {
    [key]: {
      query: { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" },
      backup,
      changedAt: "2024-03-05T03:00:00Z",
      pin: { reason: "the drill" },
    },
    "latest rm-billing regionId=cn-hangzhou": { backup: null },
    "list rm-orders regionId=cn-hangzhou": {
      backups: [{ unreadable: [{ value: "(object)", field: "Category" }], restoreRegions: [] }],
    },
  };

  test("is sorted at every depth, ends in a line end, and leaves out what says nothing", () => {
    expect(formatLockFile({ schema: "x", answers })).toBe(`{
  "$schema": "x",
  "version": 1,
  "answers": {
    "latest rm-billing regionId=cn-hangzhou": {
      "backup": null
    },
    "latest rm-orders regionId=cn-hangzhou": {
      "backup": {
        "crossBackupId": "14562",
        "dataTime": "2024-03-05T02:22:54Z",
        "dataTimeEstimated": false,
        "restoreRegions": [
          "cn-shanghai"
        ]
      },
      "changedAt": "2024-03-05T03:00:00Z",
      "pin": {
        "reason": "the drill"
      },
      "query": {
        "dbInstanceId": "rm-orders",
        "regionId": "cn-hangzhou"
      }
    },
    "list rm-orders regionId=cn-hangzhou": {
      "backups": [
        {
          "restoreRegions": [],
          "unreadable": [
            {
              "field": "Category",
              "value": "(object)"
            }
          ]
        }
      ]
    }
  }
}
`);
  });

  test("gives the same bytes whatever the order of the keys, and for what was read back", () => {
    const text = formatLockFile({ schema: "x", answers });
    const shuffled = shuffle(answers) as LockedAnswers;

    expect(JSON.stringify(shuffled)).not.toBe(JSON.stringify(answers));
    expect(formatLockFile({ schema: "x", answers: shuffled })).toBe(text);
    expect(formatLockFile(readLockFile(lockFileOf(text)))).toBe(text);
  });

  test("keeps the order of lists, which says something", () => {
    const listed = (ids: readonly string[]): string =>
      formatLockFile({
        schema: "x",
        answers: {
          "list rm-orders regionId=cn-hangzhou": {
            backups: ids.map((crossBackupId) => ({ crossBackupId, restoreRegions: [], unreadable: [] })),
          },
        },
      });

    expect(listed(["2", "1"])).not.toBe(listed(["1", "2"]));
  });

  test("names where the schema is, or what somebody put there", () => {
    const read = (content: object): string => formatLockFile(readLockFile(lockFileOf(content)));

    expect(read({ version: 1, answers: {} })).toBe(
      `{\n  "$schema": "${defaultSchema}",\n  "version": 1,\n  "answers": {}\n}\n`,
    );
    expect(read({ $schema: "../schema.json", version: 1, answers: {} })).toContain('"$schema": "../schema.json"');
  });
});

test("two values are the same text if only order, or what says nothing, distinguishes them", () => {
  expect(isSameText({ a: 1, b: undefined, unreadable: [] }, { a: 1 })).toBe(true);
  expect(isSameText({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
  expect(isSameText({ a: [] }, {})).toBe(false);
  expect(isSameText({ a: null }, {})).toBe(false);
  expect(isSameText(undefined, {})).toBe(false);
  expect(isSameText([1, 2], [2, 1])).toBe(false);
});

test("a path is shown as people would type it: below the working folder relative, elsewhere whole", () => {
  const elsewhere = join(temporaryFolder(), "rds-dr.lock.json");

  expect(shownPath(join(process.cwd(), "app", "rds-dr.lock.json"))).toBe(join("app", "rds-dr.lock.json"));
  expect(relative(process.cwd(), elsewhere)).toMatch(/^\.\./);
  expect(shownPath(elsewhere)).toBe(elsewhere);
});

/** The same value with the keys of every object the other way round. */
function shuffle(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shuffle);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, each]) => [name, shuffle(each)]),
      )
    : value;
}
