import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { recordAnswers } from "../../lib/lock/record-answers";
import { temporaryFolders } from "../fixtures";

const temporaryFolder = temporaryFolders();

test("a report that nobody reads is a clear error, and not waited for", async () => {
  const report = join(temporaryFolder(), "report.jsonl");
  spawnSync("mkfifo", [report]);

  await expect(recordAnswers([], {}, { acceptOlder: false, report })).rejects.toThrow(
    /^RDS_DR_REFRESH_REPORT, .*report\.jsonl, must be a file that can be written: .*TMPDIR.*, but is "ENXIO" \(no such device or address\)$/,
  );
});
