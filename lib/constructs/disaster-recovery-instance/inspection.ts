import { type TerraformResource, Token } from "cdktf";
import { writesHcl } from "../../synthesis/attributes";
import { misuse } from "../../synthesis/lookup-error";
import type { Finding } from "../../synthesis/lookup-registry";
import { type Json, providerOf, writtenOf } from "../../synthesis/provider-of";
import type { KnownFacts } from "../cross-region-backup";
import { brokenWindowOf } from "./point-in-time";
import type { DisasterRecoveryInstanceProps } from "./props";
import { type BrokenRule, brokenRuleOf, explainOddStorage } from "./rules";
import type { RestoreSource } from "./source";

type Provider = ReturnType<typeof providerOf>;

type Asked = Pick<
  DisasterRecoveryInstanceProps,
  "instanceClass" | "protect" | "regionId" | "securityIps" | "storageGb" | "storageType"
>;

/**
 * Judges a restore, once the lookups have settled, by what is written.
 *
 * @param ignored the arguments that no later backup may change
 */
export function inspectRestore(
  resource: TerraformResource,
  asked: Asked,
  source: RestoreSource,
  ignored: readonly string[],
): Finding {
  const provider = providerOf(resource);
  const lifecycle = (writtenOf(resource)["lifecycle"] ?? {}) as Json;
  const broken =
    brokenProviderRule(provider, asked) ??
    brokenGuard(lifecycle, asked) ??
    lostPreconditions(resource, lifecycle, source) ??
    brokenRestoreRule(asked, source);
  const path = resource.node.scope?.node.path ?? "";
  const warnings = [
    unknownRegion(provider, asked),
    lostIgnores(lifecycle, ignored),
    explainOddStorage(asked.storageGb),
    explainWhitelist(asked.securityIps ?? []),
    otherPreflight(asked, source.known),
  ];
  return {
    error: broken && misuse(path, broken.code, broken.message, broken.hint),
    warnings: warnings.filter((warning) => warning !== undefined),
  };
}

function brokenRestoreRule(
  { regionId, storageGb, storageType }: Asked,
  { backup, known, facts: factsOf, restoreTime }: RestoreSource,
): BrokenRule | undefined {
  const facts = factsOf();
  const isWindowKnown =
    known !== undefined ||
    ![backup.recoverableFrom, backup.recoverableUntil].some((fact) => Token.isUnresolved(fact));
  // A token that was let through is the end of the window itself.
  const time = Token.isUnresolved(restoreTime) ? facts?.recoverableUntil : restoreTime;
  return (
    facts &&
    (brokenRuleOf(facts, { regionId, storageGb, storageType, restoreTime: time }) ??
      (isWindowKnown && time !== undefined ? brokenWindowOf(facts, time) : undefined))
  );
}

/** The provider makes the instance in its own region, whatever the resource says. */
function brokenProviderRule(provider: Provider, { regionId }: Asked): BrokenRule | undefined {
  if (provider === null) {
    return {
      code: "NoProvider",
      message: `no provider of the stack makes the instance: each of them has an alias, and Terraform would take the region from the environment`,
      hint: `set the provider of its resource (resource.provider) to the one whose region is "${regionId}"`,
    };
  }
  const { path = "", region = regionId } = provider ?? {};
  return region === regionId
    ? undefined
    : {
        code: "OtherProviderRegion",
        message: `regionId is "${regionId}", but the provider "${path}" works in "${region}", and restores there`,
        hint: `set the region of the provider to "${regionId}", or make another one the provider of its resource (resource.provider)`,
      };
}

function unknownRegion(provider: Provider, { regionId }: Asked): string | undefined {
  return provider === null || provider === undefined || provider.region !== undefined
    ? undefined
    : `the region of the provider "${provider.path}" is known only when Terraform runs, and must then be "${regionId}": set its region to make sure of it`;
}

/** An aspect, or a line of the app, may have put another lifecycle in the place of the construct's. */
function brokenGuard(lifecycle: Json, { protect = true }: Asked): BrokenRule | undefined {
  return !protect || lifecycle["prevent_destroy"] === true
    ? undefined
    : {
        code: "GuardLost",
        message:
          "protect is true, but something has taken prevent_destroy out of the lifecycle of the resource",
        hint: "add to the lifecycle in place of replacing it (resource.lifecycle = { ...resource.lifecycle, … }), or set protect to false",
      };
}

/** In HCL, cdktf writes preconditions in a form that Terraform does not read. */
function lostPreconditions(
  resource: TerraformResource,
  { precondition }: Json,
  { backup }: RestoreSource,
): BrokenRule | undefined {
  return precondition === undefined || !writesHcl(resource)
    ? undefined
    : {
        code: "NoPreconditionsInHcl",
        message: `the restore of the backup "${backup.node.path}" has preconditions, which Terraform checks when it plans, but cdktf cannot write preconditions as HCL`,
        hint: "synthesise JSON: leave out --hcl, SYNTH_HCL_OUTPUT and hclOutput",
      };
}

function lostIgnores(lifecycle: Json, ignored: readonly string[]): string | undefined {
  const { ignore_changes: written = [] } = lifecycle;
  const lost =
    written === "all" ? [] : ignored.filter((name) => !(written as readonly string[]).includes(name));
  return lost.length === 0
    ? undefined
    : `something has taken ${lost.join(", ")} out of ignore_changes of the resource: with a newer backup, Terraform may replace, upgrade or resize the restored instance`;
}

function explainWhitelist(securityIps: readonly string[]): string | undefined {
  if (securityIps.length === 0) {
    return "nobody can connect to the instance: set securityIps to the addresses and blocks that may";
  }
  return securityIps.includes("0.0.0.0/0")
    ? "securityIps holds 0.0.0.0/0, so that any address may connect: name those that may"
    : undefined;
}

/** A preflight says nothing of another instance than the one that it asked about. */
function otherPreflight(asked: Asked, known: KnownFacts | undefined): string | undefined {
  const { preflight } = known ?? {};
  const other =
    preflight &&
    (["regionId", "instanceClass", "storageGb"] as const).filter(
      (name) => !Token.isUnresolved(asked[name]) && asked[name] !== preflight[name],
    );
  return preflight === undefined || other === undefined || other.length === 0
    ? undefined
    : `the preflight of the lookup asked about another instance (${other.map((name) => `${name} ${preflight[name]}`).join(", ")}): it does not say whether this one can be restored`;
}
