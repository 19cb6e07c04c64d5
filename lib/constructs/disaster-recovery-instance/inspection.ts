import { type TerraformResource, Token } from "cdktf";
import type { IConstruct } from "constructs";
import { writesHcl } from "../../synthesis/attributes";
import { misuse } from "../../synthesis/lookup-error";
import type { Verdict } from "../../synthesis/lookup";
import { providerOf } from "../../synthesis/provider-of";
import { framework } from "../../validation/own-package";
import type { KnownFacts } from "../cross-region-backup";
import { lifecycleOf, lostPreventDestroy } from "../prevent-destroy";
import { brokenAdoption, explainTags } from "./adoption";
import { inspectImport } from "./import-inspection";
import type { KnownRestore } from "./known-restore";
import type { DisasterRecoveryInstanceProps } from "./props";
import { type BrokenRule, brokenRuleOf, brokenWindowOf, explainOddStorage } from "./restore-rules";
import type { RestoreSource } from "./source";

type Provider = ReturnType<typeof providerOf>;

/**
 * Judges a restore by what is written, once the lookups have settled.
 *
 * @param ignored the arguments that no later backup may change
 * @param restore what the lock file knows of it
 */
export function inspectRestore(
  instance: IConstruct,
  resource: TerraformResource,
  props: DisasterRecoveryInstanceProps,
  source: RestoreSource,
  ignored: readonly string[],
  restore: KnownRestore,
): Verdict<never> {
  const { path } = instance.node;
  const provider = providerOf(resource);
  const lifecycle = lifecycleOf(resource);
  const errorOf = (broken: BrokenRule | undefined) => broken && misuse(path, broken.code, broken.message, broken.hint);
  const warnings = [
    unknownRegion(provider, props),
    lostIgnores(lifecycle["ignore_changes"], ignored),
    explainOddStorage(props.storageGb),
    explainWhitelist(props.securityIps ?? []),
    otherPreflight(props, source.known),
    // What "rds-dr restore" creates has no tags.
    restore.instance === undefined ? explainTags(resource) : undefined,
  ];
  return {
    error:
      errorOf(otherProvider(provider, props)) ??
      lostPreventDestroy(instance, resource, props.protect ?? true) ??
      errorOf(restore.instance === undefined ? brokenAdoption(resource) : undefined) ??
      errorOf(
        lifecycle["precondition"] !== undefined && writesHcl(resource)
          ? noPreconditionsInHcl(source)
          : // Today's backup says nothing about an instance that is there.
            restore.instance === undefined
            ? brokenRestore(props, source)
            : undefined,
      ) ??
      inspectImport(instance, props, source, restore),
    warnings: warnings.filter((warning) => warning !== undefined),
  };
}

function brokenRestore(
  { regionId, storageGb, storageType }: DisasterRecoveryInstanceProps,
  { backup, known, facts: factsOf, restoreTime }: RestoreSource,
): BrokenRule | undefined {
  const facts = factsOf();
  const isWindowKnown =
    known !== undefined || ![backup.recoverableFrom, backup.recoverableUntil].some((fact) => Token.isUnresolved(fact));
  // A token that was let through is the end of the window itself.
  const time = Token.isUnresolved(restoreTime) ? facts?.recoverableUntil : restoreTime;
  return (
    facts &&
    (brokenRuleOf(facts, { regionId, storageGb, storageType, restoreTime: time }) ??
      (isWindowKnown && time !== undefined ? brokenWindowOf(facts, time) : undefined))
  );
}

/** The provider makes the instance in its own region, whatever regionId says. */
function otherProvider(provider: Provider, { regionId }: DisasterRecoveryInstanceProps): BrokenRule | undefined {
  if (provider === null) {
    return {
      code: "NoProvider",
      message: `the stack has no alicloud provider without an alias: Terraform would take the region from the environment`,
      hint: `set resource.provider to the provider whose region is "${regionId}"`,
    };
  }
  const { path = "", region = regionId } = provider ?? {};
  return region === regionId
    ? undefined
    : {
        code: "OtherProviderRegion",
        message: `regionId is "${regionId}", but the provider "${path}" restores to its own region "${region}"`,
        hint: `set the region of the provider to "${regionId}", or set resource.provider to another provider`,
      };
}

function unknownRegion(provider: Provider, { regionId }: DisasterRecoveryInstanceProps): string | undefined {
  return provider === null || provider === undefined || provider.region !== undefined
    ? undefined
    : `only Terraform knows the region of the provider "${provider.path}", which must be "${regionId}": set its region to make sure`;
}

/** cdktf writes preconditions as HCL in a form that Terraform does not read. */
function noPreconditionsInHcl({ backup }: RestoreSource): BrokenRule {
  return {
    code: "NoPreconditionsInHcl",
    message: `the restore of the backup "${backup.node.path}" has preconditions, which Terraform checks when it plans, but ${framework} cannot write preconditions as HCL`,
    hint: "synthesise JSON: omit --hcl, SYNTH_HCL_OUTPUT and hclOutput",
  };
}

function lostIgnores(written: unknown = [], ignored: readonly string[]): string | undefined {
  const lost = written === "all" ? [] : ignored.filter((name) => !(written as readonly string[]).includes(name));
  return lost.length === 0
    ? undefined
    : `something has removed ${lost.join(", ")} from ignore_changes of the resource: after a newer backup, Terraform may replace, upgrade or resize the restored instance`;
}

function explainWhitelist(securityIps: readonly string[]): string | undefined {
  if (securityIps.length === 0) {
    return "nobody can connect to the instance: set securityIps to the addresses and blocks that may connect";
  }
  return securityIps.includes("0.0.0.0/0")
    ? "securityIps contains 0.0.0.0/0, so any address may connect: list those that may"
    : undefined;
}

/** A preflight says nothing about any other instance than the one that it asked about. */
function otherPreflight(props: DisasterRecoveryInstanceProps, known: KnownFacts | undefined): string | undefined {
  const { preflight } = known ?? {};
  const other =
    preflight &&
    (["regionId", "instanceClass", "storageGb"] as const).filter(
      (name) => !Token.isUnresolved(props[name]) && props[name] !== preflight[name],
    );
  return preflight === undefined || other === undefined || other.length === 0
    ? undefined
    : `the preflight of the lookup asked about another instance (${other.map((name) => `${name} ${preflight[name]}`).join(", ")}): it does not say whether this one can be restored`;
}
