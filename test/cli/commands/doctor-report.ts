import { simulatorCredentials } from "../../../lib/simulator";
import { type Finished, runCli, type RunOptions } from "../../fixtures";
import { offences } from "../../schema/schemas";

/** What the tests read of a finding. */
export interface Finding {
  readonly subject: string;
  readonly status: "ok" | "warning" | "failed";
  readonly message: string;
  readonly hint: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly error: { readonly code: string } | null;
}

/** What `rds-dr doctor --json` has found. */
export interface Report extends Finished {
  readonly findings: readonly Finding[];
  /** The findings of one subject. */
  readonly of: (subject: string) => readonly Finding[];
}

/** Variables by which both APIs are those of a simulator, with the credentials that it accepts. */
export function simulatorVariables(url: string): Record<string, string> {
  return {
    RDS_DR_ENDPOINT: url,
    ALIBABA_CLOUD_ENDPOINT_STS: url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: simulatorCredentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: simulatorCredentials.accessKeySecret,
    RDS_DR_DEADLINE_SECONDS: "5",
  };
}

/** Runs `rds-dr doctor --json`; what it prints must fit its schema. */
export async function examine(args: readonly string[], options: RunOptions): Promise<Report> {
  const finished = await runCli(["doctor", "--json", ...args], options);
  expect(offences("doctor", finished.stdout)).toEqual([]);
  const { findings } = JSON.parse(finished.stdout) as { readonly findings: readonly Finding[] };
  return { ...finished, findings, of: (subject) => findings.filter((each) => each.subject === subject) };
}
