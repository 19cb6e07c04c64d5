import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Testing, TerraformStack } from "cdktf";
import * as bindings from "../lib/alicloud";
import { providerAddress, readProviderSchema } from "./alicloud/provider-schema";
import { schemaOffences } from "./alicloud/schema-offences";
import { projectRoot, readText, runNode, temporaryFolders } from "./fixtures";

const temporaryFolder = temporaryFolders();
const { resource_schemas: resources, data_source_schemas: dataSources } = readProviderSchema();

const classNameOf = (words: string): string =>
  words.replaceAll(/(?:^|_)(\w)/g, (_match, letter: string) => letter.toUpperCase());

test.each([
  ...Object.keys(resources).map((type) => [type, classNameOf(type.replace("alicloud_", ""))] as const),
  ...Object.keys(dataSources).map((type) => [type, classNameOf(`data_${type}`)] as const),
])("%s of the slice is exported as %s", (type, className) => {
  const binding = (bindings as unknown as Record<string, { readonly tfResourceType?: string }>)[className];
  expect(binding?.tfResourceType).toBe(type);
});

test("every resource that the code and the examples name is in the slice", () => {
  const named = ["lib", "examples"]
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
    )
    .filter((file) => /\.(ts|tf|md)$/.test(file) && !/cdktf\.out|node_modules/.test(file))
    .flatMap((file) => [...readText(projectRoot, file).matchAll(/\balicloud_[a-z0-9_]+/g)].map(([name]) => name));

  const known = [...Object.keys(resources), ...Object.keys(dataSources)];
  expect(named).toContain("alicloud_rds_ddr_instance");
  expect([...new Set(named)].filter((name) => !known.includes(name))).toEqual([]);
});

test("a stack asks Terraform for the provider by its address, in a range of versions", () => {
  const stack = new TerraformStack(Testing.stubVersion(new App()), "dr");
  new bindings.AlicloudProvider(stack, "alicloud", { region: "cn-shanghai" });
  new bindings.Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/8" });

  const json = JSON.parse(Testing.synth(stack)) as Record<string, unknown>;

  expect(json["terraform"]).toMatchObject({
    required_providers: { alicloud: { source: "aliyun/alicloud", version: "~> 1.289" } },
  });
  expect(json["provider"]).toEqual({ alicloud: [{ region: "cn-shanghai" }] });
  expect(schemaOffences(json)).toEqual([]);
});

describe("the script that refreshes the slice", () => {
  const refresh = (schema: unknown, ...names: string[]) => {
    const folder = temporaryFolder();
    for (const each of ["scripts", "schema"]) {
      mkdirSync(join(folder, each));
    }
    cpSync(join(projectRoot, "scripts", "refresh-schema.mjs"), join(folder, "scripts", "refresh-schema.mjs"));
    writeFileSync(
      join(folder, "schema", "alicloud.json"),
      JSON.stringify({
        provider_schemas: {
          [providerAddress]: {
            resource_schemas: { alicloud_vpc: {} },
            data_source_schemas: { alicloud_db_zones: {} },
          },
        },
      }),
    );
    const finished = runNode([join(folder, "scripts", "refresh-schema.mjs"), ...names], {
      cwd: folder,
      input: JSON.stringify(schema),
    });
    return finished.then((result) => ({
      ...result,
      slice: JSON.parse(readText(folder, "schema", "alicloud.json")) as unknown,
    }));
  };
  const whole = {
    format_version: "1.0",
    provider_schemas: {
      [providerAddress]: {
        provider: { version: 0 },
        resource_schemas: {
          alicloud_vswitch: { version: 2 },
          alicloud_vpc: { version: 1 },
          alicloud_oss: { version: 3 },
        },
        data_source_schemas: { alicloud_db_zones: { version: 4 }, alicloud_zones: { version: 5 } },
        functions: {},
      },
      "registry.terraform.io/hashicorp/local": {},
    },
  };

  it("takes what the slice holds, and what is named, out of the provider's whole schema", async () => {
    const { code, stderr, slice } = await refresh(whole, "alicloud_vswitch");

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(slice).toEqual({
      format_version: "1.0",
      provider_schemas: {
        [providerAddress]: {
          provider: { version: 0 },
          resource_schemas: { alicloud_vpc: { version: 1 }, alicloud_vswitch: { version: 2 } },
          data_source_schemas: { alicloud_db_zones: { version: 4 } },
        },
      },
    });
  });

  it("leaves the slice alone where the provider lacks something of it", async () => {
    const { code, stderr, slice } = await refresh(whole, "alicloud_vswtich");

    expect(code).toBe(1);
    expect(stderr).toContain("the provider has no alicloud_vswtich: correct the name");
    expect(JSON.stringify(slice)).not.toContain("version");
  });

  it("says what to do where the schema is that of other providers", async () => {
    const { code, stderr } = await refresh({
      provider_schemas: { "registry.terraform.io/hashicorp/local": {} },
    });

    expect(code).toBe(1);
    expect(stderr).toContain(
      `(registry.terraform.io/hashicorp/local): run "terraform init" with aliyun/alicloud first`,
    );
  });
});
