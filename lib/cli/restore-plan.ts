import { EngineFamily, engineFamilyOf } from "../backup/engine-family";
import type { RestoreIntent } from "../lock/restores";
import type { CreateDdrInstanceParameters } from "../rds-api/actions/create-ddr-instance";
import { ErrorKind } from "../rds-api/errors/error-kind";
import { failureOf, RestoreFailure } from "../restore/restore-failure";
import { requestOf, type RestoreRun } from "../restore/restore-run";
import { InvalidRequestError } from "../validation/checks";
import { printable } from "../validation/printable";
import type { Io } from "./io";

/** What a restore creates, for people and for scripts. */
export interface RestorePlan {
  readonly lines: readonly string[];
  readonly json: object;
}

/**
 * What a restore creates. If an earlier run asked for it, that is what the earlier run asked for.
 *
 * @throws RestoreFailure
 */
export async function planOf(run: RestoreRun, intent: RestoreIntent | undefined): Promise<RestorePlan> {
  const { declared, api } = run;
  const { dataTime, crossBackupId } = requestOf(run);
  const parameters = intent?.parameters ?? requestOf(run).parameters;
  const price = (await api.price(parameters)) ?? null;
  const { ClientToken: _, ...shown } = parameters;
  const { BackupSetId = "", RestoreTime } = shown;
  const data = BackupSetId === crossBackupId && dataTime !== undefined ? ` (data of ${dataTime})` : "";
  const from = RestoreTime === undefined ? `the backup ${BackupSetId}${data}` : `the point in time ${RestoreTime}`;
  const { Engine, EngineVersion, DBInstanceClass, DBInstanceStorage, DBInstanceStorageType } = shown;
  const { RegionId, ZoneId, VPCId, VSwitchId, SecurityIPList, PayType } = shown;
  const rows: readonly (readonly [name: string, value: string])[] = [
    ["from", from],
    ["engine", `${Engine ?? ""} ${EngineVersion ?? ""}`],
    ["class", `${DBInstanceClass ?? ""}, ${DBInstanceStorage ?? ""} GB, ${DBInstanceStorageType ?? ""}`],
    ["network", `${VPCId ?? ""}, ${VSwitchId ?? ""}, ${ZoneId ?? ""}`],
    ["whitelist", SecurityIPList ?? ""],
    ["name", shown["DBInstanceDescription"] ?? ""],
    ["price", `${price ?? "unknown"} (${PayType ?? ""})`],
  ];
  const earlier = intent === undefined ? "" : `, as asked for at ${intent.at}`;
  const lines = [
    `${declared.path}: a new instance in ${RegionId ?? ""}${earlier}`,
    ...rows.map(([name, value]) => `  ${name.padEnd("whitelist ".length)} ${value}`),
  ];
  return { lines, json: { parameters: shown, price } };
}

/** Throws if RDS says that it would not create the instance, as far as it can be asked. */
export async function checkAccepted(run: RestoreRun): Promise<void> {
  const { api, tell, declared } = run;
  const accepted = await api.isAccepted(requestOf(run)).catch((error: unknown) => {
    throw failureOf(`it is not known whether RDS would restore ${declared.path}`, error);
  });
  if (accepted === false) {
    throw new RestoreFailure({
      kind: ErrorKind.UNSUPPORTED,
      code: "PreflightRefused",
      message: `RDS says no to the restore ${declared.path} (CheckCreateDdrDBInstance), so nothing was created`,
      hint: "try another class, zone or size, or an older backup (notAfter of the lookup)",
    });
  }
  if (accepted !== true) {
    tell(`not checked before: ${accepted.notAsked}`);
  }
}

/** The last version of PostgreSQL that the documents of RDS name for a restore in another region. */
const lastDocumentedPostgresql = 15;

/** What to know before the instance is created. */
export async function warningsOn(run: RestoreRun, intent: RestoreIntent | undefined): Promise<readonly string[]> {
  const parameters = intent?.parameters ?? requestOf(run).parameters;
  const accountId = await run.api.accountId();
  return [
    explainVersion(parameters),
    explainEncryption(parameters),
    // Whoever asks a simulator has no account.
    accountId === undefined && run.api.endpoint === undefined
      ? "nobody says which account these credentials are of, so a later run cannot notice another one: set ALICLOUD_ACCOUNT_ID, or allow sts:GetCallerIdentity"
      : undefined,
  ].filter((warning) => warning !== undefined);
}

function explainVersion({ Engine, EngineVersion = "" }: CreateDdrInstanceParameters): string | undefined {
  return engineFamilyOf(Engine) === EngineFamily.POSTGRESQL &&
    Number.parseInt(EngineVersion, 10) > lastDocumentedPostgresql
    ? `the documents of RDS name PostgreSQL up to ${lastDocumentedPostgresql} for a restore in another region: RDS may refuse ${EngineVersion}`
    : undefined;
}

function explainEncryption({ Engine = "", EncryptionKey }: CreateDdrInstanceParameters): string | undefined {
  return EncryptionKey === undefined || engineFamilyOf(Engine) === EngineFamily.SQL_SERVER
    ? undefined
    : `the documents of RDS name the encryption key for SQL Server alone: see in the console whether the disk of this ${Engine} is encrypted`;
}

/**
 * Asks whether the instance is to be created.
 *
 * @throws InvalidRequestError if nobody is there to answer, or the answer is not "yes"
 */
export async function confirm({ stdin, stderr }: Io): Promise<void> {
  if (stdin.isTTY !== true) {
    const allowed = "given if there is no terminal: only a person, or --yes, may create an instance, which costs money";
    throw new InvalidRequestError("--yes", undefined, allowed);
  }
  stderr.write(printable('Create it? It costs money. Type "yes": '));
  const answer = await firstLine(stdin);
  if (answer !== "yes") {
    throw new InvalidRequestError("the answer", answer, '"yes" to create the instance: nothing was created');
  }
}

async function firstLine(input: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const part of input) {
    text += String(part);
    if (text.includes("\n")) {
      break;
    }
  }
  return (text.split("\n")[0] ?? "").trim();
}
