import { engineFamilyOf } from "../backup/engine-family";
import { addHours, type Instant } from "../backup/instant";
import type { RestoreIntent } from "../lock/restores";
import type { CreateDdrInstanceParameters } from "../rds-api/actions/create-ddr-instance";
import type { DbInstance } from "../rds-api/actions/describe-db-instances";
import { failureOf, undecided } from "./restore-failure";
import { checkNotLost, isRunning, type RestoreRun } from "./restore-run";

/** As far as clocks may differ, hours. */
const skewHours = 5 / 60;

/**
 * The instance that has the name of a restore; undefined if there is none. Names are not unique, and anybody may have
 * given it: an instance that cannot be the one is an error.
 *
 * @param parameters what the instance was, or would be, made with
 * @param intent what an earlier run wrote before it asked RDS; undefined if there was none
 * @throws RestoreFailure also if the list may be incomplete, or may not be read
 */
export async function findRestored(
  run: RestoreRun,
  parameters: CreateDdrInstanceParameters,
  intent: RestoreIntent | undefined,
): Promise<DbInstance | undefined> {
  const { api, declared } = run;
  const { DBInstanceDescription: name = "" } = parameters;
  const named = await api.instancesNamed(name).catch((error: unknown) => {
    const hint = `allow rds:DescribeDBInstances and rds:DescribeDBInstanceAttribute on all instances of the region, and run it again: without the whole list, "npx rds-dr restore" might create a second instance`;
    throw failureOf(`cannot see whether there is an instance "${name}" already`, error, hint);
  });
  const [found, ...others] = named;
  if (found === undefined) {
    return undefined;
  }
  if (others.length > 0) {
    throw undecided(
      "SeveralInstances",
      `${named.length} instances have the name "${name}": ${named.map(({ dbInstanceId }) => dbInstanceId).join(", ")}`,
      `find out which one ${declared.path} is, and rename the others in the console`,
    );
  }
  const difference =
    found.dbInstanceId === declared.sourceDbInstanceId ? "it is the source" : differenceOf(found, parameters, intent);
  if (difference !== undefined) {
    throw undecided(
      "OtherInstance",
      `${found.dbInstanceId} has the name "${name}", but is another instance: ${difference}`,
      `rename it in the console, or set another instanceName at ${declared.path}`,
      found.dbInstanceId,
    );
  }
  checkNotLost(run, found);
  return found;
}

/** Why an instance cannot come from a request; undefined if it can. Pure. */
function differenceOf(
  { engine, engineVersion, createTime, status }: DbInstance,
  { Engine: askedEngine = "", EngineVersion: askedVersion = "" }: CreateDdrInstanceParameters,
  intent: RestoreIntent | undefined,
): string | undefined {
  if (engine === undefined || engineFamilyOf(engine) !== engineFamilyOf(askedEngine)) {
    return `its engine is ${engine ?? "not known"}, not ${askedEngine}`;
  }
  if (engineVersion === undefined || plainVersion(engineVersion) !== plainVersion(askedVersion)) {
    return `its version is ${engineVersion ?? "not known"}, not ${askedVersion}`;
  }
  // RDS may say only later when it created an instance that does not run yet.
  const isOlder = (at: Instant): boolean =>
    createTime === undefined ? isRunning(status) : createTime < addHours(at, -skewHours);
  if (intent !== undefined && isOlder(intent.at)) {
    return `it was created at ${createTime ?? "a time that RDS does not say"}, and the restore was asked for at ${intent.at}`;
  }
  return undefined;
}

/** RDS says 15 in one answer, and 15.0 in another one. */
function plainVersion(version: string): string {
  return version.toLowerCase().replace(/\.0$/, "");
}
