/**
 * The report of a drill. Standard input is what `terraform output -json` prints. The argument is the instant at which the
 * drill began: the time of the supposed disaster.
 */
import { readFileSync } from "node:fs";

type Outputs = Readonly<Record<string, { readonly value: unknown } | undefined>>;

/** What an output of the drill says if Terraform does not know better. */
const unknown = "unknown";
const now = Date.now();
const [, , begin = ""] = process.argv;
const began = Date.parse(begin);
if (Number.isNaN(began)) {
  fail(`when did the drill begin? Such as 2026-03-05T08:00:00Z, not "${begin}"`);
}
const text = readFileSync(0, "utf8");
if (!text.trimStart().startsWith("{")) {
  fail('standard input holds no outputs: did "terraform output -json" fail?');
}
const outputs = JSON.parse(text) as Outputs;
const restored = Object.keys(outputs).filter((name) => name.endsWith("_drill_backup_set_id"));
if (restored.length === 0) {
  fail("nothing was restored: the outputs hold no …_drill_backup_set_id");
}
for (const output of restored) {
  const name = output.replace("_drill_backup_set_id", "");
  const backupSetId = textOf(output);
  const lookedUp = textOf(`${name}_cross_backup_id`);
  console.log(`${name}: ${textOf(`${name}_drill_instance_id`)}`);
  console.log(`  restored from  the backup ${backupSetId}`);
  if (backupSetId === unknown) {
    console.log("  no verdict     Terraform does not know it: set restoredFrom, and deploy once more");
    process.exitCode = 1;
    continue;
  }
  if (backupSetId !== lookedUp) {
    console.log(`  no verdict     the last deploy looked up ${lookedUp}, so the facts here are not of this one`);
    process.exitCode = 1;
    continue;
  }
  const { data_time: dataTime } = outputs[`${name}_backup`]?.value as { readonly data_time: string };
  console.log(`  data of        ${dataTime}`);
  console.log(`  lost           the last ${hours(Date.parse(dataTime), began)} before the drill began`);
  console.log(`  recovered      ${hours(began, now)} after it began, at the latest`);
}

/** An output as text; never an empty one. */
function textOf(output: string): string {
  const value = outputs[output]?.value;
  return typeof value === "string" && value.trim() !== "" ? value : unknown;
}

function hours(from: number, to: number): string {
  return `${((to - from) / 3_600_000).toFixed(1)} h`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
