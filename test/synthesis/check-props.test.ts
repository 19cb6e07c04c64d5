import { App, TerraformStack, Token } from "cdktf";
import { CrossRegionBackups, LatestCrossRegionBackup } from "../../lib";
import { isolateEnvironment, lookupErrorOf } from "../fixtures";

isolateEnvironment();

const props = { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" };
const link = "https://bucket.example/file?Signature=SECRET";

// As from a context or a variable, of which TypeScript does not check what is too much.
const misspelt = { ...props, restorRegion: "cn-shanghai" };

test("a misspelt restriction is refused, because it would restrict nothing", () => {
  const error = lookupErrorOf(() => new LatestCrossRegionBackup(stack(), "orders", misspelt));

  expect(error.code).toBe("UnknownProp");
  expect(error.message).toBe(
    "lookup/orders: there is no prop restorRegion\n  -> correct its name; the props are crossBackupRegion, dbInstanceId, endpoint, maxAgeHours, maxRecoverableAgeHours, notAfter, onStale, outputPrefix, outputs, preflight, profile, recoveryWindow, regionId, resourceGroupId, restoreEndpoint, restoreRegion, roleArn",
  );
});

test.each<[string, string, object | string]>([
  ["is no object", "preflight is no object with props", "rds.mysql.s3.large"],
  [
    "holds a misspelt prop",
    "there is no prop preflight.storageGB\n  -> correct its name; the props are preflight.instanceClass, preflight.storageGb, preflight.storageType",
    { instanceClass: "rds.mysql.s3.large", storageGB: 100 },
  ],
  [
    "holds text that is a token",
    "preflight.instanceClass is a token",
    { instanceClass: Token.asString({ resolve: () => "x" }), storageGb: 100 },
  ],
  [
    "holds a number that is a token",
    "preflight.storageGb is a token",
    { instanceClass: "rds.mysql.s3.large", storageGb: Token.asNumber({ resolve: () => 100 }) },
  ],
])("a preflight that %s is refused", (_, message, preflight) => {
  const given = { ...props, restoreRegion: "cn-shanghai", preflight: preflight as never };

  const error = lookupErrorOf(() => new LatestCrossRegionBackup(stack(), "orders", given));

  expect(error.message).toContain(`lookup/orders: ${message}`);
});

test("an unknown parameter of a list is refused", () => {
  const unknown = { ...props, pageNo: 1 };

  expect(lookupErrorOf(() => new CrossRegionBackups(stack(), "all", unknown)).message).toContain("no prop pageNo");
});

test("the outputs of a known backup never contain a download link", () => {
  const known = { crossBackupId: "1", restoreRegions: ["cn-shanghai"], crossBackupDownloadLink: link };

  const error = lookupErrorOf(() => LatestCrossRegionBackup.fromCrossRegionBackupAttributes(stack(), "orders", known));

  expect(error.message).toContain("there is no prop crossBackupDownloadLink");
  expect(error.message).not.toContain("SECRET");
});

test.each([undefined, null, "rm-orders"])("props that are %j are refused with the path", (nothing) => {
  const given = nothing as unknown as typeof props;

  expect(lookupErrorOf(() => new LatestCrossRegionBackup(stack(), "orders", given)).message).toBe(
    "lookup/orders: there are no props\n  -> pass the props as the third argument",
  );
});

function stack(): TerraformStack {
  return new TerraformStack(new App(), "lookup");
}
