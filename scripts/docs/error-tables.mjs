import { errorTable } from "../../lib/rds-api/errors/error-table.ts";
import { escaped, table } from "./markdown.mjs";

/** What the kinds mean, in the order in which somebody in a hurry needs them. */
const causes = {
  transient: "The network or the service failed. The same request may succeed later.",
  throttled: "The account sends too many calls in too short a time.",
  access: "The credentials are missing, wrong, or not allowed to do this.",
  "not-found": "The request names something that does not exist, or not for this account and region.",
  misuse: "The request contains something that the API does not accept.",
  unsupported: "The instance, its version, its region or the stock does not allow this.",
  account: "The account needs attention first: payment, identity or risk control.",
};

/** A table of remedies for each kind of error. */
export function errorTables() {
  const wordless = errorTable.filter(({ kind }) => causes[kind] === undefined);
  if (wordless.length > 0) {
    throw new Error(`no words for the kind of ${wordless.map(({ code }) => code).join(", ")}`);
  }
  return Object.entries(causes)
    .map(([kind, cause]) => {
      const rows = rowsOf(errorTable.filter((row) => row.kind === kind));
      return `### ${kind}\n\n${cause}\n\n${table(["code", "what to do", "tried again"], rows)}`;
    })
    .join("\n\n");
}

/** Codes with the same remedy share a row. */
function rowsOf(entries) {
  const rows = new Map();
  for (const { code, hint, retryable, blamesBackup } of entries) {
    const remedy = `${escaped(hint)}${blamesBackup ? ". A preflight tries the next older backup" : ""}`;
    const again = retryable ? "yes" : "no";
    const key = JSON.stringify([remedy, again]);
    const { codes = [] } = rows.get(key) ?? {};
    rows.set(key, { codes: [...codes, `\`${code}\``], remedy, again });
  }
  return [...rows.values()].map(({ codes, remedy, again }) => [codes.join(", "), remedy, again]);
}
