import { failureJson } from "../../lookup/answer";
import type { DiscoveredInstance } from "../../lookup/discover";
import { instancesText } from "../../report/report-text";
import { InvalidRequestError } from "../../validation/checks";
import { onOneLine } from "../../validation/printable";
import { pythonApp, typeScriptApp } from "../app-text";
import {
  checkDiscovery,
  connectionsOptions,
  type Discovery,
  discoverEach,
  type DiscoveryOptions,
  failuresOf,
  placeText,
} from "../discovery";
import { exitCodeFor } from "../exit-code";
import { openJournal } from "../journal";
import { type CommandSpec, jsonOption, readCommandSettings, regionReading, resumeOption } from "../options";

interface DiscoverOptions extends DiscoveryOptions {
  readonly typescript?: true;
  readonly python?: true;
  readonly resume?: string;
  readonly json?: true;
}

/** `rds-dr discover`: the instances whose backups are copied to another region. */
export const discover: CommandSpec<DiscoverOptions> = {
  name: "discover",
  does: "list the instances whose backups are copied to another region",
  options: [
    ["--region-id <region...>", "regions of the instances", regionReading],
    ["--all", "also list the instances whose backups are not copied"],
    ["--tag <key=value...>", "only instances that have each of these tags"],
    ...connectionsOptions,
    ["--typescript", "print an app in TypeScript that looks up each of them"],
    ["--python", "print an app in Python that looks up each of them"],
    resumeOption,
    jsonOption,
  ],
  notes: `
Each profile is asked for each region. What is printed goes to lookup: rds-dr lookup --from - takes it.

An instance that is copied, but not listed, was released, or your rights do not let you list it. Its copies stay until
they expire. Only --all and --tag ask for the list of instances.

If a region cannot be listed whole, none of its instances is printed, and the exit code says so. With --resume, the
next run within an hour asks for those regions only.
`,
  example: "rds-dr discover --region-id cn-hangzhou --json | rds-dr lookup --from - --restore-region cn-shanghai",
  async run(options, io) {
    checkOptions(options);
    const settings = readCommandSettings({}, io);
    const journal = openJournal(options.resume, io);
    const discoveries = await discoverEach(options, settings, io, journal).finally(() => journal?.close());
    if (discoveries.every(({ failure }) => failure === undefined)) {
      journal?.remove();
    }
    return {
      exitCode: Math.max(...discoveries.map(({ failure }) => exitCodeFor(failure))),
      json: {
        instances: instancesJson(discoveries),
        regions: discoveries.map(regionJson),
      },
      texts: textsOf(discoveries, options),
      failed: options.json ? [] : failuresOf(discoveries),
      notes: discoveries.flatMap(({ resumedFrom, ...place }) =>
        resumedFrom === undefined ? [] : [`rds-dr: ${placeText(place)}: listed by an earlier run, at ${resumedFrom}`],
      ),
    };
  },
};

function checkOptions(options: DiscoverOptions): void {
  const forms = (["typescript", "python", "json"] as const).filter((form) => options[form]);
  if (forms.length > 1) {
    throw new InvalidRequestError(forms[1] ?? "", true, `omitted beside --${forms[0] ?? ""}: it prints another form`);
  }
  checkDiscovery(options);
}

/** One after the other, as those of a fleet are long. */
function* instancesJson(discoveries: readonly Discovery[]): Generator<object> {
  for (const { profile, instances } of discoveries) {
    for (const instance of instances) {
      yield instanceJson(instance, profile);
    }
  }
}

/** The form that scripts rely on. */
function instanceJson(instance: DiscoveredInstance, profile: string | undefined): object {
  return {
    dbInstanceId: instance.dbInstanceId,
    regionId: instance.regionId,
    profile: profile ?? null,
    description: instance.description ?? null,
    status: instance.status ?? null,
    engine: instance.engine ?? null,
    engineVersion: instance.engineVersion ?? null,
    dbInstanceClass: instance.dbInstanceClass ?? null,
    crossBackupRegion: instance.crossBackupRegion ?? null,
    retentionDays: instance.retentionDays ?? null,
    backupEnabled: instance.backupEnabled ?? null,
    logBackupEnabled: instance.logBackupEnabled ?? null,
    isListed: instance.isListed ?? null,
  };
}

function regionJson({ regionId, profile, instances, failure }: Discovery): object {
  return {
    regionId,
    profile: profile ?? null,
    count: failure === undefined ? instances.length : null,
    error: failure === undefined ? null : failureJson(failure),
  };
}

/** For people, or an app for the instances of all places. */
function* textsOf(discoveries: readonly Discovery[], { typescript, python }: DiscoverOptions): Generator<string> {
  if (typescript ?? python) {
    const found = discoveries.flatMap(({ instances, profile }) => instances.map((each) => ({ ...each, profile })));
    yield typescript ? typeScriptApp(found) : pythonApp(found);
    return;
  }
  for (const discovery of discoveries.filter(({ failure }) => failure === undefined)) {
    yield* linesOf(discovery);
  }
}

/** A line for each instance, which `lookup --from` takes: what follows the id is a comment there. */
function* linesOf({ instances, ...place }: Discovery): Generator<string> {
  const width = instances.reduce((most, { dbInstanceId }) => Math.max(most, dbInstanceId.length), 0);
  yield `# ${placeText(place)}: ${instancesText(instances.length)}`;
  for (const instance of instances) {
    yield `${instance.dbInstanceId.padEnd(width)}  # ${factsOf(instance)}`;
  }
}

function factsOf(instance: DiscoveredInstance): string {
  const { engine = "unknown engine", engineVersion = "", description, dbInstanceId, isListed } = instance;
  return [
    `${engine} ${engineVersion}`.trimEnd(),
    copiesOf(instance),
    ...(isListed === false ? ["not listed: it was released, or you may not list it"] : []),
    ...(description === undefined || description === dbInstanceId ? [] : [onOneLine(description)]),
  ].join(", ");
}

function copiesOf({ crossBackupRegion, retentionDays, backupEnabled, logBackupEnabled }: DiscoveredInstance): string {
  if (crossBackupRegion === undefined && backupEnabled === false) {
    return "not copied";
  }
  const place = crossBackupRegion ?? "an unknown region";
  const days = retentionDays === undefined ? "" : ` for ${retentionDays} days`;
  const logs = logBackupEnabled === undefined ? "" : logBackupEnabled ? " with logs" : " without logs";
  return backupEnabled === false ? `no longer copied, copies in ${place}${days}` : `copied to ${place}${days}${logs}`;
}
