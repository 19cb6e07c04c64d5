// The tests that judge the mutants: in process, without network, in milliseconds.
const { projects } = require("../jest.config.cjs");

const [quick] = projects;
/** They wait for a network or for files, load cdktf, or try thousands of cases. */
const slower = [
  "connection",
  "disaster-recovery-instance",
  "preconditions",
  "project-file",
  "refreshed-window",
  "settle",
  "settings",
  "update-lock-file",
];

/** @type {import("jest").Config} */
module.exports = {
  ...quick,
  rootDir: "..",
  roots: ["backup", "constructs/disaster-recovery-instance", "lock"].map(
    (name) => `<rootDir>/dist/test/${name}`,
  ),
  moduleNameMapper: { "^fast-check$": "<rootDir>/mutation/fewer-runs.cjs" },
  testPathIgnorePatterns: [...quick.testPathIgnorePatterns, `/(?:${slower.join("|")})\\.test\\.js$`],
};
