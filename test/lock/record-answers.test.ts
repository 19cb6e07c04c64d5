import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { recordAnswers } from "../../lib/lock/update-lock-file";
import { temporaryFolders } from "../fixtures";

const temporaryFolder = temporaryFolders();

test("a report that nobody reads is a clear error, and not waited for", async () => {
  const refreshReport = join(temporaryFolder(), "report.jsonl");
  spawnSync("mkfifo", [refreshReport]);

  await expect(
    recordAnswers([], { lock: { answers: {}, place: "", remedy: "" }, lockFile: undefined, refreshReport }),
  ).rejects.toThrow(
    /^RDS_DR_REFRESH_REPORT, .*report\.jsonl, must be a file that can be written, but is "ENXIO" \(no such device or address\): .*TMPDIR.*$/,
  );
});
