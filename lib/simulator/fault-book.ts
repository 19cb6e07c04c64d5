import type { Fault } from "./fault";

interface Entry {
  readonly fault: Fault;
  seen: number;
}

/** The faults in force, in the order they were injected. */
export class FaultBook {
  private entries: Entry[] = [];

  /** Puts one more fault in force. */
  add(fault: Fault): void {
    this.entries.push({ fault, seen: 0 });
  }

  /** Lifts every fault. */
  clear(): void {
    this.entries = [];
  }

  /** The fault that hits this request, if any: the first in force; counts the request for all that match. */
  strike(parameters: ReadonlyMap<string, string>): Fault | undefined {
    let struck: Fault | undefined;
    for (const entry of this.entries) {
      if (struck !== undefined || !isAbout(entry.fault, parameters)) {
        continue;
      }
      const { after = 0, times = Infinity } = entry.fault;
      entry.seen += 1;
      if (entry.seen > after && entry.seen <= after + times) {
        struck = entry.fault;
      }
    }
    return struck;
  }
}

function isAbout(fault: Fault, parameters: ReadonlyMap<string, string>): boolean {
  const instances = [parameters.get("DBInstanceId"), parameters.get("SourceDBInstanceName")];
  return (
    (fault.action === undefined || fault.action === parameters.get("Action")) &&
    (fault.regionId === undefined || fault.regionId === parameters.get("RegionId")) &&
    (fault.dbInstanceId === undefined || instances.includes(fault.dbInstanceId))
  );
}
