import { readProviderSchema, type Attribute, type AttributeType, type Block } from "./provider-schema";

/** What Terraform takes in every resource, whatever its provider. */
const metaArguments = ["//", "lifecycle", "depends_on", "provider", "count", "for_each", "connection"];

type Json = Readonly<Record<string, unknown>>;

/**
 * What a stack's JSON says of the provider's resources that the slice of the schema does not take: arguments that
 * it does not know, required ones that are missing, values of another type. Resources of other providers are none
 * of its business, but one of this provider that the slice lacks is an offence.
 */
export function schemaOffences(stack: Json): string[] {
  const schema = readProviderSchema();
  const ofProvider = listOf(objectOf(stack["provider"])["alicloud"]).flatMap((config) =>
    blockOffences("provider.alicloud", objectOf(config), schema.provider.block, ["alias"]),
  );
  const ofKind = (kind: string, schemas: Readonly<Record<string, { readonly block: Block }>>): string[] =>
    Object.entries(objectOf(stack[kind])).flatMap(([type, instances]) => {
      if (!type.startsWith("alicloud_")) {
        return [];
      }
      const known = schemas[type];
      return known === undefined
        ? [`${kind}.${type}: not in the slice of the schema`]
        : Object.entries(objectOf(instances)).flatMap(([name, config]) =>
            blockOffences(`${kind}.${type}.${name}`, objectOf(config), known.block, metaArguments),
          );
    });
  return [...ofProvider, ...ofKind("resource", schema.resource_schemas), ...ofKind("data", schema.data_source_schemas)];
}

function blockOffences(path: string, config: Json, block: Block, alsoKnown: readonly string[]): string[] {
  const { attributes = {}, block_types: blockTypes = {} } = block;
  const given = Object.entries(config).filter(([name]) => !alsoKnown.includes(name));
  return [
    ...given.flatMap(([name, value]) => {
      const attribute = attributes[name];
      const nested = blockTypes[name];
      if (attribute !== undefined) {
        return attributeOffences(`${path}.${name}`, value, attribute);
      }
      return nested === undefined
        ? [`${path}.${name}: not in the schema`]
        : listOf(value).flatMap((each) => blockOffences(`${path}.${name}`, objectOf(each), nested.block, []));
    }),
    ...Object.entries(attributes)
      .filter(([name, { required }]) => required === true && (config[name] ?? undefined) === undefined)
      .map(([name]) => `${path}.${name}: required, and missing`),
    ...Object.entries(blockTypes)
      .filter(([name, { min_items: least = 0 }]) => listOf(config[name]).length < least)
      .map(([name]) => `${path}.${name}: fewer blocks than required`),
  ];
}

function attributeOffences(path: string, value: unknown, { type, required, optional }: Attribute): string[] {
  if (required !== true && optional !== true) {
    return [`${path}: read-only`];
  }
  return fits(value, type) ? [] : [`${path}: ${JSON.stringify(value)} is no ${JSON.stringify(type)}`];
}

/** An expression may be of any type: Terraform judges it. */
function fits(value: unknown, type: AttributeType): boolean {
  if (typeof value === "string" && /\$\{.+\}/s.test(value)) {
    return true;
  }
  switch (type) {
    case "string":
    case "number":
      return typeof value === type;
    case "bool":
      return typeof value === "boolean";
    default: {
      const [collection, element] = type as readonly [string, AttributeType];
      if (collection === "map") {
        return isObject(value) && Object.values(value).every((each) => fits(each, element));
      }
      return Array.isArray(value) && value.every((each) => fits(each, element));
    }
  }
}

/** cdktf writes a single block as an object, and several as a list. */
function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
