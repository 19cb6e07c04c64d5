import type { Fault } from "./fault";
import type { World } from "./world";

/** The one credential that a simulator accepts. */
export interface SimulatorCredentials {
  /** The access key id. */
  readonly accessKeyId: string;
  /** The access key secret. */
  readonly accessKeySecret: string;
  /** The token of a temporary credential. @default - the credential is not temporary */
  readonly securityToken?: string;
}

/** The credential that a simulator accepts by default. */
export const simulatorCredentials: SimulatorCredentials = {
  accessKeyId: "simulator",
  accessKeySecret: "simulator-secret",
};

/** How a simulator behaves. */
export interface SimulatorOptions {
  /** The instances, backups and logs it serves. @default - `worlds.demo` */
  readonly world?: World;
  /** The address it listens on. @default "127.0.0.1" */
  readonly host?: string;
  /** The port it listens on; 0 takes any that is free. @default 0 */
  readonly port?: number;
  /** The access key id it accepts. @default "simulator" */
  readonly accessKeyId?: string;
  /** The secret of that key. @default "simulator-secret" */
  readonly accessKeySecret?: string;
  /** The security token it demands. @default - none; the simulator rejects requests with a token */
  readonly securityToken?: string;
  /** How long it takes to answer, in milliseconds. @default 0 */
  readonly latencyMs?: number;
  /** How many requests it lets through in any one second; beyond, Throttling.User. @default - no limit */
  readonly requestsPerSecond?: number;
  /** Faults in force from the start. @default - none */
  readonly faults?: readonly Fault[];
  /**
   * The "now" of the world's relative times. The timestamps of requests are compared with the machine's clock, because
   * a real client knows no other.
   * @default - the moment the simulator started, so that two syntheses in a row get the same answer
   */
  readonly now?: () => Date;
}
