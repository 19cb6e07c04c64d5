import { join } from "node:path";
import { factNames } from "../../lib/backup/restorable-backup";
import { projectRoot, runNode } from "../fixtures";
import { readSchema } from "./schemas";

interface Properties {
  readonly properties: Readonly<Record<string, unknown>>;
}

test("the published schemas say of each field of a record, and of the reasons, what the package checks", async () => {
  const script = join(projectRoot, "scripts/write-record-schemas.mjs");

  expect(await runNode([script, "--check"], { cwd: projectRoot, environment: {} })).toMatchObject({
    code: 0,
    stdout: "",
  });
});

test("a locked backup may contain every fact of a restorable backup, and no other one", () => {
  const { backup } = readSchema("lock-file")["$defs"] as Readonly<Record<string, Properties>>;

  expect(Object.keys(backup?.properties ?? {}).sort()).toEqual([...factNames, "unreadable"].sort());
});
