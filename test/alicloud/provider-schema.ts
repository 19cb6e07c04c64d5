import { projectRoot, readText } from "../fixtures";

/** A type of an attribute as the schema writes it: `string`, or `["set", "string"]`. */
export type AttributeType = string | readonly [string, unknown];

export interface Attribute {
  readonly type: AttributeType;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
}

export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, NestedBlock>>;
}

interface NestedBlock {
  readonly nesting_mode: string;
  readonly block: Block;
  readonly min_items?: number;
  readonly max_items?: number;
}

interface Schema {
  readonly block: Block;
}

interface ProviderSchema {
  readonly provider: Schema;
  readonly resource_schemas: Readonly<Record<string, Schema>>;
  readonly data_source_schemas: Readonly<Record<string, Schema>>;
}

/** Address of the provider in the schema. */
export const providerAddress = "registry.terraform.io/aliyun/alicloud";

/** The slice of the provider's schema that the bindings are generated from. */
export function readProviderSchema(): ProviderSchema {
  const { provider_schemas: schemas } = JSON.parse(readText(projectRoot, "schema", "alicloud.json")) as {
    readonly provider_schemas: Readonly<Record<string, ProviderSchema>>;
  };
  const schema = schemas[providerAddress];
  if (schema === undefined) {
    throw new Error(`schema/alicloud.json has no ${providerAddress}`);
  }
  return schema;
}
