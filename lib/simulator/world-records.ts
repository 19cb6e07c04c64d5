import { BareInteger } from "./json-text";
import { formatInstant, parseDuration, parseInstant, parseRelativeTime } from "./relative-time";
import type { RecordSwitches, WorldRecord } from "./world";

const idFields: ReadonlySet<string> = new Set(["CrossBackupId", "CrossLogBackupId", "InstanceId"]);
const seriesIdFields = ["CrossBackupId", "CrossLogBackupId"];
const startFields = ["BackupStartTime", "LogBeginTime"];

/** The records of a world at an instant: defaults filled in, series written out, times absolute. */
export function recordsAt(now: Date, records: readonly WorldRecord[] = [], defaults: WorldRecord = {}): WorldRecord[] {
  return records.flatMap((record) => {
    const whole = { ...defaults, ...record };
    const { "x-omit": omitted = [], "x-repeat": repeat } = whole as RecordSwitches;
    const present = Object.fromEntries(Object.entries(whole).filter(([name]) => !omitted.includes(name)));
    const every = parseDuration(repeat?.every ?? "") ?? 0;
    return Array.from({ length: repeat?.count ?? 1 }, (_, index) => {
      const earlier = withEarlierId(present, index * (repeat?.idStep ?? 1));
      return withPlaceholdersFilled(withTimes(earlier, now, index * every) as WorldRecord);
    });
  });
}

/** The fields of a record that are sent: no switches, ids as bare integers. */
export function sentFields(record: WorldRecord): WorldRecord {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => !name.startsWith("x-"))
      .map(([name, value]) => [name, idFields.has(name) ? asInteger(value) : value]),
  );
}

/** An id of a record as text; empty when it has none. */
export function idOf(record: WorldRecord, field: string): string {
  const value = record[field];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** A time of a record in milliseconds since 1970; undefined when it has none, or none that can be read. */
export function timeOf(record: WorldRecord, field: string): number | undefined {
  const value = record[field];
  return typeof value === "string" ? parseInstant(value) : undefined;
}

function asInteger(value: unknown): unknown {
  return typeof value === "string" && /^\d+$/.test(value) ? new BareInteger(value) : value;
}

function withEarlierId(record: WorldRecord, difference: number): WorldRecord {
  const ids = seriesIdFields.filter((name) => /^\d+$/.test(idOf(record, name)));
  const moved = ids.map((name) => [name, String(BigInt(idOf(record, name)) - BigInt(difference))]);
  return { ...record, ...(Object.fromEntries(moved) as WorldRecord) };
}

function withTimes(value: unknown, now: Date, earlierMs: number): unknown {
  if (typeof value === "string") {
    const time = parseRelativeTime(value, now) ?? parseInstant(value);
    return time === undefined ? value : formatInstant(time - earlierMs);
  }
  if (Array.isArray(value)) {
    return value.map((item) => withTimes(item, now, earlierMs));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTimes(member, now, earlierMs)]));
  }
  return value;
}

function withPlaceholdersFilled(record: WorldRecord): WorldRecord {
  const start = startFields.map((name) => record[name]).find((value) => typeof value === "string") ?? "";
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
      name === "date" ? start.replace(/\D/g, "") : idOf(record, name) || placeholder,
    );
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, typeof value === "string" ? fill(value) : value]),
  );
}
