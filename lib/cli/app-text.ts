import type { DiscoveredInstance } from "../lookup/discover";
import { framework, packageName } from "../validation/own-package";

/** An instance to declare a lookup for. */
export type DeclaredLookup = Pick<DiscoveredInstance, "dbInstanceId" | "regionId" | "crossBackupRegion"> & {
  readonly profile?: string | undefined;
};

const objective = "How old the data may be is the objective of your team: add";

/** An app in TypeScript with a lookup for each instance that has copies. */
export function typeScriptApp(instances: readonly DeclaredLookup[]): string {
  const rows = propsOf(instances).map(
    (props) => `  { ${props.map(([name, value]) => `${name}: ${value}`).join(", ")} },`,
  );
  return `import { App, TerraformStack } from "${framework}";
import { LatestCrossRegionBackup } from "${packageName}";

const instances = [
${rows.join("\n")}
];

const app = new App();
const stack = new TerraformStack(app, "backups");
for (const instance of instances) {
  // ${objective} maxAgeHours.
  new LatestCrossRegionBackup(stack, instance.dbInstanceId, { ...instance });
}
app.synth();`;
}

/** The same in Python. */
export function pythonApp(instances: readonly DeclaredLookup[]): string {
  const rows = propsOf(instances).map(
    (props) => `    dict(${props.map(([name, value]) => `${snakeCase(name)}=${value}`).join(", ")}),`,
  );
  return `from ${framework} import App, TerraformStack
from ${packageName.replaceAll("-", "_")} import LatestCrossRegionBackup

instances = [
${rows.join("\n")}
]

app = App()
stack = TerraformStack(app, "backups")
for instance in instances:
    # ${objective} max_age_hours.
    LatestCrossRegionBackup(stack, instance["db_instance_id"], **instance)
app.synth()`;
}

/** The props of each lookup, with values that both languages read. The copies are restored where they are. */
function propsOf(instances: readonly DeclaredLookup[]): readonly (readonly (readonly [string, string])[])[] {
  // Two profiles can see one account.
  const distinct = new Map(instances.map((instance) => [instance.dbInstanceId, instance]));
  return [...distinct.values()]
    .filter(({ crossBackupRegion }) => crossBackupRegion !== undefined)
    .map(({ dbInstanceId, regionId, crossBackupRegion, profile }) =>
      Object.entries({ dbInstanceId, regionId, restoreRegion: crossBackupRegion, profile }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, JSON.stringify(value)] as const],
      ),
    );
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
