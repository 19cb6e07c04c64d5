import { Ajv2020, type ValidateFunction } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { join } from "node:path";
import { projectRoot, readText } from "../fixtures";

/** A schema of the package. */
export function readSchema(name: string): Readonly<Record<string, unknown>> {
  const text = readText(join(projectRoot, "schema", `${name}.schema.json`));
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

/** What a schema says of a value, compiled as strictly as can be. */
export function validatorOf(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats(ajv);
  return ajv.compile(readSchema(name));
}

/** Where a schema is not strict, or says too little: places within it. */
export function looseEnds(schema: unknown, place = "#"): readonly string[] {
  if (typeof schema !== "object" || schema === null) {
    return [];
  }
  const { type, properties, additionalProperties, description } = schema as Readonly<Record<string, unknown>>;
  const isOpen = type === "object" && additionalProperties !== false;
  const isSilent =
    typeof description !== "string" && /\/(?:properties|patternProperties|\$defs)\/[^/]+$/.test(place);
  const isBare =
    typeof properties === "object" && type !== "object" && !/\/(?:properties|\$defs)$/.test(place);
  return [
    ...(isOpen ? [`${place} is open`] : []),
    ...(isSilent ? [`${place} has no description`] : []),
    ...(isBare ? [`${place} has no type`] : []),
    ...Object.entries(schema).flatMap(([name, each]) => looseEnds(each, `${place}/${name}`)),
  ];
}
