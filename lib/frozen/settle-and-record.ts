import { withWarning, type LookupAnswer } from "../lookup/answer";
import { noProjectFile } from "./project-file";
import { settle } from "./settle";
import type { SettleRun } from "./settle-run";

/**
 * Answers queries over the network, and locks the answers where the run is a refresh.
 *
 * @throws InvalidRequestError where the lock file cannot be read or written
 */
export async function settleAndRecord(run: SettleRun): Promise<readonly LookupAnswer[]> {
  const settled = await settle(run);
  const answers = settled.map(({ answer }) => answer);
  const { refresh } = run;
  if (refresh !== undefined) {
    if (refresh.lockFile === undefined && refresh.report === undefined) {
      return answers.map((answer) =>
        answer.status === "error" ? answer : withWarning(answer, nothingWritten),
      );
    }
    // Loaded here, since most runs write nothing.
    const { recordAnswers } = require("./record-answers") as typeof import("./record-answers");
    await recordAnswers(settled, run.lock.answers, refresh);
  }
  return answers;
}

const nothingWritten = `no lock file was written, as ${noProjectFile}: name one with RDS_DR_LOCK_FILE`;
