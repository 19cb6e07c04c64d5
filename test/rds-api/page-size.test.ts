import { checkPaging, defaultPageSize } from "../../lib/rds-api/page-size";

test.each([
  {},
  { pageSize: 30 },
  { pageSize: 50 },
  { pageSize: defaultPageSize },
  { pageNumber: 1 },
  { pageNumber: 2_147_483_647 },
])("%j is a part of a list that the API answers", (paging) => {
  expect(() => {
    checkPaging(paging);
  }).not.toThrow();
});

test.each<[object, string]>([
  [{ pageSize: 20 }, "pageSize must be 30, 50 or 100, but is 20"],
  [{ pageSize: "30" }, 'pageSize must be 30, 50 or 100, but is "30"'],
  [{ pageNumber: 0 }, "pageNumber must be a whole number from 1 to 2147483647, but is 0"],
  [{ pageNumber: 1.5 }, "pageNumber must be a whole number from 1 to 2147483647, but is 1.5"],
  [{ pageNumber: NaN }, "pageNumber must be a whole number from 1 to 2147483647, but is NaN"],
  [{ pageNumber: 2_147_483_648 }, "pageNumber must be a whole number from 1 to 2147483647, but is 2147483648"],
])("%j is an error: %s", (paging, message) => {
  expect(() => {
    checkPaging(paging);
  }).toThrow(message);
});
