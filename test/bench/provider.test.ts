import { providerConfig } from "../../bench/provider";
import { worldOf } from "../../bench/fleet";
import { startSimulator } from "../../lib/simulator";
import { call } from "../simulator/clients";

interface Config {
  readonly data: {
    readonly alicloud_rds_cross_region_backups: {
      readonly each: { readonly start_time: string; readonly end_time: string };
    };
  };
}

test("the stand-in answers for the times that the provider's data source sends, which have no seconds", async () => {
  const now = new Date();
  const { each } = (providerConfig(1, "127.0.0.1:1", now) as Config).data.alicloud_rds_cross_region_backups;
  const simulator = await startSimulator({
    world: worldOf({ instances: 1, records: 28, latencyMs: 0 }, now),
  });

  const { json } = await call(simulator.url, "DescribeCrossRegionBackups", {
    DBInstanceId: "rm-bench0",
    RegionId: "cn-hangzhou",
    StartTime: each.start_time,
    EndTime: each.end_time,
  });
  await simulator.stop();

  expect([each.start_time, each.end_time]).toEqual([
    expect.stringMatching(/T\d\d:\d\dZ$/),
    expect.stringMatching(/T\d\d:\d\dZ$/),
  ]);
  expect(json["TotalRecordCount"]).toBe(28);
});
