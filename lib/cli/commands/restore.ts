import { failureJson } from "../../lookup/answer";
import { Mode } from "../../lock/mode";
import { nearestProjectFile, noProjectFile } from "../../lock/project-file";
import type { DeclaredRestore } from "../../lock/restores";
import { connectionToDestination } from "../../lock/connection";
import type { Settings } from "../../lock/settings";
import type { Connection } from "../../lookup/query";
import { checkEndpoint, checkEndpointServes } from "../../rds-api/endpoint";
import { awaitRunning } from "../../restore/await-running";
import { adoptInstance, createRestored } from "../../restore/make-restore";
import { RdsRestoreApi } from "../../restore/rds-restore-api";
import { RestoreFailure } from "../../restore/restore-failure";
import { isRunning, type RestoreRun } from "../../restore/restore-run";
import { standingOf } from "../../restore/standing";
import { ifGiven, InvalidRequestError } from "../../validation/checks";
import { chooseRestore } from "../choose-restore";
import { ExitCode, exitCodeFor } from "../exit-code";
import { type CommandResult, type Io, printNote, printWarnings } from "../io";
import {
  appFolder,
  type CommandSpec,
  connectionOptions,
  jsonOption,
  type LockFileOptions,
  lockFileOptions,
  readLockSettings,
  restoreEndpointOption,
} from "../options";
import { stoppedBy, untilSignal } from "../signals";
import { checkAccepted, confirm, planOf, warningsOn } from "../restore-plan";
import { type AppRun, runApp } from "../run-app";

interface RestoreOptions extends Omit<Connection, "endpoint">, LockFileOptions {
  readonly constructPath?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly wait: boolean;
  readonly json?: true;
}

/** `rds-dr restore`: makes the instance of a DisasterRecoveryInstance that Terraform then imports. */
export const restore: CommandSpec<RestoreOptions> = {
  name: "restore",
  does: "restore an instance that the app declares, once: the only command that creates anything",
  argument: {
    name: "construct-path",
    help: "path of the DisasterRecoveryInstance, such as dr/ledger-dr (default: the only one)",
  },
  options: [
    ["--yes", "do not ask: for pipelines"],
    ["--dry-run", "show what would be created, and stop"],
    ["--no-wait", "do not wait until the instance runs"],
    restoreEndpointOption,
    ...connectionOptions.filter(([flags]) => !flags.startsWith("--endpoint")),
    ...lockFileOptions,
    jsonOption,
  ],
  notes: `
The instance costs money. This command never changes or deletes one.

After any interruption, run it again: it looks for the instance before it asks RDS for it, with the same token. What it
asks for, and the instance, are in the lock file: commit it. The next synthesis imports the instance.
`,
  example: "rds-dr restore dr/ledger-dr",
  async run(options, io) {
    ifGiven(checkEndpoint, "restoreEndpoint", options.restoreEndpoint);
    const settings = readLockSettings(options, io);
    const { lockFile } = settings;
    const projectFile = nearestProjectFile(appFolder(options, io));
    if (projectFile === undefined) {
      throw new InvalidRequestError("appDir", undefined, `given, as ${noProjectFile}`);
    }
    if (lockFile === undefined) {
      throw new InvalidRequestError("lockFile", undefined, `given, as ${noProjectFile}`);
    }
    if (settings.restores !== undefined) {
      const allowed = "omitted, as this command writes the lock file, which the context would hide";
      throw new InvalidRequestError('"restores" in the context "rds-dr"', "an object", allowed);
    }
    const app = await runAppOf(projectFile, settings, lockFile, io);
    if (app.stoppedBy !== undefined) {
      return stoppedBy(app.stoppedBy, ", and nothing was created");
    }
    const declared = chooseRestore(app, options.constructPath);
    const run = restoreRunFor(declared, options, settings, lockFile, io);
    const progress: Progress = { isAskedFor: false };
    return untilSignal(
      io,
      () => restoreOnce(run, options, io, progress),
      () =>
        progress.isAskedFor
          ? `; if RDS was asked for an instance, it goes on. Run "npx rds-dr restore ${declared.path}" again`
          : ": this run asked RDS for no instance",
    );
  },
};

function runAppOf(projectFile: string, settings: Settings, lockFile: string, io: Io): Promise<AppRun> {
  if (settings.mode === Mode.DESTROY) {
    const allowed = '"live" or "locked" for this command: nothing is restored from placeholders';
    throw new InvalidRequestError("RDS_DR_MODE", settings.mode, allowed);
  }
  // As a refresh, the app reports what its lookups found, and writes nothing.
  const mode = settings.mode === Mode.LOCKED ? Mode.LOCKED : Mode.REFRESH;
  return runApp(projectFile, { RDS_DR_MODE: mode, RDS_DR_LOCK_FILE: lockFile }, io, false);
}

function restoreRunFor(
  declared: DeclaredRestore,
  options: RestoreOptions,
  settings: Settings,
  lockFile: string,
  io: Io,
): RestoreRun {
  const { regionId } = declared;
  const { restoreEndpoint, profile, roleArn } = options;
  if (restoreEndpoint !== undefined) {
    checkEndpointServes("restoreEndpoint", restoreEndpoint, regionId);
  }
  const { deadlineSeconds, concurrency } = settings;
  const { environment, clock } = io;
  const connection = connectionToDestination(regionId, { restoreEndpoint, profile, roleArn }, settings);
  const api = new RdsRestoreApi({ regionId, connection, deadlineSeconds, concurrency, environment });
  const tell = (line: string): void => {
    printNote(io, `rds-dr: ${line}`);
  };
  return { declared, lockFile, api, clock, tell };
}

/** How far a run is. */
interface Progress {
  /** Whether this run or an earlier one may have asked RDS for the instance. */
  isAskedFor: boolean;
}

/** Makes the instance, or finds it, and waits for it. */
async function restoreOnce(
  run: RestoreRun,
  options: RestoreOptions,
  io: Io,
  progress: Progress,
): Promise<CommandResult> {
  let locked: Restored | undefined;
  try {
    const standing = await standingOf(run);
    progress.isAskedFor = standing.status !== "missing" || standing.intent !== undefined;
    if (options.dryRun && standing.status !== "restored") {
      const plan = standing.status === "found" ? undefined : await planOf(run, standing.intent);
      const found = standing.status === "found" ? standing.instance.dbInstanceId : null;
      const texts = plan?.lines ?? [`${found ?? ""} is there already: this command would write it into the lock file`];
      return {
        exitCode: ExitCode.DONE,
        json: resultJson(run, "planned", { dbInstanceId: found, plan: plan?.json }),
        texts,
      };
    }
    const settled = await settleStanding(run, standing, options, io, progress);
    locked = settled.locked;
    const known = standing.status === "missing" ? undefined : standing.instance;
    const isWaiting = options.wait && !options.dryRun && !isRunning(known?.status);
    const { status: state = null } = (isWaiting ? await awaitRunning(run, locked) : known) ?? {};
    const { dbInstanceId } = locked;
    return {
      exitCode: ExitCode.DONE,
      json: resultJson(run, settled.status, { ...locked, instanceStatus: state }),
      texts: [`${dbInstanceId}${state === null ? "" : `  ${state}`}`],
      notes: [`rds-dr: commit the lock file; the next deploy imports ${dbInstanceId} as ${run.declared.path}`],
    };
  } catch (error) {
    if (!(error instanceof RestoreFailure)) {
      throw error;
    }
    const { failure, dbInstanceId = null } = error;
    const json = { ...resultJson(run, "failed", { ...locked, dbInstanceId }), error: failureJson(failure) };
    return { exitCode: exitCodeFor(failure), json, texts: [], failed: [{ name: run.declared.path, failure }] };
  }
}

type Restored = Awaited<ReturnType<typeof createRestored>>;

/** Gets the instance of a restore, however it stands, into the lock file. */
async function settleStanding(
  run: RestoreRun,
  standing: Awaited<ReturnType<typeof standingOf>>,
  options: RestoreOptions,
  io: Io,
  progress: Progress,
): Promise<{ readonly status: "adopted" | "created" | "restored"; readonly locked: Restored }> {
  switch (standing.status) {
    case "restored":
      return { status: "restored", locked: standing.locked };
    case "found": {
      const { dbInstanceId } = standing.instance;
      run.tell(`${dbInstanceId} has the name of ${run.declared.path}, and is taken for it: nothing is created`);
      return { status: "adopted", locked: await adoptInstance(run, standing.instance, standing.intent) };
    }
    case "missing": {
      const { intent } = standing;
      printWarnings(io, await warningsOn(run, intent));
      if (intent === undefined) {
        await checkAccepted(run);
      }
      const { lines } = await planOf(run, intent);
      lines.forEach((line) => {
        printNote(io, line);
      });
      if (options.yes) {
        progress.isAskedFor = true;
        return { status: "created", locked: await createRestored(run, intent) };
      }
      await confirm(io);
      // While somebody thought about it, another run may have created it.
      const now = await standingOf(run);
      if (now.status !== "missing") {
        return settleStanding(run, now, options, io, progress);
      }
      progress.isAskedFor = true;
      return { status: "created", locked: await createRestored(run, now.intent) };
    }
  }
}

/** The form that scripts rely on. */
function resultJson(
  { declared: { path }, lockFile }: RestoreRun,
  status: "adopted" | "created" | "failed" | "planned" | "restored",
  facts: Partial<Pick<Restored, "crossBackupId" | "restoreTime">> & {
    readonly dbInstanceId: string | null;
    readonly instanceStatus?: string | null;
    readonly plan?: object | undefined;
  },
): object {
  const { dbInstanceId, instanceStatus = null, crossBackupId = null, restoreTime = null, plan = null } = facts;
  return { path, status, dbInstanceId, instanceStatus, crossBackupId, restoreTime, lockFile, plan, error: null };
}
