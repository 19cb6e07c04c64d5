import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadWorld, parseWorld } from "../../lib/simulator";

const INSTANCE = { dbInstanceId: "rm-1", regionId: "cn-hangzhou", engine: "MySQL", engineVersion: "8.0" };
const withBackup = (backup: object): object => ({
  instances: [INSTANCE, { ...INSTANCE, backups: [backup] }],
});

describe("a world", () => {
  test.each<[string, unknown, string]>([
    ["nothing", null, "the top: "],
    ["no instances", {}, "instances: "],
    ["an unknown setting", { instances: [], speed: 1 }, "speed: "],
    ["an unknown order", { instances: [], order: "random" }, "order: "],
    ["an instance without an id", { instances: [{ ...INSTANCE, dbInstanceId: "" }] }, "instances[0].dbInstanceId: "],
    ["a misspelt field", { instances: [{ ...INSTANCE, backup: [] }] }, "instances[0].backup: "],
    [
      "a relative time in words",
      withBackup({ BackupStartTime: "now - 1 day" }),
      "instances[1].backups[0].BackupStartTime: ",
    ],
    [
      "an id that lost digits",
      withBackup({ CrossBackupId: 2 ** 53 }),
      "instances[1].backups[0].CrossBackupId: an id beyond 2^53",
    ],
    ["an unknown switch", withBackup({ "x-restoreable": true }), "instances[1].backups[0]: fields that begin with"],
    ["a switch of the wrong type", withBackup({ "x-restorable": "no" }), 'instances[1].backups[0]["x-restorable"]: '],
    ["a record that is listed by halves", withBackup({ "x-listed": "no" }), 'instances[1].backups[0]["x-listed"]: '],
    ["a series without end", withBackup({ "x-repeat": { count: 0, every: "1d" } }), 'backups[0]["x-repeat"].count: '],
    [
      "a series without step",
      withBackup({ "x-repeat": { count: 2, every: "daily" } }),
      'backups[0]["x-repeat"].every: ',
    ],
  ])("with %s is refused, and the place is named", (_, json, place) => {
    expect(() => parseWorld(json)).toThrow(place);
  });

  test("may hold the oddest records", () => {
    const odd = { BackupStartTime: "yesterday", RestoreRegions: [null], CrossBackupId: "x", Engine: 7 };

    expect(parseWorld(withBackup(odd)).instances[1]?.backups).toEqual([odd]);
  });
});

describe("a world file", () => {
  let folder: string;
  const write = (text: string): string => {
    const path = join(folder, "world.json");
    writeFileSync(path, text);
    return path;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "world-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("is read", () => {
    expect(loadWorld(write(JSON.stringify({ instances: [INSTANCE] })))).toEqual({ instances: [INSTANCE] });
  });

  test("that is wrong is refused with its name and every place", () => {
    const path = write('{"instances": [{}], "speed": 1}');

    expect(() => loadWorld(path)).toThrow(`the world file "${path}" is wrong at\n  instances[0].dbInstanceId: `);
    expect(() => loadWorld(path)).toThrow("\n  speed: ");
  });

  test("that is no JSON, or is not there, is refused with its name", () => {
    expect(() => loadWorld(write("{"))).toThrow(/can't read the world file ".*world\.json": SyntaxError/);
    expect(() => loadWorld("/no/such/world.json")).toThrow(
      /can't read the world file "\/no\/such\/world\.json": Error: ENOENT/,
    );
  });
});
