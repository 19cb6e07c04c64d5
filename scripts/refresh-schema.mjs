// Refreshes schema/alicloud.json from the provider's schema: the resources and data sources in it, and those that
// the arguments name. Run it on a machine that can install the provider:
//   terraform providers schema -json | npm run schema -- [alicloud_…]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const file = join(import.meta.dirname, "..", "schema", "alicloud.json");
const address = "registry.terraform.io/aliyun/alicloud";
const kinds = ["resource_schemas", "data_source_schemas"];

const sorted = (entries) => Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));

const whole = JSON.parse(await text(process.stdin));
const provider = whole.provider_schemas?.[address];
if (provider === undefined) {
  const given = Object.keys(whole.provider_schemas ?? {}).join(", ") || "none";
  fail(`no schema of ${address} among those given (${given}): run "terraform init" with aliyun/alicloud first`);
}
const slice = JSON.parse(readFileSync(file, "utf8")).provider_schemas[address];
const wanted = new Set([...kinds.flatMap((kind) => Object.keys(slice[kind])), ...process.argv.slice(2)]);
const known = new Set(kinds.flatMap((kind) => Object.keys(provider[kind])));
const unknown = [...wanted].filter((name) => !known.has(name));
if (unknown.length > 0) {
  fail(`the provider has no ${unknown.join(", ")}: correct the name, or remove its use from the code`);
}
const filtered = (kind) => Object.entries(provider[kind]).filter(([name]) => wanted.has(name));
const refreshed = {
  format_version: whole.format_version,
  provider_schemas: {
    [address]: {
      data_source_schemas: sorted(filtered("data_source_schemas")),
      provider: provider.provider,
      resource_schemas: sorted(filtered("resource_schemas")),
    },
  },
};
writeFileSync(file, `${JSON.stringify(refreshed, undefined, 1)}\n`);
console.log(`${file}: ${wanted.size} resources and data sources; now run npm test, and check the difference`);

function fail(message) {
  console.error(message);
  process.exit(1);
}
