import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProjectContext } from "../../lib/cli/options";
import { errorOf, temporaryFolders } from "../fixtures";

const temporaryFolder = temporaryFolders();

function project(text: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cdktf.json"), text);
  return folder;
}

test("is what the nearest cdktf.json says, with its path", () => {
  const outer = project('{"context": {"rds-dr": {"mode": "live"}}}');
  mkdirSync(join(outer, ".git"));
  const inner = join(outer, "apps", "orders");
  mkdirSync(join(inner, "src"), { recursive: true });

  expect(readProjectContext(join(inner, "src"))).toEqual({
    file: join(outer, "cdktf.json"),
    settings: { mode: "live" },
  });
  writeFileSync(join(inner, "cdktf.json"), '{"context": {"rds-dr": {"mode": "locked"}}}');
  expect(readProjectContext(join(inner, "src"))).toEqual({
    file: join(inner, "cdktf.json"),
    settings: { mode: "locked" },
  });
});

test.each(['{"language": "typescript"}', '{"context": {}}', '{"context": 5}', "[]", "null"])(
  "is none if cdktf.json is %s",
  (text) => {
    expect(readProjectContext(project(text))).toBeUndefined();
  },
);

test.each([
  ['{"context": ', "broken at its end"],
  ['{"context": "secret" x}', "broken at line 1 column 22"],
  ['{"context": x}', "broken"],
])("names a cdktf.json that is not JSON, and the place, but quotes nothing: %s", (text, place) => {
  const folder = project(text);
  const { message } = errorOf(() => readProjectContext(folder));

  expect(message).toContain(`${join(folder, "cdktf.json")} must be JSON, but is "${place}`);
  expect(message).not.toMatch(/secret|x}/);
});

test("reads a cdktf.json that begins with a byte order mark", () => {
  expect(readProjectContext(project('\uFEFF{"context": {"rds-dr": {"mode": "live"}}}'))?.settings).toEqual({
    mode: "live",
  });
});

test("names a cdktf.json that cannot be read", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "cdktf.json"));

  expect(errorOf(() => readProjectContext(folder)).message).toBe(
    `${join(folder, "cdktf.json")} must be a file that can be read, but is "EISDIR" (illegal operation on a directory)`,
  );
});
