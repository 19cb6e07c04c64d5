// The package managers: how each installs packages into a project, and runs a command of them.
import { join } from "node:path";

/**
 * What the cases need of a package manager.
 *
 * `how` says how it is used, `keys` are its tools in the table of versions, `files` what its project has beside the app, in `appFolder`, `install` the
 * command that installs packages, and `command` the words that run a command of an installed package.
 */
export const managers = {
  npm: {
    how: "",
    keys: ["npm"],
    appFolder: ".",
    files: () => ({}),
    install: (specs) => ["npm", "install", "--save-exact", ...specs],
    command: (words) => words,
    bins: ["node_modules/.bin"],
  },
  // Strict: a package sees only what it names in its own package.json.
  pnpm: {
    how: "strict",
    keys: ["pnpm"],
    appFolder: ".",
    files: () => ({ "pnpm-workspace.yaml": "hoist: false\nstrictPeerDependencies: true\nstrictDepBuilds: false\n" }),
    install: (specs) => ["pnpm", "add", "--save-exact", ...specs],
    command: (words) => words,
    bins: ["node_modules/.bin"],
  },
  // Plug'n'play: no node_modules at all. Without the last setting, Yarn asks a search service on the internet for types.
  yarn: {
    how: "plug'n'play",
    keys: ["yarn"],
    appFolder: ".",
    files: () => ({ ".yarnrc.yml": "nodeLinker: pnp\ntsEnableAutoTypes: false\n", "yarn.lock": "" }),
    install: (specs, { name, file }) => [
      "yarn",
      "add",
      "--exact",
      ...specs.map((spec) => (spec === file ? `${name}@file:${file}` : spec)),
    ],
    command: (words) => ["yarn", "exec", ...words],
    bins: [],
  },
  bun: {
    how: "",
    keys: ["bun"],
    appFolder: ".",
    files: () => ({}),
    install: (specs) => ["bun", "add", "--exact", ...specs],
    command: (words) => words,
    bins: ["node_modules/.bin"],
  },
  // The app is one package of several, and everything is installed in the folder above.
  "npm workspaces": {
    how: "workspaces",
    keys: ["npm"],
    appFolder: join("packages", "infra"),
    files: () => ({ "package.json": JSON.stringify({ name: "root", private: true, workspaces: ["packages/*"] }) }),
    install: (specs) => ["npm", "install", "--save-exact", "--workspace", "packages/infra", ...specs],
    command: (words) => words,
    bins: ["node_modules/.bin"],
  },
};
