import type { IConstruct } from "constructs";
import { EngineFamily, engineFamilyOf } from "../../backup/engine-family";
import { Mode } from "../../lock/mode";
import { connectionToDestination } from "../../lock/connection";
import { isForeign } from "../../lock/locked-answers";
import { endpointOrigin } from "../../rds-api/endpoint";
import { writesHcl } from "../../synthesis/attributes";
import { LookupError, misuse } from "../../synthesis/lookup-error";
import { reportRestore, restoreRecordOf } from "../../synthesis/restore-record";
import { framework } from "../../validation/own-package";
import { forgetsResource } from "./imported-instance";
import type { KnownRestore } from "./known-restore";
import { type DisasterRecoveryInstanceProps, RestoreVia } from "./props";
import { declaredPlace, declaredRestore } from "./restore-request";
import type { RestoreSource } from "./source";

/**
 * Judges whether the instance that `rds-dr restore` makes is there, once the lookups have settled. If that command, or
 * `rds-dr refresh`, runs the app, it only gets to know what the app declares.
 */
export function inspectImport(
  construct: IConstruct,
  props: DisasterRecoveryInstanceProps,
  source: RestoreSource,
  { subject, instance }: KnownRestore,
): LookupError | undefined {
  const { path } = construct.node;
  const facts = source.facts();
  const isPostgresql = engineFamilyOf(facts?.engine) === EngineFamily.POSTGRESQL;
  if (instance === undefined && !isPostgresql && props.via !== RestoreVia.IMPORT) {
    return undefined;
  }
  const { settings } = restoreRecordOf(construct);
  const { mode, refreshReport } = settings;
  if (mode === Mode.DESTROY) {
    return undefined;
  }
  if (subject === undefined) {
    const message = 'only Terraform knows the source of the backup, but "npx rds-dr restore" needs it before';
    const hint = "look the backup up in this app, or pass dbInstanceId and regionId to fromCrossRegionBackupAttributes";
    return misuse(path, "SourceNotKnown", message, hint);
  }
  if (refreshReport !== undefined) {
    return report(refreshReport, () =>
      instance === undefined ? declaredRestore(subject, props, source, facts ?? {}) : declaredPlace(subject, props),
    );
  }
  if (instance === undefined) {
    const why = isPostgresql ? "the provider's resource does not restore PostgreSQL" : "via is IMPORT";
    const message = `its instance is not restored yet: as ${why}, a command does it`;
    const hint = `run "npx rds-dr restore ${path}", commit the lock file, and synthesise again`;
    return misuse(path, "NotRestored", message, hint);
  }
  if (forgetsResource(construct) && writesHcl(construct)) {
    const message = `Terraform must forget an alicloud_rds_ddr_instance that it may have restored for this instance, but ${framework} cannot write that as HCL: Terraform would destroy the instance`;
    const hint = "synthesise JSON: omit --hcl, SYNTH_HCL_OUTPUT and hclOutput";
    return misuse(path, "NoForgettingInHcl", message, hint);
  }
  return isForeign(instance, connectionToDestination(props.regionId, {}, settings).endpoint)
    ? misuse(
        path,
        "RestoredElsewhere",
        `the lock file knows the instance ${instance.dbInstanceId}, but a simulator or another host made it (${endpointOrigin(instance.endpoint) ?? ""})`,
        `remove the entry of ${path} from "restores" in the lock file, and run "npx rds-dr restore ${path}"`,
      )
    : undefined;
}

/** Reports a restore; what makes that impossible is the error of the construct. */
function report(file: string, declare: () => Parameters<typeof reportRestore>[1]): LookupError | undefined {
  try {
    reportRestore(file, declare());
    return undefined;
  } catch (error) {
    if (error instanceof LookupError) {
      return error;
    }
    throw error;
  }
}
