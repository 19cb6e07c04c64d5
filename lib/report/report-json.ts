import { failureJson } from "../lookup/answer";
import type { InstanceReport } from "./instance-report";
import { type Place, placeOf, type Report, summaryOf } from "./report";

/** A report in the form that scripts and audits rely on. Its instances can be read once. */
export function reportJson(report: Report): object {
  const { version, generatedAt, restoreRegion, standIns, lockFile, places, warnings, instances } = report;
  return {
    tool: { name: "rds-dr", version },
    generatedAt,
    restoreRegion,
    standIns,
    lockFile: lockFile ?? null,
    warnings,
    summary: summaryOf(report),
    regions: places.map(placeJson),
    instances: instances.map((instance) => instanceJson(instance, placeOf(report, instance))),
  };
}

function placeJson({ regionId, profile, roleArn, accountId, endpoint, count, requestIds, failure }: Place): object {
  return {
    regionId,
    profile: profile ?? null,
    roleArn: roleArn ?? null,
    accountId: accountId ?? null,
    endpoint: endpoint ?? null,
    count: count ?? null,
    requestIds,
    error: failure === undefined ? null : failureJson(failure),
  };
}

function instanceJson(report: InstanceReport, place: Place | undefined): object {
  const { request, backup, instance, rejected, leftOut, failure } = report;
  return {
    dbInstanceId: request.dbInstanceId,
    regionId: request.regionId,
    profile: report.profile ?? null,
    accountId: place?.accountId ?? null,
    description: instance.description ?? null,
    engine: instance.engine ?? backup?.engine ?? null,
    engineVersion: instance.engineVersion ?? backup?.engineVersion ?? null,
    isListed: instance.isListed ?? null,
    state: report.state,
    reason: report.reason,
    detail: report.detail,
    objectiveHours: report.objectiveHours,
    crossBackupId: backup?.crossBackupId ?? null,
    dataTime: backup?.dataTime ?? null,
    dataTimeEstimated: backup?.dataTimeEstimated ?? null,
    ageHours: report.ageHours === undefined ? null : roundedUp(report.ageHours),
    recoverableFrom: backup?.recoverableFrom ?? null,
    recoverableUntil: backup?.recoverableUntil ?? null,
    recoverableAgeHours: report.recoverableAgeHours === undefined ? null : roundedUp(report.recoverableAgeHours),
    recoveryGaps: backup?.recoveryGaps ?? null,
    logGaps: report.logGaps.map(({ start, end = null }) => ({ start, end })),
    restoreRegions: backup?.restoreRegions ?? [],
    crossBackupRegion: backup?.crossBackupRegion ?? instance.crossBackupRegion ?? null,
    retentionDays: report.retentionDays ?? null,
    expiresAt: report.expiresAt ?? null,
    backupEnabled: instance.backupEnabled ?? null,
    logBackupEnabled: instance.logBackupEnabled ?? null,
    rejected: rejected.map(({ crossBackupId = null, reason, detail }) => ({ crossBackupId, reason, detail })),
    leftOut: leftOut ?? {},
    warnings: report.warnings,
    source: report.source,
    askedAt: report.askedAt ?? null,
    requestIds: report.requestIds,
    lockedSince: report.lockedSince ?? null,
    error: failure === undefined ? null : failureJson(failure),
  };
}

/** An age in hundredths of an hour: rounded up, so that no report shows the objective met that is missed. */
export function roundedUp(hours: number): number {
  return Math.ceil(hours * 100) / 100;
}
