// The layers of lib/, from the top. A layer may import itself and what is below it, nothing above.
const layers = ["constructs", "synthesis", "lock", "lookup", "rds-api", "validation", "backup"];

// cli/ enters the same road at the answers, without CDKTF.
const cliMayImport = ["restore", "report", "lock", "lookup", "rds-api", "validation", "backup", "simulator"];

const anyOf = (names) => `^lib/(${names.join("|")})/`;

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, path: "^lib/" },
      to: {},
    },
    ...layers.map((layer, depth) => ({
      name: `${layer}-imports-only-downwards`,
      severity: "error",
      from: { path: `^lib/${layer}/` },
      to: { path: "^lib/", pathNot: anyOf(layers.slice(depth)) },
    })),
    {
      name: "cli-enters-below-synthesis",
      severity: "error",
      from: { path: "^lib/cli/" },
      to: { path: "^lib/", pathNot: anyOf(["cli", ...cliMayImport]) },
    },
    {
      name: "restore-imports-only-downwards",
      comment: "What creates instances: only the command uses it.",
      severity: "error",
      from: { path: "^lib/restore/" },
      to: { path: "^lib/", pathNot: anyOf(["restore", ...layers.slice(layers.indexOf("lock"))]) },
    },
    {
      name: "report-imports-only-downwards",
      comment: "What a report says, and its forms: only the command uses it.",
      severity: "error",
      from: { path: "^lib/report/" },
      to: { path: "^lib/", pathNot: anyOf(["report", ...layers.slice(layers.indexOf("lookup"))]) },
    },
    {
      name: "only-the-cli-reports",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/(cli|report)/" },
      to: { path: "^lib/report/" },
    },
    {
      name: "simulator-stands-alone",
      comment: "The simulator is a second reading of the API: sharing code with the client would hide mistakes.",
      severity: "error",
      from: { path: "^lib/simulator/" },
      to: { path: "^lib/", pathNot: "^lib/simulator/" },
    },
    {
      name: "only-the-cli-and-the-testing-kit-use-the-simulator",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/(cli|simulator|testing/world)/" },
      to: { path: "^lib/simulator/" },
    },
    {
      name: "answers-of-tests-need-no-simulator",
      comment: "Other languages get them, and no simulator.",
      severity: "error",
      from: { path: "^lib/testing/test-" },
      to: { path: "^lib/simulator/", reachable: true },
    },
    {
      name: "cdktf-only-in-constructs-and-synthesis",
      severity: "error",
      from: { path: "^lib/[^/]+/", pathNot: "^lib/(constructs|synthesis)/" },
      to: { path: "node_modules/(cdktf|constructs)/" },
    },
    {
      name: "pop-core-only-in-its-adapter",
      severity: "error",
      from: { path: "^lib/", pathNot: "^lib/rds-api/pop-core-transport\\.ts$" },
      to: { path: "node_modules/@alicloud/pop-core/" },
    },
    {
      name: "pop-core-never-in-the-main-thread-of-a-synthesis",
      severity: "error",
      from: {
        path: "^lib/[^/]+\\.ts$|^lib/(constructs|synthesis)/",
        pathNot: "^lib/synthesis/lookup-worker\\.ts$",
      },
      to: { path: "^lib/rds-api/pop-core-transport\\.ts$", reachable: true },
    },
    {
      name: "the-domain-is-pure",
      severity: "error",
      from: { path: "^lib/backup/" },
      to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-peer"] },
    },
    {
      name: "the-benchmark-is-not-shipped",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^bench/" },
    },
    {
      name: "the-benchmark-measures-what-users-get",
      comment: "By its name the package is what package.json exports, and nothing else of it.",
      severity: "error",
      from: { path: "^bench/" },
      to: { path: "^lib/", pathNot: "^lib/(index|simulator/index)\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(cdktf\\.out|^dist)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
