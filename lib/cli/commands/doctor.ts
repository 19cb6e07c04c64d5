import { optional } from "../../backup/json-object";
import type { Lock } from "../../lock/locked-answers";
import { readSettings, type Settings } from "../../lock/settings";
import { type Connection, readClock } from "../../lookup/query";
import { checkEndpoint } from "../../rds-api/endpoint";
import { checkInstanceId, checkRegionId, checkRoleArn, ifGiven, InvalidRequestError } from "../../validation/checks";
import { checkCloud } from "../cloud-checks";
import { ExitCode } from "../exit-code";
import { exitCodeOfFinding, type Finding, findingJson, findingText, warning } from "../finding";
import type { Io } from "../io";
import { checkSettings, examineLockFile } from "../machine-checks";
import {
  appFolder,
  checkLockFile,
  type CommandSpec,
  connectionOptions,
  jsonOption,
  type LockFileOptions,
  lockFileOptions,
  readCommandSettings,
  regionVariables,
  restoreEndpointOption,
  variableOf,
} from "../options";
import type { Patient } from "../permission-checks";
import { checkVersions } from "../version-checks";

interface DoctorOptions extends Connection, LockFileOptions {
  readonly dbInstanceId?: readonly string[];
  readonly regionId?: string;
  readonly restoreRegion?: string;
  readonly json?: true;
}

/** Most instances that RDS is asked about: one that works tells most about the others. */
const maxPatients = 5;

/** Any region of the central endpoint of RDS, if nobody names one. */
const anyRegion = "cn-hangzhou";

/** `rds-dr doctor`: what on this machine, and between it and RDS, would keep a lookup from its answer. */
export const doctor: CommandSpec<DoctorOptions> = {
  name: "doctor",
  does: "check credentials, network, clock, permissions, lock file and versions",
  options: [
    [
      "--db-instance-id <id...>",
      `source instances to ask about, the first ${maxPatients} (default: those in the lock file)`,
    ],
    ["--region-id <region>", `their region (default: that in the lock file, else ${regionVariables.join(", ")})`],
    ["--restore-region <region>", "region to restore to (default: that in the lock file)"],
    ...connectionOptions,
    restoreEndpointOption,
    ...lockFileOptions,
    jsonOption,
  ],
  notes: `
This command changes nothing, and it shows no secret. It sends one request without a signature to each endpoint, and
GetCallerIdentity to STS. For each instance it sends DescribeCrossRegionBackups and DescribeInstanceCrossBackupPolicy,
and for each region of a restore DescribeDBInstances. All of it ends by RDS_DR_DEADLINE_SECONDS (default: 30).

The exit code is that of the worst failed check. Warnings do not count.
`,
  example: "rds-dr doctor --db-instance-id rm-uf6wjk5xxxx --region-id cn-hangzhou --restore-region cn-shanghai",
  async run(options, io) {
    checkOptions(options);
    const folder = appFolder(options, io);
    const { settings, fault } = settingsOrFault(options, folder, io);
    const timeMs = (settings?.deadlineSeconds ?? 30) * 1_000;
    const versions = checkVersions(folder, io, timeMs);
    const ofSettings = checkSettings(fault, folder, io);
    const others = settings === undefined ? [notLooked] : await checkAll(settings, options, io);
    const findings = [...(await versions), ...ofSettings, ...others];
    return {
      exitCode: Math.max(ExitCode.DONE, ...findings.map(exitCodeOfFinding)),
      json: { findings: findings.map(findingJson) },
      texts: [...findings.map(findingText), summaryOf(findings)],
    };
  },
};

const notLooked = warning(
  "endpoint",
  "neither the lock file nor the cloud was looked at, as the settings do not say how",
  "correct the settings, and run again",
);

function checkOptions(options: DoctorOptions): void {
  options.dbInstanceId?.forEach((id) => {
    checkInstanceId("dbInstanceId", id);
  });
  ifGiven(checkRegionId, "regionId", options.regionId);
  ifGiven(checkRegionId, "restoreRegion", options.restoreRegion);
  ifGiven(checkEndpoint, "endpoint", options.endpoint);
  ifGiven(checkEndpoint, "restoreEndpoint", options.restoreEndpoint);
  ifGiven(checkRoleArn, "roleArn", options.roleArn);
  ifGiven(checkLockFile, "lockFile", options.lockFile);
}

/** The settings of a synthesis here, or why there are none, and then those of the environment if these can be read. */
function settingsOrFault(
  options: DoctorOptions,
  folder: string,
  io: Io,
): { readonly settings?: Settings; readonly fault?: InvalidRequestError } {
  try {
    return { settings: readCommandSettings(options, io) };
  } catch (fault) {
    if (!(fault instanceof InvalidRequestError)) {
      throw fault;
    }
    return { fault, ...optional("settings", settingsOfEnvironment(folder, io)) };
  }
}

function settingsOfEnvironment(folder: string, { environment }: Io): Settings | undefined {
  try {
    return readSettings(undefined, environment, folder);
  } catch {
    return undefined;
  }
}

async function checkAll(settings: Settings, options: DoctorOptions, io: Io): Promise<readonly Finding[]> {
  const { findings, lock } = examineLockFile(settings, readClock(), io);
  const region = options.regionId ?? variableOf(io, regionVariables);
  const all = patientsOf(options, lock, region);
  const patients = all.slice(0, maxPatients);
  const regionId = region ?? anyRegion;
  return [
    ...findings,
    ...(await checkCloud({ patients, regionId, settings, given: options }, io)),
    ...boundFinding(all.length),
  ];
}

/** The instances of the command line, with what the lock file says of them, else all that the lock file names. */
function patientsOf(
  { dbInstanceId: ids, regionId, restoreRegion }: DoctorOptions,
  lock: Lock | undefined,
  region: string | undefined,
): readonly Patient[] {
  const locked = patientsIn(lock);
  const patients =
    ids?.flatMap((id) => {
      const known = locked.filter((each) => each.dbInstanceId === id && each.regionId === (regionId ?? each.regionId));
      if (known.length === 0 && region === undefined) {
        throw new InvalidRequestError("regionId", undefined, `given, as the lock file does not name ${id}`);
      }
      return known.length > 0 ? known : [{ dbInstanceId: id, regionId: region ?? "", restoreRegions: [] }];
    }) ?? locked;
  return restoreRegion === undefined
    ? patients
    : patients.map((each) => ({ ...each, restoreRegions: [restoreRegion] }));
}

/** The instances that the lock file names, each once. */
function patientsIn(lock: Lock | undefined): readonly Patient[] {
  const patients = new Map<string, Patient>();
  for (const { query = {} } of Object.values(lock?.answers ?? {})) {
    const { dbInstanceId, regionId, restoreRegion } = query;
    if (typeof dbInstanceId === "string" && typeof regionId === "string") {
      const key = `${dbInstanceId} ${regionId}`;
      const known = patients.get(key)?.restoreRegions ?? [];
      const more = typeof restoreRegion === "string" ? [restoreRegion] : [];
      patients.set(key, { dbInstanceId, regionId, restoreRegions: [...new Set([...known, ...more])] });
    }
  }
  return [...patients.values()];
}

/** Says about which instances nothing was asked. */
function boundFinding(count: number): readonly Finding[] {
  const hint = "name an instance by --db-instance-id and --region-id";
  if (count === 0) {
    return [warning("permission", "not asked for, as no instance is known", hint)];
  }
  return count > maxPatients
    ? [warning("permission", `asked for ${maxPatients} of ${count} instances`, `${hint} to ask about others`)]
    : [];
}

function summaryOf(findings: readonly Finding[]): string {
  const counts = (["ok", "warning", "failed"] as const).map(
    (status) => `${findings.filter((each) => each.status === status).length} ${status}`,
  );
  return counts.join(", ");
}
