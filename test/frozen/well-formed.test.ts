import * as fc from "fast-check";
import { checkForm } from "../../lib/frozen/locked-answers-schema";
import { wellFormed } from "../../lib/frozen/well-formed";
import { shortBackup, wholeBackup } from "./locked-backups";

const key = "latest rm-orders regionId=cn-hangzhou";

/** As a refresh writes it, but for the window and what the API sent in another form. */
const { recoveryGaps, unreadable, ...plainBackup } = wholeBackup;

const plainEntry = {
  backup: plainBackup,
  changedAt: "2024-03-05T03:00:00Z",
  endpoint: "http://127.0.0.1:8080",
  query: { dbInstanceId: "rm-orders", regionId: "cn-hangzhou", recoveryWindow: true, dbInstanceStorage: 100 },
  retentionDays: 30,
};

/** What the schema makes of an answer; undefined where it refuses it. */
function bySchema(entry: unknown): unknown {
  try {
    return checkForm({ [key]: entry }, "ANSWERS")[key];
  } catch {
    return undefined;
  }
}

describe("an answer whose form is told at a glance", () => {
  test.each<[string, object]>([
    ["as a refresh writes it", plainEntry],
    ["as a short one that somebody wrote", { backup: shortBackup }],
  ])("%s is what the schema makes of it", (_, entry) => {
    const glanced = wellFormed(key, entry);

    expect(glanced).toBeDefined();
    expect(glanced).toEqual(bySchema(entry));
  });

  test.each<[string, object]>([
    ["with gaps", { backup: { ...plainBackup, recoveryGaps } }],
    ["with what could not be read", { backup: { ...plainBackup, unreadable } }],
    ["that is pinned", { ...plainEntry, pin: { reason: "the drill" } }],
    ["of none", { backup: null }],
  ])("%s is left to the schema, which takes it", (_, entry) => {
    expect(wellFormed(key, entry)).toBeUndefined();
    expect(bySchema(entry)).toBeDefined();
  });

  test("that is changed anywhere, to anything, is never another one than the schema's", () => {
    const scalar = fc.oneof(
      fc.constantFrom("", "0", "007", "2024-02-30T00:00:00Z", "2024-02-29T00:00:00Z", "2024-02-29T24:00:00Z"),
      fc.constantFrom(0, -1, 0.5, 36_500, 36_501, Infinity, NaN, true, false, null, undefined),
      fc.string(),
    );
    const value = fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.string(), scalar));
    const names = [
      ...Object.keys(wholeBackup),
      ...Object.keys(plainEntry),
      ...Object.keys(plainEntry.query),
      ...["refused", "backups", "pin", "constructor", "prototype", "__proto__", "toString"],
    ];
    const changes = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), value), { maxLength: 3 });
    let glances = 0;

    fc.assert(
      fc.property(fc.constantFrom("entry", "query", "backup"), changes, (where, pairs) => {
        const changed = Object.fromEntries(pairs);
        const entry =
          where === "entry"
            ? { ...plainEntry, ...changed }
            : { ...plainEntry, [where]: { ...plainEntry[where], ...changed } };

        const glanced = wellFormed(key, entry);

        if (glanced !== undefined) {
          glances += 1;
          expect(glanced).toEqual(bySchema(entry));
        }
      }),
      { numRuns: 3_000 },
    );
    expect(glances).toBeGreaterThan(100);
  });
});
