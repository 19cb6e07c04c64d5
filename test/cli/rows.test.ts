import fs, { readdirSync } from "node:fs";
import { join } from "node:path";
import { Rows } from "../../lib/cli/rows";
import { temporaryFolders } from "../fixtures";

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  process.env["TMPDIR"] = folder;
});

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env["TMPDIR"];
});

interface Row {
  readonly id: number;
  readonly name?: string | undefined;
}

const count = 1_000;
const rowOf = (id: number): Row => ({ id, name: `Größe "${id}"\n` });
const idsOf = (rows: Rows<Row>): readonly Row[] => [...rows.flatMap((row) => [row])];

test("has every row at its place, in whatever order they came", () => {
  const rows = new Rows<Row>();
  const expected = Array.from({ length: count }, (_, id) => rowOf(id));

  for (const row of [...expected].reverse()) {
    rows.set(row.id, row);
  }

  expect(rows).toHaveLength(count);
  expect(idsOf(rows)).toEqual(expected);
  expect(idsOf(rows)).toEqual(expected);
  expect(rows.at(0)).toEqual(expected[0]);
});

test("leaves no file behind, and makes none for a few rows", () => {
  const rows = new Rows<Row>();

  expect(readdirSync(folder)).toEqual([]);
  for (let id = 0; id < count; id++) {
    rows.add(rowOf(id));
  }
  expect(readdirSync(folder)).toEqual([]);
});

test("holds its rows if no file can be written", () => {
  process.env["TMPDIR"] = join(folder, "gone");
  const rows = new Rows<Row>();

  for (let id = 0; id < count; id++) {
    rows.add(rowOf(id));
  }

  expect(idsOf(rows)).toEqual(Array.from({ length: count }, (_, id) => rowOf(id)));
});

test("takes its rows back if the room ends, and frees what they took", () => {
  const rows = new Rows<Row>();
  const { writeSync } = fs;
  const close = jest.spyOn(fs, "closeSync");
  let writes = 0;
  jest.spyOn(fs, "writeSync").mockImplementation((...given) => {
    if (writes++ > 400) {
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    }
    return writeSync(...given);
  });

  for (let id = 0; id < count; id++) {
    rows.add(rowOf(id));
  }

  expect(close).toHaveBeenCalledTimes(1);
  expect(writes).toBe(402);
  expect(idsOf(rows)).toEqual(Array.from({ length: count }, (_, id) => rowOf(id)));
});

test("leaves a folder alone that has little room: the run needs it for its results", () => {
  const rows = new Rows<Row>();
  const open = jest.spyOn(fs, "openSync");
  const { statfsSync: statfs } = fs;
  jest.spyOn(fs, "statfsSync").mockImplementation(() => Object.assign(statfs("/"), { bavail: 1_000, bsize: 4_096 }));

  for (let id = 0; id < count; id++) {
    rows.add(rowOf(id));
  }

  expect(open).not.toHaveBeenCalled();
  expect(idsOf(rows)).toHaveLength(count);
});

test("a row that was never put is a defect, not an empty row", () => {
  const rows = new Rows<Row>();
  rows.set(1, rowOf(1));

  expect(() => rows.at(0)).toThrow("there is no row 0");
});
