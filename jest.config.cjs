// Tests run as jsii compiled them. A file named *.slow.test.ts takes seconds: `npm test` leaves it out, and
// `npm run test:slow` runs it. `npx jest dist/test/path` runs either.
const slow = "\\.slow\\.test\\.js$";

const shared = { roots: ["<rootDir>/dist/test"], testEnvironment: "node", transform: {} };

/** @type {import("jest").Config} */
module.exports = {
  // Jest takes one worker on a machine of two cores.
  maxWorkers: 2,
  projects: [
    { ...shared, displayName: "quick", testPathIgnorePatterns: [slow] },
    { ...shared, displayName: "slow", testMatch: ["**/*.slow.test.js"] },
  ],
};
