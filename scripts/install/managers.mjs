// The package managers: how each installs packages into a project, and runs a command of them.
import { join } from "node:path";

/** What most of them have in common. */
const common = {
  /** How it is used, in words. */
  how: "",
  /** Where the app is, below the folder of the package manager. */
  appFolder: ".",
  /** Files of that folder, by name. */
  files: {},
  /** The words that run a command of an installed package. */
  command: (words) => words,
  /** Where such commands are. */
  bins: ["node_modules/.bin"],
};

/** The package managers with their tools in the table of versions, and the command that installs packages. */
export const managers = {
  npm: {
    ...common,
    tools: ["npm"],
    install: (specs) => ["npm", "install", "--save-exact", ...specs],
  },
  "npm workspaces": {
    ...common,
    how: "workspaces",
    tools: ["npm"],
    appFolder: join("packages", "infra"),
    files: { "package.json": JSON.stringify({ name: "root", private: true, workspaces: ["packages/*"] }) },
    install: (specs) => ["npm", "install", "--save-exact", "--workspace", "packages/infra", ...specs],
  },
  // A package sees only what it names in its own package.json.
  pnpm: {
    ...common,
    how: "strict",
    tools: ["pnpm"],
    files: { "pnpm-workspace.yaml": "hoist: false\nstrictPeerDependencies: true\nstrictDepBuilds: false\n" },
    install: (specs) => ["pnpm", "add", "--save-exact", ...specs],
  },
  // There is no node_modules. Without the last setting, Yarn asks a search service on the internet for types.
  yarn: {
    ...common,
    how: "plug'n'play",
    tools: ["yarn"],
    files: { ".yarnrc.yml": "nodeLinker: pnp\ntsEnableAutoTypes: false\n", "yarn.lock": "" },
    install: (specs, { name, file }) => [
      ...["yarn", "add", "--exact"],
      ...specs.map((spec) => (spec === file ? `${name}@file:${file}` : spec)),
    ],
    command: (words) => ["yarn", "exec", ...words],
    bins: [],
  },
  bun: {
    ...common,
    tools: ["bun"],
    install: (specs) => ["bun", "add", "--exact", ...specs],
  },
};
