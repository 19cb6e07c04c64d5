/** What the clients of the baselines share: the bare SDK, as one would use it without this package. */
import RpcClient from "@alicloud/pop-core/lib/rpc";
import { instanceIds, regionId } from "../fleet";

/** The parameters of a request. */
export type Parameters = Readonly<Record<string, string | number>>;

/** The part of an answer that the baselines read. */
export interface Listing {
  readonly TotalRecordCount: number;
  readonly Items: { readonly Item: readonly { readonly CrossBackupId: number }[] };
}

const dayMs = 24 * 3_600 * 1_000;
const daysBack = 10;

const client = new RpcClient({
  endpoint: process.env["RDS_DR_ENDPOINT"] ?? "",
  apiVersion: "2014-08-15",
  accessKeyId: process.env["ALIBABA_CLOUD_ACCESS_KEY_ID"] ?? "",
  accessKeySecret: process.env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] ?? "",
});

/** The instances that a baseline is asked about. */
export function askedInstances(): readonly string[] {
  return instanceIds(Number(process.env["BENCH_INSTANCES"]));
}

/** One request; it may take as long as it takes. */
export function call<T>(action: string, parameters: Parameters): Promise<T> {
  return client.request<T>(action, { RegionId: regionId, ...parameters }, { method: "POST", timeout: 60_000 });
}

/** One page of the records of an instance, in the window that a lookup asks for first. */
export function page(DBInstanceId: string, PageSize: number, PageNumber: number): Promise<Listing> {
  const at = (days: number): string => `${new Date(Date.now() + days * dayMs).toISOString().slice(0, 19)}Z`;
  const window = { StartTime: at(-daysBack), EndTime: at(1) };
  return call("DescribeCrossRegionBackups", { DBInstanceId, ...window, PageSize, PageNumber });
}
