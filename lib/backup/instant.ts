/**
 * A UTC instant to the second, `yyyy-MM-ddTHH:mm:ssZ`, the form that the RDS API speaks.
 *
 * Text keeps its value across threads and JSON, and two instants compare as text in the order of time.
 */
export type Instant = string;

const strictForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
/** Of a day that every month has: nearly all are, and these need no calendar. */
// Stryker disable next-line Regex: what this form misses, the strict form and the calendar decide alike
const surelyRealForm = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const liberalForm = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?:(:\d{2})(?:\.\d+)?)?Z$/;
const unixSecondsForm = /^\d{1,11}(?:\.\d+)?$/;

const msPerSecond = 1000;
const msPerHour = 60 * 60 * msPerSecond;

/** Whether a text is exactly `yyyy-MM-ddTHH:mm:ssZ` and names a real calendar date and time of day. */
export function isInstant(text: string): boolean {
  return surelyRealForm.test(text) || (strictForm.test(text) && toInstant(Date.parse(text)) === text);
}

/** The instant of a number of milliseconds since 1970, cut to the second; undefined outside the years 0 to 9999. */
export function toInstant(epochMs: number): Instant | undefined {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) {
    return undefined;
  }
  const text = `${date.toISOString().slice(0, -".000Z".length)}Z`;
  return strictForm.test(text) ? text : undefined;
}

/**
 * Reads a time of an API answer: `yyyy-MM-ddTHH:mm:ssZ`, the same without seconds or with a fraction, or
 * unix seconds as the sister backup API sends them. Never throws; what names no real instant, and the
 * 0 that means "unknown", is undefined.
 */
export function parseInstant(value: unknown): Instant | undefined {
  if (typeof value === "number") {
    return value > 0 ? toInstant(value * msPerSecond) : undefined;
  }
  if (typeof value !== "string") {
    return undefined;
  }
  const text = value.trim();
  if (unixSecondsForm.test(text)) {
    return parseInstant(Number(text));
  }
  const match = liberalForm.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, date = "", time = "", seconds = ":00"] = match;
  const instant = `${date}T${time}${seconds}Z`;
  return isInstant(instant) ? instant : undefined;
}

/** Milliseconds since 1970. */
export function epochMsOf(instant: Instant): number {
  return Date.parse(instant);
}

/** The instant so many hours later (or earlier, if negative), held within the years that the form can write. */
export function addHours(instant: Instant, hours: number): Instant {
  const moved = toInstant(epochMsOf(instant) + hours * msPerHour);
  return moved ?? (hours < 0 ? "0000-01-01T00:00:00Z" : "9999-12-31T23:59:59Z");
}

/** Hours from one instant to another, negative if the second is the earlier one. */
export function hoursBetween(from: Instant, to: Instant): number {
  return (epochMsOf(to) - epochMsOf(from)) / msPerHour;
}
