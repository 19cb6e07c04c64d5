import { App, TerraformStack } from "cdktf";
import { DiscoveredInstances, LatestCrossRegionBackup, OnStale } from "cdktf-alicloud-rds-dr";

const app = new App();
const context = (key: string): string => String(app.node.getContext(key));
const restoreRegion = context("restoreRegion");
const maxAgeHours = Number(context("maxAgeHours"));
const [tag = "", value = ""] = context("tag").split("=");

const stack = new TerraformStack(app, "backups");
const fleet = new DiscoveredInstances(stack, "fleet", { regionId: context("regionId"), tags: { [tag]: value } });

const backups = fleet.lookUp().map(({ dbInstanceId, regionId }) => {
  const request = { dbInstanceId, regionId, restoreRegion };
  return new LatestCrossRegionBackup(stack, dbInstanceId, { ...request, maxAgeHours, onStale: OnStale.WARN });
});

// One database without a valid backup must not stop the lookups of the others: the report alarms for it.
backups.forEach((backup) => backup.tryLookUp());

app.synth();
