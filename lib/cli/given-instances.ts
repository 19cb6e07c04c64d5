import { isObject, optional } from "../backup/json-object";
import { checkProfile } from "../lookup/query";
import { checkHours, checkInstanceId, checkRegionId, ifGiven, InvalidRequestError } from "../validation/checks";
import { parseJsonFile } from "../validation/json-file";
import { type Io, readGiven } from "./io";

/** How instances are named on a command line. */
export interface InstanceOptions {
  readonly dbInstanceId?: readonly string[];
  readonly from?: readonly string[];
  readonly regionId?: string;
}

/** An instance that a command is asked about. */
export interface GivenInstance {
  readonly dbInstanceId: string;
  readonly regionId: string;
  /** Profile whose credentials see it. @default - the one of the command line */
  readonly profile?: string;
  /** How old its data may be, hours. @default - what the command line says */
  readonly maxAgeHours?: number;
}

/**
 * The instances in the given order, those of the command line first, each once.
 *
 * @returns at least one; ids of the command line are not checked yet
 * @throws InvalidRequestError if there is none, or one without a region, or names the file and the line that is wrong
 */
export async function readInstances(
  { dbInstanceId = [], from = [], regionId }: InstanceOptions,
  io: Io,
): Promise<readonly GivenInstance[]> {
  let found: readonly Partial<GivenInstance>[] = dbInstanceId.map((id) => ({ dbInstanceId: id }));
  for (const file of from) {
    found = [...found, ...(await instancesIn(file, io))];
  }
  if (found.length === 0) {
    throw new InvalidRequestError("dbInstanceId", undefined, "given, or --from with a file of ids");
  }
  const instances = found.map((instance) => ({ regionId, ...instance }) as GivenInstance);
  if (instances.some((instance) => (instance.regionId as string | undefined) === undefined)) {
    const allowed = "given, or a variable of the region set: only what rds-dr discover --json prints names regions";
    throw new InvalidRequestError("regionId", undefined, allowed);
  }
  return [
    ...new Map(instances.map((instance) => [JSON.stringify(Object.entries(instance).sort()), instance])).values(),
  ];
}

/** The instances in a file: ids, or what `rds-dr discover --json` printed. */
async function instancesIn(file: string, io: Io): Promise<readonly Partial<GivenInstance>[]> {
  const { name, text } = await readGiven(file, io);
  return text.trimStart().startsWith("{") ? discovered(name, text) : listed(name, text);
}

/** Ids, one a line. Blank lines, and what follows `#`, are ignored. */
function listed(name: string, text: string): readonly Partial<GivenInstance>[] {
  const lines = text
    .split("\n")
    .map((line, index) => ({ id: line.replace(/(?:^|\s)#.*/, "").trim(), place: `line ${index + 1} of ${name}` }));
  const given = lines.filter(({ id }) => id !== "");
  given.forEach(({ id, place }) => {
    checkInstanceId(place, id);
  });
  if (given.length === 0) {
    throw new InvalidRequestError(name, text, "a list with at least one id of an instance, one a line");
  }
  return given.map(({ id }) => ({ dbInstanceId: id }));
}

/** @throws InvalidRequestError also if discover could not list a region: the others would pass for all */
function discovered(name: string, text: string): readonly GivenInstance[] {
  const found = parseJsonFile(name, text);
  const { instances, regions } = isObject(found) ? found : {};
  if (!Array.isArray(instances) || instances.length === 0) {
    throw new InvalidRequestError(name, text, "what rds-dr discover --json prints, with at least one instance");
  }
  const asked: readonly unknown[] = Array.isArray(regions) ? regions : [];
  const missing = asked.find((region) => isObject(region) && region["count"] === null);
  if (missing !== undefined) {
    const allowed = "what rds-dr discover --json prints if it could list every region: discover again";
    throw new InvalidRequestError(name, missing, allowed);
  }
  return instances.map((instance: unknown, index) => {
    const { dbInstanceId, regionId, profile, maxAgeHours } = isObject(instance) ? instance : {};
    const place = `instance ${index + 1} of ${name}`;
    checkInstanceId(`the dbInstanceId of ${place}`, dbInstanceId);
    checkRegionId(`the regionId of ${place}`, regionId);
    ifGiven(checkProfile, `the profile of ${place}`, profile ?? undefined);
    ifGiven(checkHours, `the maxAgeHours of ${place}`, maxAgeHours ?? undefined);
    return {
      dbInstanceId,
      regionId,
      ...optional("profile", profile ?? undefined),
      ...optional("maxAgeHours", maxAgeHours ?? undefined),
    } as GivenInstance;
  });
}
