import {
  parseWorld,
  simulatorCredentials,
  startSimulatorThread,
  type SimulatorCredentials,
  type SimulatorThread,
  type SimulatorThreadOptions,
  type WorldRestores,
} from "../../simulator";
import { checkInstances, type FaultWord, type InstanceFacts, readFaults, type WordedFault } from "./instance-facts";
import { type StartedInstance, writeInstance } from "./write-instance";

/** How the simulator of a test behaves; the rest as `startSimulatorThread` has it. */
export interface WorldOptions extends Omit<SimulatorThreadOptions, "world" | "faults"> {
  /** What goes wrong with every request. @default - nothing */
  readonly faults?: readonly (FaultWord | WordedFault)[];
  /** How restored instances live. @default - they run at once */
  readonly restores?: WorldRestores;
}

/** A simulator that runs, with its instances by their names. */
export interface StartedWorld<Name extends string = string> {
  /** Where it listens: an endpoint for every region. */
  readonly url: string;
  /** The credential that it accepts. */
  readonly credentials: SimulatorCredentials;
  /** The variables that lead the package to it, for `process.env` or for a command. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its instances. */
  readonly instances: Readonly<Record<Name, StartedInstance>>;
  /** The simulator: its requests, its restored instances, another world. */
  readonly simulator: SimulatorThread;
  /** Puts one more fault in force. */
  injectFault(fault: FaultWord | WordedFault): Promise<void>;
  /** Stops it at once; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a simulator of the RDS API, in a thread of its own, with these instances. It does not keep the process alive.
 *
 * @param instances by names of your choice, each in a few words
 * @throws Error names every place in them that is wrong
 *
 * @example
 * import { startWorld } from "cdktf-alicloud-rds-dr/testing";
 *
 * export async function start(): Promise<void> {
 *   const world = await startWorld({ orders: { engine: "MySQL", backupHoursAgo: [2, 26], regionId: "cn-hangzhou" } });
 *   Object.assign(process.env, world.environment);
 *   console.log(world.instances.orders.crossBackupIds);
 *   await world.stop();
 * }
 */
export async function startWorld<Name extends string>(
  instances: Readonly<Record<Name, InstanceFacts>>,
  { faults = [], restores, ...options }: WorldOptions = {},
): Promise<StartedWorld<Name>> {
  checkInstances(instances);
  const written = Object.entries<InstanceFacts>(instances).map(([name, facts], index) => ({
    name,
    ...writeInstance(name, facts, index),
  }));
  const simulator = await startSimulatorThread({
    ...options,
    world: parseWorld({ instances: written.map(({ instance }) => instance), restores }),
    faults: [...readFaults(faults), ...written.flatMap((each) => each.faults)],
  });
  const credentials = { ...simulatorCredentials, ...credentialsIn(options) };
  return {
    url: simulator.url,
    credentials,
    environment: environmentOf(simulator.url, credentials),
    instances: Object.fromEntries(written.map(({ name, started }) => [name, started])) as Record<Name, StartedInstance>,
    simulator,
    injectFault: async (fault) => {
      await Promise.all(readFaults([fault]).map((each) => simulator.injectFault(each)));
    },
    stop: () => simulator.stop(),
  };
}

/** The credential that the options say, as far as they say one. */
function credentialsIn(options: Partial<SimulatorCredentials>): Partial<SimulatorCredentials> {
  const names = ["accessKeyId", "accessKeySecret", "securityToken"] as const;
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

/** Variables that would lead elsewhere, or to another credential: an empty one counts as unset. */
const emptied = [
  ...(["RDS_DR_MODE", "RDS_DR_RESTORE_ENDPOINT"] as const),
  ...(["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"] as const),
  ...(["ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"] as const),
];

function environmentOf(
  url: string,
  { accessKeyId, accessKeySecret, securityToken = "" }: SimulatorCredentials,
): Record<string, string> {
  return {
    ...Object.fromEntries(emptied.map((name) => [name, ""])),
    RDS_DR_ENDPOINT: url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
  };
}
