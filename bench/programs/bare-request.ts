/** The least that a lookup can be: Node's start, the load of the client, and one request. */
import { pageSize } from "../fleet";
import { askedInstances, page } from "./rpc";

const [dbInstanceId = ""] = askedInstances();
void page(dbInstanceId, pageSize, 1).then(({ TotalRecordCount }) => {
  console.log(TotalRecordCount);
});
