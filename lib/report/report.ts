import type { Instant } from "../backup/instant";
import type { LookupFailure } from "../lookup/answer";
import type { DiscoveredInstance } from "../lookup/discover";
import type { InstanceReport } from "./instance-report";
import type { ReportedInstances } from "./reported-instances";
import { InstanceState } from "./state";

/** A region of an account that was asked. */
export interface Place {
  readonly regionId: string;
  /** Profile whose credentials asked. @default - those of the environment */
  readonly profile?: string | undefined;
  /** RAM role that those credentials assume. @default - none */
  readonly roleArn?: string | undefined;
  /** Account of those credentials; undefined if that is not known. */
  readonly accountId: string | undefined;
  /** URL of the endpoint that answered; undefined for locked answers. */
  readonly endpoint: string | undefined;
  /** How many instances were found there; undefined if that is not known. */
  readonly count: number | undefined;
  /** Why that is not known. */
  readonly failure?: LookupFailure;
  /** Ids of the requests that found them. */
  readonly requestIds: readonly string[];
}

/** What can be restored in a region, and the evidence for it. */
export interface Report {
  readonly version: string;
  readonly generatedAt: Instant;
  /** The region of the restores. */
  readonly restoreRegion: string;
  /** The simulators or other hosts that answered in place of RDS. */
  readonly standIns: readonly string[];
  /** The lock file that was read, and the SHA-256 of its bytes. */
  readonly lockFile?: { readonly path: string; readonly sha256: string } | undefined;
  /** Whether instances without copies were looked for. */
  readonly includesUncopied: boolean;
  readonly places: readonly Place[];
  /** What to know about the choice of instances. */
  readonly warnings: readonly string[];
  readonly instances: ReportedInstances;
}

/** How many instances are in each state. */
export interface Summary {
  readonly total: number;
  readonly ready: number;
  readonly atRisk: number;
  readonly notRestorable: number;
  /** Null if instances without copies were not looked for: nobody knows how many there are. */
  readonly unprotected: number | null;
  readonly unknown: number;
}

export function summaryOf({ instances, includesUncopied }: Pick<Report, "instances" | "includesUncopied">): Summary {
  return {
    total: instances.length,
    ready: instances.in(InstanceState.READY).length,
    atRisk: instances.in(InstanceState.AT_RISK).length,
    notRestorable: instances.in(InstanceState.NOT_RESTORABLE).length,
    unprotected: includesUncopied ? instances.in(InstanceState.UNPROTECTED).length : null,
    unknown: instances.in(InstanceState.UNKNOWN).length,
  };
}

/** In these states, an instance would be lost with its region: no backup of it can be restored in the other one. */
export const lostStates: readonly InstanceState[] = [InstanceState.NOT_RESTORABLE, InstanceState.UNPROTECTED];

/** Whether the state of every instance is known. */
export function isWhole({ instances, places }: Report): boolean {
  return places.every(({ failure }) => failure === undefined) && instances.in(InstanceState.UNKNOWN).length === 0;
}

/** The place in which an instance is. */
export function placeOf({ places }: Report, instance: InstanceReport): Place | undefined {
  return places.find((place) => isIn(place, instance));
}

/** Whether an instance that was asked about so is in a region of an account. */
export function isIn(
  { regionId, profile, roleArn }: Pick<Place, "regionId" | "profile" | "roleArn">,
  asked: Pick<Place, "profile" | "roleArn"> & Pick<InstanceReport, "request">,
): boolean {
  return asked.request.regionId === regionId && asked.profile === profile && asked.roleArn === roleArn;
}

/** The name that people gave an instance; undefined if it has none but its id. */
export function givenNameOf(instance: Partial<DiscoveredInstance>, dbInstanceId: string): string | undefined {
  return instance.description === dbInstanceId ? undefined : instance.description;
}
