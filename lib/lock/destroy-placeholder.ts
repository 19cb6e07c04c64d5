import { digits, flag, instant } from "../backup/forms";
import type { Instant } from "../backup/instant";
import { type RestorableBackup, singleFacts } from "../backup/restorable-backup";
import type { LookupAnswer } from "../lookup/answer";
import type { LookupQuery } from "../lookup/query";
import { type Lock, lockedAnswer } from "./locked-answers";

/** A value that stands for a fact, by its form. The id of digits is one that no restore takes. */
function placeholderOf(form: object): unknown {
  switch (form) {
    case instant:
      return "1970-01-01T00:00:00Z";
    case digits:
      return "0";
    case flag:
      return true;
    default:
      return "pattern" in form ? "placeholder-of-RDS_DR_MODE-destroy" : 0;
  }
}

/**
 * What stands for a backup while nothing but a destroy is wanted: the locked one as far as there is one, with a
 * placeholder for each fact that nobody knows.
 */
export function destroyAnswer(query: LookupQuery, lock: Lock, now: Instant): LookupAnswer {
  if (query.kind === "list") {
    return { status: "listed", origin: "placeholder", records: [] };
  }
  const locked = lockedAnswer(query, lock, now);
  if (query.kind === "instances") {
    const instances = locked.status === "discovered" ? locked.instances : [];
    return { status: "discovered", origin: "placeholder", instances };
  }
  const { regionId, restoreRegion = regionId } = query.request;
  const facts = Object.entries(singleFacts).map(([name, { form }]) => [name, placeholderOf(form)]);
  return {
    status: "found",
    origin: "placeholder",
    backup: {
      ...(Object.fromEntries(facts) as RestorableBackup),
      restoreRegions: [restoreRegion],
      recoveryGaps: [],
      unreadable: [],
      ...(locked.status === "found" ? locked.backup : {}),
    },
    rejected: [],
    warnings: ["RDS_DR_MODE=destroy: nothing was looked up: use this synthesis only to destroy, not to deploy"],
  };
}
