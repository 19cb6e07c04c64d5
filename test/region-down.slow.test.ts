import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { simulatorCredentials, startSimulator, type Simulator, type World, type WorldRecord } from "../lib/simulator";
import { approved, expectSeen, hoursEarlier, sectionsOf } from "./chapter";
import { hoursOld, instance, projectRoot, temporaryFolders } from "./fixtures";
import { OperatorProject } from "./operator-project";
import { terraform } from "./terraform";

const temporaryFolder = temporaryFolders();

/** The situation in which the steps below a heading are typed. */
interface Scene {
  /** The records of the instance in the region. "away": it does not answer. "no instance": it answers, but has none. */
  readonly region: readonly WorldRecord[] | "away" | "no instance";
  /** By how many hours the lock file is older than at the end of the first scene. */
  readonly hoursLater?: number;
  readonly hasNoLockFile?: boolean;
  readonly hasNoCredentials?: boolean;
  readonly needsTerraform?: boolean;
  /** The replacement is there already. */
  readonly isDeployed?: boolean;
}

// One instant for all simulators, so that a record has the same times in each.
const now = new Date();
const older = hoursOld(29, 14538);
const locked = hoursOld(5, 14562);

const scenes: Readonly<Record<string, Scene>> = {
  "Every night, while all is well": { region: [older, locked] },
  "The region does not answer": { region: "away" },
  "Deploy the replacement": { region: "away", hasNoCredentials: true, needsTerraform: true },
  "Use Terraform itself, in a fresh clone": {
    region: "away",
    hasNoCredentials: true,
    needsTerraform: true,
    isDeployed: true,
  },
  "The region stays away, and the backup grows too old": { region: "away", hoursLater: 48 },
  "The region does not answer, and nothing is locked": { region: "away", hasNoLockFile: true },
  "The credentials are denied or missing": { region: [older, locked], hasNoCredentials: true },
  "The region is back, without its latest backups": { region: [older, { ...locked, "x-listed": false }] },
  "The region is back, and the locked backup is gone": { region: [older] },
  "The region is back, and the instance is gone": { region: "no instance" },
  "Ask nothing at all": { region: [older] },
  "Afterwards: refresh the lock file": { region: [older] },
  "Afterwards: destroy what is left": {
    region: "away",
    hoursLater: 700,
    hasNoCredentials: true,
    needsTerraform: true,
    isDeployed: true,
  },
  "Afterwards: destroy without a lock file": {
    region: "away",
    hasNoLockFile: true,
    hasNoCredentials: true,
    needsTerraform: true,
    isDeployed: true,
  },
};

const sections = sectionsOf("region-down.md");

let simulator: Simulator;
let port: number;
let project: OperatorProject;
/** The lock file at the end of the first scene. */
let lock: string | undefined;

beforeAll(async () => {
  simulator = await startSimulator({ now: () => now, world: worldOf([older]) });
  port = Number(new URL(simulator.url).port);
  project = new OperatorProject(temporaryFolder(join(projectRoot, "dist")), simulator.url);
  // The night before.
  await run("npx rds-dr refresh && git init && git add rds-dr.lock.json && git commit -m first");
});

afterAll(() => simulator.stop());

test("the page has the headings that this test plays, in this order", () => {
  expect(sections.map(({ heading }) => heading)).toEqual(Object.keys(scenes));
  expect(sections.filter(({ steps }) => steps.length === 0)).toEqual([]);
});

describe.each(Object.entries(scenes))("%s", (heading, scene) => {
  const { steps } = sections.find((section) => section.heading === heading) ?? { steps: [] };
  const play = scene.needsTerraform === true && terraform === undefined ? test.skip : test;

  const needs = scene.needsTerraform === true ? " (needs terraform or tofu)" : "";

  play(
    `works as the page says${needs}`,
    async () => {
      await setUp(scene);
      for (const { command, seen } of steps) {
        const before = simulator.requests.length;
        const ended = await project.run(typed(command), scene.hasNoCredentials === true ? {} : credentials);
        expectSeen(command, seen.map(standIn), ended);
        if (/RDS_DR_MODE=(?:locked|destroy) /.test(command)) {
          expect({ command, requests: simulator.requests.slice(before) }).toEqual({ command, requests: [] });
        }
      }
      lock ??= project.readLock();
    },
    240_000,
  );
});

/** A command as it is typed here: nobody approves it, and Terraform may be OpenTofu. */
function typed(command: string): string {
  return approved(command).replace(/^terraform /, `${terraform ?? ""} `);
}

/** A text of the page, with the resource that needs no provider in place of that of the provider. */
function standIn(text: string): string {
  return text.replaceAll(/\balicloud_\w+/g, "terraform_data");
}

const credentials = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
};

async function setUp({ region, hoursLater = 0, hasNoLockFile, isDeployed }: Scene): Promise<void> {
  if (lock !== undefined) {
    writeFileSync(project.lockFile, hoursEarlier(lock, hoursLater));
  }
  if (isDeployed === true) {
    await restart([older, locked]);
    await run("npx cdktf deploy --auto-approve dr-cn-shanghai");
  }
  // Each scene begins in a fresh clone, but for Terraform's state.
  rmSync(join(project.folder, "cdktf.out"), { recursive: true, force: true });
  if (hasNoLockFile === true) {
    rmSync(project.lockFile);
  }
  await restart(region);
}

/** Starts a simulator on the same port with other records, or none. */
async function restart(region: Scene["region"]): Promise<void> {
  await simulator.stop();
  if (region !== "away") {
    simulator = await startSimulator({ port, now: () => now, world: worldOf(region) });
  }
}

function worldOf(region: readonly WorldRecord[] | "no instance"): World {
  return { instances: region === "no instance" ? [] : [instance("rm-uf6wjk5xxxx", region)] };
}

async function run(command: string): Promise<void> {
  const ended = await project.run(command, credentials);
  expect({ command, ...ended }).toMatchObject({ code: 0 });
}
