/** Every tool that the install matrix installs, in one exact version: so a run can be repeated. */
export const versions = {
  "node 20": "20.17.0",
  "node 22": "22.23.3",
  "node 24": "24.21.0",
  npm: "11.19.1",
  pnpm: "12.21.0",
  yarn: "4.18.1",
  "typescript 5.4": "5.4.5",
  "typescript 6.0": "6.0.3",
  "typescript 7.0": "7.0.2",
  "@types/node 20": "20.19.43",
  "@types/node 22": "22.20.5",
  "@types/node 24": "24.19.2",
  "@types/jest": "30.0.0",
  tsx: "4.23.15",
  "ts-node": "10.9.2",
  jest: "30.5.2",
  "ts-jest": "29.4.15",
  vitest: "5.1.1",
  esbuild: "0.28.2",
  webpack: "5.113.0",
  "webpack-cli": "7.3.1",
  bun: "1.4.5",
  "bun too old": "1.4.2",
  publint: "0.3.25",
  "@arethetypeswrong/cli": "0.18.5",
  cdktf: "0.21.0",
  "cdktf-cli": "0.21.0",
  "constructs for cdktf": "10.8.1",
  cdktn: "0.24.0",
  "cdktn-cli": "0.24.0",
  "constructs for cdktn": "10.7.2",
};

/** The framework's `init` installs what was the latest on this day. */
export const initDate = "2026-11-26";

/** Packages whose key in the table is not their name. */
const packages = { yarn: "@yarnpkg/cli-dist" };

/** What a package manager is asked for, such as `typescript@5.4.5` for the key `typescript 5.4`. */
export function specOf(key) {
  const version = versions[key];
  if (version === undefined) {
    throw new Error(`scripts/install/versions.mjs has no version of "${key}"`);
  }
  const [name] = key.split(" ");
  return `${packages[name] ?? name}@${version}`;
}

/** A tool with its version, for people. */
export function shown(key) {
  return `${key.split(" ")[0]} ${versions[key]}`;
}
