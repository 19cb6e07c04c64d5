import { Command } from "commander";
import { changeEntry, printEntry } from "./change-entry";
import { addEntryOptions, type EntryOptions } from "./choose-entry";

/** `rds-dr unpin`: the pin of a locked backup goes, the backup stays until it is refreshed. */
export function unpinCommand(): Command {
  return addEntryOptions(new Command("unpin"))
    .description("take the pin away from a locked backup: the next refresh looks it up anew")
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
