/** An integer that is written with all its digits, however many: a JavaScript number would round it. */
export class BareInteger {
  constructor(readonly digits: string) {}
}

/** JSON text of a value, without its undefined properties. */
export function jsonText(value: unknown): string {
  if (value instanceof BareInteger) {
    return value.digits;
  }
  if (Array.isArray(value)) {
    return `[${value.map(jsonText).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`);
    return `{${members.join(",")}}`;
  }
  return value === undefined ? "null" : JSON.stringify(value);
}
