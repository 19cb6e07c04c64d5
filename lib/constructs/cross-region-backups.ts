import { type IResolvable, Token } from "cdktf";
import { Construct } from "constructs";
import { type CrossRegionBackupRecord, explainLeftOutFacts, snakeCaseFacts } from "../backup/record-fields";
import type { ListQuery } from "../lookup/query";
import { anyAttribute, factAttribute } from "../synthesis/attributes";
import { checkFramework } from "../synthesis/check-framework";
import { checkProps, type PropRules } from "../synthesis/check-props";
import type { Lookup } from "../synthesis/lookup";
import { LookupError } from "../synthesis/lookup-error";
import { addOutputs } from "../synthesis/outputs";
import { declareLookup } from "../synthesis/settle-at-synthesis";
import { type LookupProps, lookupRules } from "./lookup-props";

/** Which records to list: every parameter of DescribeCrossRegionBackups. Every prop must be a plain value, not a token. */
export interface CrossRegionBackupsProps extends LookupProps {
  /**
   * Only the backup of this id, a string of digits.
   *
   * @default - every backup of the window
   */
  readonly crossBackupId?: string;
  /**
   * Start of the window, `yyyy-MM-ddTHH:mm:ssZ` in UTC. Needs `endTime`.
   *
   * @default - with crossBackupId, no window; else all that RDS can still keep (1,825 days)
   */
  readonly startTime?: string;
  /**
   * End of the window, `yyyy-MM-ddTHH:mm:ssZ` in UTC. Needs `startTime`.
   *
   * @default - with crossBackupId, no window; else a day from now
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

const propRules: PropRules<CrossRegionBackupsProps> = {
  ...lookupRules,
  crossBackupId: {},
  startTime: {},
  endTime: {},
  pageSize: {},
  pageNumber: {},
  backupId: {},
};

/**
 * The question that the props ask. What it says, the check of the query judges.
 *
 * @throws LookupError for a prop that is missing, malformed or a token
 */
export function listQueryOf(path: string, props: CrossRegionBackupsProps): ListQuery {
  checkProps(path, props, propRules);
  const { endpoint, profile, roleArn, outputs: _, outputPrefix: __, ...request } = props;
  return { kind: "list", request, connection: { endpoint, profile, roleArn } };
}

/**
 * Every cross-region backup record of an instance that one query names, valid or not, newest first. It is looked up
 * during the synthesis of the app (RDS action DescribeCrossRegionBackups). To restore, use `LatestCrossRegionBackup`,
 * which knows which of them are valid.
 *
 * Settles as `LatestCrossRegionBackup` does. No records are an answer, not an error.
 *
 * Outputs of a construct with the id `orders`: `orders_cross_backup_ids` and `orders_backups`.
 *
 * @example
 * import { App, TerraformStack } from "cdktf";
 * import { CrossRegionBackups } from "cdktf-alicloud-rds-dr";
 *
 * const app = new App();
 * const stack = new TerraformStack(app, "lookup");
 * const all = new CrossRegionBackups(stack, "orders", {
 *   dbInstanceId: "rm-uf6wjk5xxxx",
 *   regionId: "cn-hangzhou",
 *   startTime: "2026-03-01T00:00:00Z",
 *   endTime: "2026-04-01T00:00:00Z",
 * });
 * for (const record of all.lookUp()) {
 *   console.log(record.crossBackupId, record.backupEndTime);
 * }
 * app.synth();
 *
 * @see https://www.alibabacloud.com/help/en/rds/developer-reference/api-rds-2014-08-15-describecrossregionbackups
 */
export class CrossRegionBackups extends Construct {
  /** Ids of the records that have one, strings of digits, newest first. Pass the list on unmodified. */
  readonly crossBackupIds: string[];
  /** The records, with facts in snake_case, newest first. Pass the list on unmodified. */
  readonly backups: IResolvable;
  private readonly lookup: Lookup<readonly CrossRegionBackupRecord[]>;

  /** @throws LookupError for a prop that is missing, malformed or a token */
  constructor(scope: Construct, id: string, props: CrossRegionBackupsProps) {
    super(scope, id);
    checkFramework(this);
    const { path } = this.node;
    const query = listQueryOf(path, props);
    const { outputs, outputPrefix } = props;
    this.lookup = declareLookup(this, { outputs, outputPrefix }, query, (answer) => {
      if (answer.status === "listed") {
        const { records, warnings = [] } = answer;
        const all = [...warnings, explainLeftOutFacts(records)];
        return { value: records, warnings: all.filter((warning) => warning !== undefined) };
      }
      if (answer.status === "error") {
        return { error: new LookupError(path, answer.error) };
      }
      throw new Error(`${path}: an answer to another query`);
    });
    const idsOf = (records: readonly CrossRegionBackupRecord[]): string[] =>
      records.map(({ crossBackupId }) => crossBackupId).filter((id) => id !== undefined);
    this.crossBackupIds = Token.asList(factAttribute(this.lookup, "crossBackupIds", idsOf, []));
    this.backups = anyAttribute(this.lookup, "backups", (records) => records.map(snakeCaseFacts));
    addOutputs(this, { outputs, outputPrefix }, [
      ["cross_backup_ids", "Ids of the cross-region backups, newest first", this.crossBackupIds],
      ["backups", "The cross-region backup records, newest first", this.backups],
    ]);
  }

  /**
   * The records, now, newest first: settles every lookup declared so far. You get copies of your own.
   *
   * @throws LookupError if the lookup fails
   */
  lookUp(): CrossRegionBackupRecord[] {
    return structuredClone([...this.lookup.value()]);
  }
}
