import { Command } from "commander";
import { changeEntry, printEntry } from "./change-entry";
import { addEntryOptions, type EntryOptions } from "./choose-entry";

/** `rds-dr unpin`: a locked backup is looked up and refreshed again. */
export function unpinCommand(): Command {
  return addEntryOptions(new Command("unpin"))
    .description("look up and refresh a locked backup that is pinned again")
    .addHelpText("after", "\nExample:\n  rds-dr unpin --db-instance-id rm-uf6wjk5xxxx")
    .action(unpin);
}

async function unpin(options: EntryOptions): Promise<void> {
  const changed = await changeEntry(options, () => Promise.resolve(({ pin, ...entry }) => entry));
  printEntry(changed, {
    did: changed.pinBefore === undefined ? "not pinned:" : "unpinned",
    json: options.json,
  });
}
