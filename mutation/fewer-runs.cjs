// fast-check, but a property is tried with a few values for each mutant, always the same ones.
// By its file: jest takes the package's name for this file, and the package exports no path.
const fc = require("../node_modules/fast-check/lib/cjs/fast-check.js");

const assert = (property, parameters) => fc.assert(property, { ...parameters, numRuns: 20, seed: 1 });

// The alphabet of every code point takes a second to be made.
const string = ({ unit, ...rest } = {}) => fc.string(unit === "binary" ? rest : { unit, ...rest });

module.exports = { ...fc, assert, string, __esModule: true };
