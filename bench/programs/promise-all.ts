/** What comes to mind first: every instance at once, each page after page, and nothing that holds back. */
import { pageSize } from "../fleet";
import { askedInstances, page } from "./rpc";

async function read(dbInstanceId: string): Promise<void> {
  let known = 0;
  for (let total = Infinity, pageNumber = 1; known < total; pageNumber += 1) {
    const { TotalRecordCount, Items } = await page(dbInstanceId, pageSize, pageNumber);
    total = TotalRecordCount;
    known += Items.Item.length;
  }
}

void Promise.allSettled(askedInstances().map(read)).then((results) => {
  console.log(results.filter(({ status }) => status === "rejected").length);
});
