import { checkStorageType, resourceStorageTypeOf } from "../../../lib/rds-api/actions/check-create-ddr-db-instance";

test.each([
  ["ssd", "local_ssd"],
  ["local_ssd", "local_ssd"],
  ["cloud_essd2", "cloud_essd2"],
  ["ecs", undefined],
  ["general_essd", undefined],
  [undefined, undefined],
])("a record's %s is the resource's %s", (recorded, type) => {
  expect(resourceStorageTypeOf(recorded)).toBe(type);
});

test("takes the types of the resource only", () => {
  expect(() => {
    checkStorageType("storageType", "cloud_essd");
  }).not.toThrow();
  expect(() => {
    checkStorageType("storageType", "ssd");
  }).toThrow(
    'storageType must be "local_ssd" or "cloud_ssd" or "cloud_essd" or "cloud_essd2" or "cloud_essd3", but is "ssd"',
  );
});
