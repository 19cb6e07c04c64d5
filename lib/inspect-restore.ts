import { Token, type TerraformResource } from "cdktf";
import type { DisasterRecoveryInstanceProps } from "./disaster-recovery-instance-props";
import { brokenWindowOf } from "./restore/point-in-time";
import { brokenRuleOf, explainOddStorage } from "./restore/restore-rules";
import type { RestoreSource } from "./restore-source";
import { misuse } from "./synthesis/lookup-error";
import type { Finding } from "./synthesis/lookup-registry";
import { providerRegionOf } from "./synthesis/provider-region";

type Asked = Pick<DisasterRecoveryInstanceProps, "regionId" | "securityIps" | "storageGb" | "storageType">;

/** Judges a restore once the lookups have settled. */
export function inspectRestore(
  resource: TerraformResource,
  { regionId, securityIps = [], storageGb, storageType }: Asked,
  { known, restoreTime }: RestoreSource,
): Finding {
  const provider = inspectProvider(resource, regionId);
  const facts = known?.all();
  // A token is the end of the window itself.
  const isEndOfWindow = Token.isUnresolved(restoreTime);
  const broken =
    facts &&
    (brokenRuleOf(facts, {
      regionId,
      storageGb,
      storageType,
      restoreTime: isEndOfWindow ? facts.recoverableUntil : restoreTime,
    }) ??
      (restoreTime === undefined || isEndOfWindow ? undefined : brokenWindowOf(facts, restoreTime)));
  const path = resource.node.scope?.node.path ?? "";
  return {
    error: provider.error ?? (broken && misuse(path, broken.code, broken.message, broken.hint)),
    warnings: [
      ...(provider.warnings ?? []),
      explainOddStorage(storageGb),
      securityIps.length === 0
        ? "nobody can connect to the instance: set securityIps to the addresses and blocks that may"
        : undefined,
    ].filter((warning) => warning !== undefined),
  };
}

/** The provider makes the instance in its own region, whatever the resource says. */
function inspectProvider(resource: TerraformResource, regionId: string): Finding {
  const { path, region } = providerRegionOf(resource);
  if (path === undefined || region === regionId) {
    return {};
  }
  if (region === undefined) {
    const warning = `the region of the provider "${path}" is known only when Terraform runs, and must then be "${regionId}": set its region to make sure of it`;
    return { warnings: [warning] };
  }
  return {
    error: misuse(
      resource.node.scope?.node.path ?? "",
      "OtherProviderRegion",
      `regionId is "${regionId}", but the provider "${path}" works in "${region}", and restores there`,
      `set the region of the provider to "${regionId}", or make another one the provider of its resource (resource.provider)`,
    ),
  };
}
