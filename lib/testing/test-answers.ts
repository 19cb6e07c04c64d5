import { addHours } from "../backup/instant";
import type { CrossRegionBackupRecord } from "../backup/record-fields";
import type { RestorableBackup } from "../backup/restorable-backup";
import { type CrossRegionBackupsProps, listQueryOf } from "../constructs/cross-region-backups";
import { type DiscoveredInstancesProps, instancesQueryOf } from "../constructs/discovered-instances";
import { latestQueryOf, type LatestCrossRegionBackupProps } from "../constructs/lookup-props";
import type { LockedAnswer, LockedAnswers } from "../lock/locked-answers";
import { Mode, type OnStale } from "../lock/mode";
import { noBackup } from "../lock/answer-forms";
import { parseLockedAnswers } from "../lock/parse-locked-answers";
import { parseRestores } from "../lock/parse-restores";
import { type LockedRestores, restoreKey } from "../lock/restores";
import { contextKey } from "../lock/settings";
import type { SourceInstance } from "../backup/source-instance";
import { checkQuery, type LookupQuery, queryKey, readClock } from "../lookup/query";
import { checkProps, type PropRules } from "../synthesis/check-props";
import { checked } from "../synthesis/lookup-error";
import { checkForm, checkInstanceId, checkRegionId, checkThat } from "../validation/checks";
import { backupRecord, restorableBackup, type TestBackup } from "./test-backup";

/** An instance that a test says `rds-dr restore` has made: for a `DisasterRecoveryInstance` that imports it. */
export interface TestRestore {
  /** Path of the `DisasterRecoveryInstance` in the app, such as `dr/ledger-dr`. */
  readonly path: string;
  /** Id of the source instance. */
  readonly dbInstanceId: string;
  /** Region of the source instance. */
  readonly regionId: string;
  /** Region of the restored instance. */
  readonly restoreRegion: string;
  /** Id of the restored instance. */
  readonly restoredInstanceId: string;
  /** The generation of the `DisasterRecoveryInstance`. @default 1 */
  readonly generation?: number;
  /** Id of the backup that it was restored from. @default - not known */
  readonly crossBackupId?: string;
  /** The point in time that it was restored to, `yyyy-MM-ddTHH:mm:ssZ` in UTC. @default - not known */
  readonly restoreTime?: string;
  /** Its zone. @default - not known */
  readonly zoneId?: string;
}

/** The check of the locked restores judges the rest. */
const restoreRules: PropRules<TestRestore> = {
  path: { check: checkForm(/^\S/, "the path of a construct"), isRequired: true },
  dbInstanceId: { check: checkInstanceId, isRequired: true },
  regionId: { check: checkRegionId, isRequired: true },
  restoreRegion: { check: checkRegionId, isRequired: true },
  restoredInstanceId: { check: checkInstanceId, isRequired: true },
  generation: { check: checkThat((value) => Number.isInteger(value) && Number(value) > 0, "a whole number from 1") },
  crossBackupId: {},
  restoreTime: {},
  zoneId: {},
};

/**
 * The answers of a unit test: they stand for the lock file, so that a synthesis needs no network, no credentials and no
 * waiting. Each method takes the props that the stack gives to its construct. It returns the answers with one more, and
 * changes nothing. A prop or fact that does not exist is an error. Of two answers to one question, the last one counts.
 *
 * @example
 * import { TerraformStack, Testing } from "cdktf";
 * import { LatestCrossRegionBackup } from "cdktf-alicloud-rds-dr";
 * import { TestAnswers } from "cdktf-alicloud-rds-dr/testing";
 *
 * const props = { dbInstanceId: "rm-uf6wjk5xxxx", regionId: "cn-hangzhou", restoreRegion: "cn-shanghai" };
 * const answers = new TestAnswers().latest(props, { crossBackupId: "14562", hoursAgo: 2 });
 * const stack = new TerraformStack(Testing.app({ context: answers.toContext() }), "lookup");
 * new LatestCrossRegionBackup(stack, "orders", props);
 * console.log(Testing.synth(stack));
 */
export class TestAnswers {
  private answers: LockedAnswers = {};
  private restores: LockedRestores = {};

  /**
   * Answers a `LatestCrossRegionBackup`.
   *
   * @param props what the stack gives to it; how it reaches the API, and how old the backup may be, is ignored
   * @param backup what it finds
   * @throws LookupError for a prop or fact that does not exist, is missing or malformed
   */
  latest(props: LatestCrossRegionBackupProps, backup: TestBackup): TestAnswers {
    return this.answerLatest(props, backup);
  }

  /**
   * Answers a `LatestCrossRegionBackup`: there is no valid backup.
   *
   * @throws LookupError as `latest`
   */
  noBackup(props: LatestCrossRegionBackupProps): TestAnswers {
    return this.answerLatest(props, undefined);
  }

  /**
   * Answers a `CrossRegionBackups`.
   *
   * @param props what the stack gives to it
   * @param backups what it lists, newest first
   * @throws LookupError as `latest`
   */
  list(props: CrossRegionBackupsProps, backups: TestBackup[]): TestAnswers {
    const path = pathOf("list", props);
    const query = listQueryOf(path, props);
    const now = readClock();
    const defaults = { dataTime: addHours(now, -1), restoreRegions: [props.regionId] };
    const records: CrossRegionBackupRecord[] = backups.map((each) => backupRecord(path, each, defaults, now));
    return this.add(path, query, { backups: records });
  }

  /**
   * Answers a `DiscoveredInstances`.
   *
   * @param props what the stack gives to it
   * @param instances what it finds
   * @throws LookupError as `latest`
   */
  instances(props: DiscoveredInstancesProps, instances: SourceInstance[]): TestAnswers {
    const path = pathOf("instances", props);
    return this.add(path, instancesQueryOf(path, props), { instances });
  }

  /**
   * Says that `rds-dr restore` has made the instance of a `DisasterRecoveryInstance`.
   *
   * @throws LookupError for a prop that does not exist, is missing or malformed
   */
  restored(restore: TestRestore): TestAnswers {
    const path = pathOf("restored", restore);
    checkProps(path, restore, restoreRules);
    const { restoredInstanceId, crossBackupId, restoreTime, zoneId, generation = 1, ...subject } = restore;
    const instance = { dbInstanceId: restoredInstanceId, at: readClock(), crossBackupId, restoreTime, zoneId };
    const entry = { [restoreKey({ ...subject, generation })]: { instance: plain(instance) } };
    const restores = checked(path, () => parseRestores(entry, "the restores of the test"));
    return this.with({}, restores);
  }

  /**
   * The context of the app: for `Testing.app({ context })`, or `new App({ context })`. Add keys of your own beside its one
   * key `rds-dr`.
   *
   * @param onStale what happens if a backup is too old, and its construct does not say it; by default an error
   */
  toContext(onStale?: OnStale): Record<string, unknown> {
    const settings = { mode: Mode.LOCKED, onStale, answers: this.answers, restores: this.restores };
    return { [contextKey]: plain(settings) };
  }

  private answerLatest(props: LatestCrossRegionBackupProps, backup: TestBackup | undefined): TestAnswers {
    const path = pathOf("latest", props);
    const query = latestQueryOf(path, props);
    const now = readClock();
    const { notAfter = addHours(now, -1), restoreRegion = props.regionId } = props;
    const defaults = { dataTime: notAfter, restoreRegions: [restoreRegion] };
    const found: RestorableBackup | null = backup === undefined ? null : restorableBackup(path, backup, defaults, now);
    return this.add(path, query, { backup: found });
  }

  private add(path: string, query: LookupQuery, answer: LockedAnswer): TestAnswers {
    return checked(path, () => {
      checkQuery(query);
      return this.with(parseLockedAnswers({ [queryKey(query)]: answer }, "the answers of the test"), {});
    });
  }

  private with(answers: LockedAnswers, restores: LockedRestores): TestAnswers {
    const all = new TestAnswers();
    all.answers = { ...this.answers, ...answers };
    all.restores = { ...this.restores, ...restores };
    return all;
  }
}

/** Where an error is, in place of the path of a construct. */
function pathOf(
  method: string,
  props: { readonly dbInstanceId?: string; readonly regionId: string } | undefined,
): string {
  return `TestAnswers.${method}(${String(props?.dbInstanceId ?? props?.regionId)})`;
}

/**
 * A copy as JSON has it: without what is undefined, and apart from what the test may still change. No null: it would get
 * lost between languages.
 */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, each: unknown) => (each === null ? noBackup : each)));
}
