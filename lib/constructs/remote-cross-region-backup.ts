import { TerraformElement, TerraformRemoteState, Token } from "cdktf";
import type { Construct } from "constructs";
import { snakeCase } from "../backup/record-fields";
import { checkProps, type PropRules } from "../synthesis/check-props";
import { refuse } from "../synthesis/lookup-error";
import { outputPrefixOf } from "../synthesis/outputs";
import { framework } from "../validation/own-package";
import { CrossRegionBackup, type FactReader, oneTokenEach } from "./cross-region-backup";

/** Where another app has the outputs of its lookup. */
export interface RemoteCrossRegionBackupProps {
  /** The state of the stack with the lookup, such as a `DataTerraformRemoteStateOss`. */
  readonly remoteState: TerraformRemoteState;
  /**
   * How the names of the outputs begin there: `orders` for `orders_cross_backup_id`, `orders_restore_regions` and
   * `orders_backup`. A plain value, not a token.
   *
   * @default - the id of this construct, with `-` as `_`, which fits a lookup of the same id
   */
  readonly outputPrefix?: string;
}

const propRules: PropRules<RemoteCrossRegionBackupProps> = {
  remoteState: { mayBeToken: true },
  outputPrefix: {},
};

/** A backup whose facts another app wrote into its Terraform state: they are known only when Terraform runs. */
export class RemoteCrossRegionBackup extends CrossRegionBackup {
  /** @internal */
  protected readonly _reader: FactReader;
  /** @internal */
  readonly _known = undefined;

  constructor(scope: Construct, id: string, props: RemoteCrossRegionBackupProps) {
    super(scope, id);
    const { path } = this.node;
    checkProps(path, props, propRules);
    const { remoteState, outputPrefix } = props;
    if (!isRemoteState(remoteState)) {
      // The message does not show what was given: the arguments of a backend contain credentials.
      const given = (remoteState as unknown) === undefined ? "missing" : "something else";
      refuse(
        path,
        "InvalidRequest",
        `remoteState must be a remote state of ${framework}, but is ${given}`,
        "pass the construct that reads the state, such as new DataTerraformRemoteStateOss(…)",
      );
    }
    const prefix = outputPrefixOf(this, outputPrefix);
    const ofBackup = (name: string) => remoteState.get(`${prefix}_backup.${snakeCase(name)}`);
    this._reader = {
      text: oneTokenEach((name) =>
        name === "crossBackupId" ? remoteState.getString(`${prefix}_cross_backup_id`) : Token.asString(ofBackup(name)),
      ),
      number: (name) => Token.asNumber(ofBackup(name)),
      list: () => remoteState.getList(`${prefix}_restore_regions`),
    };
  }
}

/** By cdktf's own marks, which a second copy of it shares. */
function isRemoteState(value: unknown): value is TerraformRemoteState {
  return (
    TerraformElement.isTerraformElement(value) &&
    "tfResourceType" in value.constructor &&
    value.constructor.tfResourceType === TerraformRemoteState.tfResourceType
  );
}
