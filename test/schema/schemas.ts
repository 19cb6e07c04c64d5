import { Ajv2020, type AnySchemaObject, type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, readText } from "../fixtures";

const folder = join(projectRoot, "schema");

/** Where npm's mirrors serve the schemas of the package. */
export const schemaBase = "https://unpkg.com/cdktf-alicloud-rds-dr/schema/";

/** A schema of the package. */
export function readSchema(name: string): Readonly<Record<string, unknown>> {
  const text = readText(folder, `${name}.schema.json`);
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats(ajv);
ajv.addSchema(readdirSync(folder).map((file) => JSON.parse(readText(folder, file)) as AnySchemaObject));

/** What a schema says of a value, compiled as strictly as can be; one may refer to another. */
export function validatorOf(name: string): ValidateFunction {
  const validate = ajv.getSchema(`${schemaBase}${name}.schema.json`);
  if (validate === undefined) {
    throw new Error(`there is no schema/${name}.schema.json`);
  }
  return validate;
}

/** The keywords of a schema that JSON text offends against. */
export function offences(name: string, text: string): readonly string[] {
  const validate = validatorOf(name);
  return validate(JSON.parse(text)) ? [] : (validate.errors ?? []).map(({ keyword }) => keyword);
}

/** Where a schema is not strict, or says too little: places within it. */
export function looseEnds(schema: unknown, place = "#"): readonly string[] {
  if (typeof schema !== "object" || schema === null) {
    return [];
  }
  const { type, properties, additionalProperties, description } = schema as Readonly<Record<string, unknown>>;
  const isOpen = type === "object" && additionalProperties !== false;
  const isSilent = typeof description !== "string" && /\/(?:properties|patternProperties|\$defs)\/[^/]+$/.test(place);
  const isBare = typeof properties === "object" && type !== "object" && !/\/(?:properties|\$defs)$/.test(place);
  return [
    ...(isOpen ? [`${place} is open`] : []),
    ...(isSilent ? [`${place} has no description`] : []),
    ...(isBare ? [`${place} has no type`] : []),
    ...Object.entries(schema).flatMap(([name, each]) => looseEnds(each, `${place}/${name}`)),
  ];
}
