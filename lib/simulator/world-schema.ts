import * as v from "valibot";
import { looksRelative, parseDuration, parseRelativeTime } from "./relative-time";
import { EmptyItems, RecordOrder, WindowFilter } from "./world";

const switches: ReadonlySet<string> = new Set([
  "x-restorable",
  "x-check-error",
  "x-backup-id",
  "x-listed",
  "x-omit",
  "x-repeat",
]);

const isReadable = (value: unknown): boolean =>
  typeof value !== "string" || !looksRelative(value) || parseRelativeTime(value, new Date(0)) !== undefined;

const field = v.pipe(
  v.unknown(),
  v.check(isReadable, 'a relative time is written like "now", "now-26h" or "now+1d2h30m"'),
);

const id = v.pipe(
  v.unknown(),
  v.check(
    (value) => typeof value !== "number" || Number.isSafeInteger(value),
    "an id beyond 2^53 loses digits as a number: write it as a text of digits",
  ),
);

const duration = v.pipe(
  v.string(),
  v.check((text) => parseDuration(text) !== undefined, 'a duration is written like "1d", "30m" or "1d2h"'),
);

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const record = v.pipe(
  v.objectWithRest(
    {
      CrossBackupId: v.optional(id),
      CrossLogBackupId: v.optional(id),
      InstanceId: v.optional(id),
      "x-restorable": v.optional(v.boolean()),
      "x-check-error": v.optional(v.string()),
      "x-backup-id": v.optional(v.string()),
      "x-listed": v.optional(v.boolean()),
      "x-omit": v.optional(v.array(v.string())),
      "x-repeat": v.optional(
        v.strictObject({ count, every: duration, idStep: v.optional(v.pipe(v.number(), v.integer())) }),
      ),
    },
    field,
  ),
  v.check(
    (fields) => Object.keys(fields).every((name) => !name.startsWith("x-") || switches.has(name)),
    `fields that begin with "x-" are ${[...switches].join(", ")}`,
  ),
);

const text = v.pipe(v.string(), v.nonEmpty());

const instance = v.strictObject({
  dbInstanceId: text,
  regionId: text,
  engine: text,
  engineVersion: text,
  localDisks: v.optional(v.boolean()),
  resourceGroupId: v.optional(text),
  tags: v.optional(v.record(text, v.string())),
  attributes: v.optional(record),
  policy: v.optional(record),
  backupDefaults: v.optional(record),
  backups: v.optional(v.array(record)),
  logDefaults: v.optional(record),
  logs: v.optional(v.array(record)),
  cannedAnswers: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
});

const ms = v.pipe(v.number(), v.minValue(0));

const restores = v.strictObject({
  creationMs: v.optional(ms),
  statuses: v.optional(v.pipe(v.array(text), v.nonEmpty())),
  finalStatus: v.optional(text),
  listedAfterMs: v.optional(ms),
  goneAfterMs: v.optional(ms),
  tokenMemoryMs: v.optional(ms),
});

/** The shape of a world, as valibot checks it. */
export const worldSchema = v.strictObject({
  $schema: v.optional(v.string()),
  instances: v.array(instance),
  restores: v.optional(restores),
  visibleResourceGroups: v.optional(v.array(text)),
  accountId: v.optional(v.pipe(v.string(), v.digits())),
  regions: v.optional(v.array(text)),
  regionsWithoutCrossBackup: v.optional(v.array(text)),
  windowFilters: v.optional(v.enum(WindowFilter)),
  order: v.optional(v.enum(RecordOrder)),
  emptyItems: v.optional(v.enum(EmptyItems)),
});
