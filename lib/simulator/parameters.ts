import { parseInstant } from "./relative-time";
import { refusal } from "./rpc-error";
import { commonParameters } from "./rpc-gatekeeper";

/** The window that a request asks for, both ends included. */
export interface TimeWindow {
  readonly startTime: string;
  readonly endTime: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** The parameters of one action; every reader throws the refusal that the cloud would give. */
export class Parameters {
  constructor(private readonly values: ReadonlyMap<string, string>) {}

  /** The parameters of the action itself, without those that every call carries. */
  get own(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.values].filter(([name]) => !commonParameters.has(name)));
  }

  /** The parameter's value; undefined if it is absent or empty. */
  optional(name: string): string | undefined {
    const value = this.values.get(name);
    return value === "" ? undefined : value;
  }

  /** The parameter's value; ParameterAbsence if it is absent or empty. */
  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) {
      throw refusal("ParameterAbsence", name);
    }
    return value;
  }

  /** The parameter's value, an integer of at least `min`; undefined if it is absent. */
  optionalInteger(name: string, min: number): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && (!/^\d+$/.test(value) || BigInt(value) < BigInt(min))) {
      throw refusal("InvalidParameters.Format", name);
    }
    return value;
  }

  /**
   * The window from StartTime to EndTime; undefined if one of them is absent. Either may leave out its seconds: the
   * Terraform provider documents and sends `yyyy-MM-ddTHH:mmZ`.
   */
  optionalWindow(): TimeWindow | undefined {
    const startMs = this.optionalTime("StartTime", "InvalidStartTime.Format", withSeconds);
    const endMs = this.optionalTime("EndTime", "InvalidEndTime.Format", withSeconds);
    if (startMs === undefined || endMs === undefined) {
      return undefined;
    }
    if (startMs > endMs) {
      throw refusal("InvalidTime.Format", "StartTime is after EndTime");
    }
    return { startTime: this.required("StartTime"), endTime: this.required("EndTime"), startMs, endMs };
  }

  /** A time in milliseconds since 1970; undefined if it is absent; a malformed one is refused with `code`. */
  optionalTime(name: string, code: string, read = (text: string): string => text): number | undefined {
    const text = this.optional(name);
    if (text === undefined) {
      return undefined;
    }
    const time = parseInstant(read(text));
    if (time === undefined) {
      throw refusal(code, name);
    }
    return time;
  }
}

function withSeconds(text: string): string {
  return text.replace(/(T\d{2}:\d{2})Z$/, "$1:00Z");
}
