import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator } from "../../lib/simulator";
import { environmentOf, projectRoot, runNode, temporaryFolders, testWorld, type Finished } from "../fixtures";
import { twoLookupsApp } from "./two-lookups-app";

const temporaryFolder = temporaryFolders();

/** Synthesises two lookups in a process of its own. */
async function synthesise(latencyMs: number, options: readonly string[] = []): Promise<Finished> {
  const simulator = await startSimulator({ world: testWorld, latencyMs });
  const environment = { ...environmentOf(simulator.url), OUTDIR: temporaryFolder() };
  const finished = await runNode([...options, "-e", twoLookupsApp], { cwd: projectRoot, environment });
  await simulator.stop();
  return finished;
}

test("standard error reports a wait of more than a second while it lasts", async () => {
  expect(await synthesise(1_400)).toEqual({
    code: 0,
    stdout: "",
    stderr: "rds-dr: waiting for RDS, 0 of 2 lookups answered after 1 s\nsynthesised\n",
  });
});

test("a shorter one is not, and the process ends by itself", async () => {
  expect(await synthesise(0)).toEqual({ code: 0, stdout: "", stderr: "synthesised\n" });
});

test("a package in an archive, whose open files each thread numbers by itself as Yarn does, is waited for", async () => {
  const preload = join(temporaryFolder(), "archive.js");
  writeFileSync(
    preload,
    `
      const fs = require("node:fs");
      const { fstatSync, openSync, statSync } = fs;
      const archived = [];
      fs.openSync = (file, ...others) =>
        String(file).startsWith(${JSON.stringify(projectRoot)}) ? 2 ** 30 + archived.push(file) : openSync(file, ...others);
      fs.fstatSync = (number, ...others) => {
        const file = archived[number - 2 ** 30 - 1];
        return file === undefined ? fstatSync(number, ...others) : statSync(file, ...others);
      };
    `,
  );

  expect(await synthesise(300, ["--require", preload])).toEqual({ code: 0, stdout: "", stderr: "synthesised\n" });
});
