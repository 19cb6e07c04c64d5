// Compiles lib, tests, examples and bench into dist/ with jsii, which also writes the assembly: what the packages for
// other languages are made of. A second compiler would overwrite what jsii adds to the classes.
import { createRequire } from "node:module";
import { versions } from "node:process";

// jsii warns at length of a version of Node whose support has ended; `engines` says which ones this package supports.
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION = versions.node.split(".")[0];
// Words that are reserved in another language are names of the provider's schema.
process.argv.push("--compress-assembly", "--silence-warnings=reserved-word");
createRequire(import.meta.url)("jsii/bin/jsii");
