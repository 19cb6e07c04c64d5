import { addHours, type Instant } from "../backup/instant";
import { optional } from "../backup/json-object";
import { connectionToDestination, withConnection } from "../lock/connection";
import type { Settings } from "../lock/settings";
import type { LookupFailure } from "../lookup/answer";
import type { Asked } from "../lookup/connections";
import { checkQuery, type Connection, type LatestQuery } from "../lookup/query";
import { describeCrossRegionBackups } from "../rds-api/actions/describe-cross-region-backups";
import { describeDbInstances } from "../rds-api/actions/describe-db-instances";
import { describeInstanceCrossBackupPolicy } from "../rds-api/actions/describe-instance-cross-backup-policy";
import { checkEndpointServes } from "../rds-api/endpoint";
import type { RdsClient } from "../rds-api/rds-client";
import { type Facts, failed, failureOf, type Finding, ok, warning } from "./finding";

/** An instance that the doctor asks about. */
export interface Patient {
  readonly dbInstanceId: string;
  /** Region of the source instance. */
  readonly regionId: string;
  /** Regions of its replacements, as far as they are known. */
  readonly restoreRegions: readonly string[];
}

/** A request that reads, to learn whether it is allowed. */
export interface Question {
  readonly action: string;
  /** What it asks about, in words. */
  readonly about: string;
  /** The instance; null if the action names none. */
  readonly dbInstanceId: string | null;
  readonly asked: Asked;
  readonly send: (client: RdsClient) => Promise<unknown>;
  /** The resource that RAM must allow. */
  readonly resource: string;
  /** The options of `rds-dr policy` that allow it. */
  readonly policyOptions: string;
  /** What does not work without it; absent if no lookup does. */
  readonly neededFor?: string;
}

/** The shortest page of the API: what is in it does not matter. */
const onePage = { pageSize: 30, pageNumber: 1 } as const;

const hoursPerDay = 24;

/** Codes by which RDS says that RAM does not allow an action. */
const deniedByRam = /^(?:Forbidden(?!\.AccessKeyDisabled$)|NoPermission|InvalidUserOperatorPermission$)/;

/**
 * The requests that tell whether lookups and restores of these instances are allowed: two for each instance, one for
 * each region of a restore. None of them changes anything.
 *
 * @throws InvalidRequestError if the command line names an endpoint that does not serve a region
 */
export function questionsAbout(
  patients: readonly Patient[],
  settings: Settings,
  given: Connection,
  now: Instant,
): readonly Question[] {
  const restores = new Map(
    patients.flatMap((patient) => patient.restoreRegions.map((region) => [region, patient] as const)),
  );
  return [
    ...patients.flatMap((patient) => questionsAboutSource(patient, settings, given, now)),
    ...[...restores].map(([regionId, patient]) => questionAboutRestore(regionId, patient, settings, given)),
  ];
}

function questionsAboutSource(
  { dbInstanceId, regionId }: Patient,
  settings: Settings,
  { endpoint, profile, roleArn }: Connection,
  now: Instant,
): readonly Question[] {
  const connection = {
    ...optional("endpoint", endpoint),
    ...optional("profile", profile),
    ...optional("roleArn", roleArn),
  };
  const query: LatestQuery = { kind: "latest", request: { dbInstanceId, regionId }, connection };
  checkQuery(query);
  const asked = withConnection(query, settings);
  const shared = {
    asked,
    dbInstanceId,
    about: `${dbInstanceId} of ${regionId}`,
    resource: `acs:rds:${regionId}:*:dbinstance/${dbInstanceId}`,
    policyOptions: `--db-instance-id ${dbInstanceId} --region-id ${regionId}`,
  };
  const window = { startTime: addHours(now, -hoursPerDay), endTime: now };
  return [
    {
      ...shared,
      action: "DescribeCrossRegionBackups",
      send: (client) => describeCrossRegionBackups(client, { dbInstanceId, regionId, ...window, ...onePage }),
    },
    {
      ...shared,
      action: "DescribeInstanceCrossBackupPolicy",
      send: (client) => describeInstanceCrossBackupPolicy(client, { dbInstanceId, regionId }),
      neededFor: "the warning before a locked backup expires",
    },
  ];
}

function questionAboutRestore(regionId: string, source: Patient, settings: Settings, given: Connection): Question {
  if (given.restoreEndpoint !== undefined) {
    checkEndpointServes("restoreEndpoint", given.restoreEndpoint, regionId);
  }
  return {
    action: "DescribeDBInstances",
    dbInstanceId: null,
    about: `the instances of ${regionId}`,
    asked: { request: { regionId }, connection: connectionToDestination(regionId, given, settings) },
    send: (client) => describeDbInstances(client, { regionId, ...onePage }),
    resource: "*",
    policyOptions: `--db-instance-id ${source.dbInstanceId} --region-id ${source.regionId} --restore-region ${regionId} --restore`,
    neededFor: "find-instance and restore",
  };
}

/** What scripts want to know of a question. */
export function factsOf({ action, dbInstanceId, asked }: Question): Facts {
  return { action: `rds:${action}`, dbInstanceId, regionId: asked.request.regionId };
}

/** Sends the request of a question, and says what came of it. */
export async function answerTo(question: Question, client: RdsClient): Promise<Finding> {
  const { action, about, send } = question;
  const facts = factsOf(question);
  try {
    await send(client);
    return ok("permission", `rds:${action} is allowed for ${about}`, facts);
  } catch (error) {
    const failure = explained(question, failureOf(error));
    const { neededFor } = question;
    return neededFor === undefined
      ? failed("permission", failure, facts)
      : warning("permission", `${failure.message}; only ${neededFor} needs it`, failure.hint, facts);
  }
}

/** A failure with what it is about. If RAM is the cause, the hint says which statement is missing. */
function explained({ action, about, resource, policyOptions }: Question, failure: LookupFailure): LookupFailure {
  const message = `${about}: ${failure.message}`;
  const policy = `allow rds:${action} on ${resource}: "npx rds-dr policy ${policyOptions}" prints the policy`;
  return { ...failure, message, hint: deniedByRam.test(failure.code) ? policy : failure.hint };
}
