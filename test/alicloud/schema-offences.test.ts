import { schemaOffences } from "./schema-offences";

const vpc = (config: object): Record<string, unknown> => ({
  resource: { alicloud_vpc: { main: { "//": { metadata: {} }, lifecycle: {}, ...config } } },
});

test.each<[string, Record<string, unknown>, string[]]>([
  ["what the schema takes", vpc({ cidr_block: "10.0.0.0/8", enable_ipv6: true, tags: { of: "tests" } }), []],
  ["an expression of any type", vpc({ enable_ipv6: "${var.ipv6}" }), []],
  ["resources of others", { resource: { terraform_data: { x: { input: 1 } } }, data: { external: { y: {} } } }, []],
  ["nested blocks", vpc({ timeouts: { create: "24h" } }), []],
  ["an argument it does not know", vpc({ cidr: "10.0.0.0/8" }), ["resource.alicloud_vpc.main.cidr: not in the schema"]],
  [
    "an argument of another type",
    vpc({ cidr_block: 10, user_cidrs: ["10.0.0.0/8", 1] }),
    [
      'resource.alicloud_vpc.main.cidr_block: 10 is no "string"',
      'resource.alicloud_vpc.main.user_cidrs: ["10.0.0.0/8",1] is no ["list","string"]',
    ],
  ],
  [
    "an attribute that can only be read",
    vpc({ status: "Available" }),
    ["resource.alicloud_vpc.main.status: read-only"],
  ],
  [
    "an argument of a nested block",
    vpc({ timeouts: { wait: "24h" } }),
    ["resource.alicloud_vpc.main.timeouts.wait: not in the schema"],
  ],
  [
    "a required argument that is missing",
    { resource: { alicloud_rds_instance_cross_backup_policy: { p: { instance_id: "rm-x" } } } },
    ["resource.alicloud_rds_instance_cross_backup_policy.p.cross_backup_region: required, and missing"],
  ],
  [
    "a resource that the slice lacks",
    { resource: { alicloud_instance: { i: {} } } },
    ["resource.alicloud_instance: not in the slice of the schema"],
  ],
  [
    "an argument of the provider",
    { provider: { alicloud: [{ region: "cn-shanghai", alias: "b", zone: "a" }] } },
    ["provider.alicloud.zone: not in the schema"],
  ],
])("tells %s", (_what, stack, offences) => {
  expect(schemaOffences(stack)).toEqual(offences);
});
