/** What a round trip takes, the answer of the stand-in included: the least of some that a client makes that is warm. */
import { performance } from "node:perf_hooks";
import { pageSize } from "../fleet";
import { askedInstances, page } from "./rpc";

const requests = 5;

async function measure(): Promise<number> {
  const [dbInstanceId = ""] = askedInstances();
  const taken: number[] = [];
  while (taken.length < requests) {
    const from = performance.now();
    await page(dbInstanceId, pageSize, 1);
    taken.push(performance.now() - from);
  }
  return Math.min(...taken);
}

void measure().then((ms) => {
  console.log(ms);
});
