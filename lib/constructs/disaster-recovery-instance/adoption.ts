import type { TerraformResource } from "cdktf";
import { writtenOf } from "../../synthesis/provider-of";
import type { BrokenRule } from "./restore-rules";

/** Whether the code brings an instance that exists under this resource, from another address or from outside. */
export function isAdopted(resource: TerraformResource): boolean {
  const { import: imported, moved } = resource.toTerraform() as { readonly import?: unknown; readonly moved?: unknown };
  return imported !== undefined || moved !== undefined;
}

/**
 * Why an instance that exists must not be adopted: without a whitelist in the code, the provider sets it to 127.0.0.1.
 * Undefined if it may, or if none is adopted.
 */
export function brokenAdoption(resource: TerraformResource): BrokenRule | undefined {
  const { security_ips: addresses = [] } = writtenOf(resource);
  return isAdopted(resource) && Array.isArray(addresses) && addresses.length === 0
    ? {
        code: "WhitelistNeeded",
        message:
          "the code imports or moves an instance that exists, but securityIps is missing or empty: nobody could connect to the instance any more",
        hint: 'set securityIps to its whitelist of today, as "aliyun rds DescribeDBInstanceIPArrayList" shows it',
      }
    : undefined;
}

/** Says that Terraform would remove the tags of an instance that is adopted; undefined if it would not. */
export function explainTags(resource: TerraformResource): string | undefined {
  return isAdopted(resource) && writtenOf(resource)["tags"] === undefined
    ? `the code imports or moves an instance that exists, but has no tags for it: if the instance has tags, Terraform removes them. Set its tags of today with resource.addOverride("tags", …)`
    : undefined;
}
