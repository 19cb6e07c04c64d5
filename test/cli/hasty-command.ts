import { runCommand } from "../../lib/cli/program";
import { hastyClock } from "./hasty-clock";

/* The command `rds-dr` as a process of its own, whose pauses are short. */

void runCommand(process.argv.slice(2), {
  environment: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: hastyClock,
  signals: process,
}).then((code) => process.exit(code));
