const msPerUnit: Readonly<Record<string, number>> = {
  d: 24 * 60 * 60 * 1000,
  h: 60 * 60 * 1000,
  m: 60 * 1000,
  s: 1000,
};
const duration = /^(?:\d+[dhms])+$/;
const relative = /^now(?:([+-])((?:\d+[dhms])+))?$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Milliseconds of a duration such as `1d2h30m`; undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  if (!duration.test(text)) {
    return undefined;
  }
  return [...text.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (msPerUnit[unit ?? ""] ?? 0),
    0,
  );
}

/** Whether a text means to be relative to now (`now`, `now-26h`), well formed or not. */
export function looksRelative(text: string): boolean {
  return /^now(?:\s*[+-]|$)/.test(text);
}

/** Milliseconds since 1970 of `now`, `now-1d2h30m` or `now+1d`; undefined when the text is none of these. */
export function parseRelativeTime(text: string, now: Date): number | undefined {
  const match = relative.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, sign, duration] = match;
  const offset = duration === undefined ? 0 : (parseDuration(duration) ?? 0);
  return now.getTime() + (sign === "-" ? -offset : offset);
}

/** Milliseconds since 1970 of the API's one format, `yyyy-MM-ddTHH:mm:ssZ`; undefined for anything else. */
export function parseInstant(text: string): number | undefined {
  if (!instant.test(text)) {
    return undefined;
  }
  const time = Date.parse(text);
  // Date.parse takes 31 February for 3 March; the cloud does not.
  return Number.isNaN(time) || formatInstant(time) !== text ? undefined : time;
}

/** The API's format of an instant, `yyyy-MM-ddTHH:mm:ssZ`; fractions of a second are cut off. */
export function formatInstant(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
