/** A script that synthesises two lookups, and says so on standard error. */
export const twoLookupsApp = `
  const { App, TerraformStack } = require("cdktf");
  const { LatestCrossRegionBackup } = require("cdktf-alicloud-rds-dr");
  const app = new App({ outdir: process.env.OUTDIR });
  const stack = new TerraformStack(app, "lookup");
  for (const name of ["orders", "billing"]) {
    new LatestCrossRegionBackup(stack, name, { dbInstanceId: "rm-" + name, regionId: "cn-hangzhou" });
  }
  app.synth();
  process.stderr.write("synthesised\\n");
`;
