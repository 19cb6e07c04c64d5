import type { IResolvable } from "cdktf";
import { Construct } from "constructs";
import { type CrossRegionBackupRecord, explainLeftOutFacts } from "../backup/record-fields";
import { snakeCaseFacts } from "../lookup/names";
import type { DescribeCrossRegionBackupsRequest } from "../rds-api/actions/describe-cross-region-backups-request";
import { anyAttribute, listAttribute } from "../synthesis/attributes";
import { checkProps, type PropNames } from "../synthesis/check-props";
import type { Lookup } from "../synthesis/lookup";
import { LookupError } from "../synthesis/lookup-error";
import { addOutputs } from "../synthesis/outputs";
import { declareLookup } from "../synthesis/settle-at-synthesis";
import { lookupPropNames, type LookupProps } from "./lookup-props";

/** Which records to list: every parameter of DescribeCrossRegionBackups. Every prop must be a plain value, not a token. */
export interface CrossRegionBackupsProps extends LookupProps {
  /**
   * Only the backup of this id, a string of digits.
   *
   * @default - every backup of the window
   */
  readonly crossBackupId?: string;
  /**
   * Start of the window, `yyyy-MM-ddTHH:mm:ssZ` in UTC; goes with `endTime`.
   *
   * @default - where there is no crossBackupId either, all that can still be kept (1,825 days)
   */
  readonly startTime?: string;
  /**
   * End of the window, `yyyy-MM-ddTHH:mm:ssZ` in UTC; goes with `startTime`.
   *
   * @default - where there is no crossBackupId either, a day from now
   */
  readonly endTime?: string;
  /**
   * Records in one page: 30, 50 or 100.
   *
   * @default 100
   */
  readonly pageSize?: number;
  /**
   * Only this page, from 1.
   *
   * @default - every page
   */
  readonly pageNumber?: number;
  /**
   * Only the copies of this backup of the source region, a string of digits.
   *
   * @default - the copies of any backup
   */
  readonly backupId?: string;
}

const propNames: PropNames<CrossRegionBackupsProps> = {
  ...lookupPropNames,
  crossBackupId: true,
  startTime: true,
  endTime: true,
  pageSize: true,
  pageNumber: true,
  backupId: true,
};

/**
 * Every cross-region backup record of an instance that one query names, valid or not, newest first; looked up
 * while the app is synthesised (RDS action DescribeCrossRegionBackups). To restore, use
 * `LatestCrossRegionBackup`, which knows which of them are valid.
 *
 * Settles as `LatestCrossRegionBackup` does. That there are no records is an answer, not an error.
 *
 * Outputs, for a construct with the id `orders`: `orders_cross_backup_ids` and `orders_backups`.
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionbackups
 */
export class CrossRegionBackups extends Construct {
  /** Ids of the records that have one, strings of digits, newest first; to be passed on as a whole. */
  readonly crossBackupIds: string[];
  /** The records, with facts in snake_case, newest first; to be passed on as a whole. */
  readonly backups: IResolvable;
  private readonly question: Lookup<readonly CrossRegionBackupRecord[]>;

  /** @throws LookupError for a prop that is missing, malformed or a token */
  constructor(scope: Construct, id: string, props: CrossRegionBackupsProps) {
    super(scope, id);
    const { path } = this.node;
    checkProps(path, props, propNames);
    const { endpoint, profile, roleArn, outputs, outputPrefix, ...parameters } = props;
    const request: DescribeCrossRegionBackupsRequest = parameters;
    this.question = declareLookup(
      this,
      { outputs, outputPrefix },
      { kind: "list", request, connection: { endpoint, profile, roleArn } },
      (answer) => {
        switch (answer.status) {
          case "listed":
            return {
              value: answer.records,
              warnings: [...(answer.warnings ?? []), explainLeftOutFacts(answer.records)].filter(
                (warning) => warning !== undefined,
              ),
            };
          case "error":
            return { error: new LookupError(path, answer.error) };
          case "found":
          case "none":
            throw new Error(`${path}: an answer to another question`);
        }
      },
    );
    this.crossBackupIds = listAttribute(this.question, "crossBackupIds", (records) =>
      records
        .map(({ crossBackupId }) => crossBackupId)
        .filter((crossBackupId) => crossBackupId !== undefined),
    );
    this.backups = anyAttribute(this.question, "backups", (records) => records.map(snakeCaseFacts));
    addOutputs(this, { outputs, outputPrefix }, [
      {
        suffix: "cross_backup_ids",
        description: "Ids of the cross-region backups, newest first",
        value: this.crossBackupIds,
      },
      {
        suffix: "backups",
        description: "The cross-region backup records, newest first",
        value: this.backups,
      },
    ]);
  }

  /**
   * The records, now, newest first: settles every lookup declared so far.
   *
   * @throws LookupError where the lookup fails
   */
  lookUp(): readonly CrossRegionBackupRecord[] {
    return this.question.value();
  }
}
