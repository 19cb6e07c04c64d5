// Writes what the published JSON Schemas say of a record's fields: their forms, and the reasons of rejection. The
// descriptions are written by hand. With --check, it only says which schemas differ.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, URL } from "node:url";
import { format } from "prettier";

const require = createRequire(import.meta.url);
const { digits, instant } = require("../dist/lib/backup/forms.js");
const { recordFields } = require("../dist/lib/backup/record-fields.js");
const { rejectionReasons } = require("../dist/lib/backup/validity.js");

const schemaOf = (form, defs) => {
  if (form === instant && defs.instant) {
    return { $ref: "#/$defs/instant" };
  }
  if (form === digits && defs.digits) {
    return { $ref: "#/$defs/digits" };
  }
  return form.pattern === undefined ? { type: "integer", minimum: 0 } : { type: "string", pattern: form.pattern };
};

const regionSchema = schemaOf(recordFields.crossBackupRegion.form, {});

/** The schemas with fields of a record, and the places in them. */
const places = {
  record: (schema) => [schema],
  "lock-file": (schema) => [schema.$defs.backup, schema.$defs.record],
};

let differs = false;
for (const [name, placesIn] of Object.entries(places)) {
  const file = fileURLToPath(new URL(`../schema/${name}.schema.json`, import.meta.url));
  const before = readFileSync(file, "utf8");
  const schema = JSON.parse(before);
  for (const { properties } of placesIn(schema)) {
    for (const [field, { form }] of Object.entries(recordFields)) {
      const { description, ...given } = properties[field] ?? {};
      if (!description) {
        throw new Error(`describe "${field}" in schema/${name}.schema.json: "${field}": { "description": "…" }`);
      }
      // A locked backup has an id that the API can be asked for: its form is narrower.
      const isNarrower = field === "crossBackupId" && given.pattern !== undefined && given.pattern !== form.pattern;
      properties[field] = isNarrower ? properties[field] : { description, ...schemaOf(form, schema.$defs) };
    }
    Object.assign(properties.restoreRegions.items, regionSchema);
  }
  if (schema.$defs.rejectionReason) {
    schema.$defs.rejectionReason.enum = rejectionReasons;
  }
  if (schema.$defs.digits) {
    schema.$defs.digits.pattern = digits.pattern;
  }
  if (JSON.stringify(JSON.parse(before)) !== JSON.stringify(schema)) {
    differs = true;
    console.log(`schema/${name}.schema.json differs from lib/backup: "npm run record-schemas" writes it`);
    if (!process.argv.includes("--check")) {
      writeFileSync(file, await format(JSON.stringify(schema), { parser: "json", printWidth: 120 }));
    }
  }
}
process.exitCode = differs && process.argv.includes("--check") ? 1 : 0;
