/**
 * What the provider's data source does: pages of 50 one after the other until one is not full, and for each record
 * one more question, one after the other. Terraform reads ten data sources at once.
 */
import { askedInstances, call, page } from "./rpc";

const providerPageSize = 50;
const parallelism = 10;

async function read(dbInstanceId: string): Promise<void> {
  const ids: number[] = [];
  for (let isFull = true, pageNumber = 1; isFull; pageNumber += 1) {
    const { Items } = await page(dbInstanceId, providerPageSize, pageNumber);
    ids.push(...Items.Item.map(({ CrossBackupId }) => CrossBackupId));
    isFull = Items.Item.length === providerPageSize;
  }
  for (const CrossBackupId of ids) {
    await call("DescribeAvailableRecoveryTime", { DBInstanceId: dbInstanceId, CrossBackupId });
  }
}

async function readAll(): Promise<void> {
  const left = [...askedInstances()];
  const readNext = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await read(next);
    }
  };
  await Promise.all(Array.from({ length: parallelism }, readNext));
}

void readAll();
