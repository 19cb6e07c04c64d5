import { inspect } from "node:util";
import { describeCrossRegionBackups } from "../../lib/rds-api/actions/describe-cross-region-backups";
import { describeCrossRegionLogBackupFiles } from "../../lib/rds-api/actions/describe-cross-region-log-backup-files";
import { RdsApiError } from "../../lib/rds-api/errors/rds-api-error";
import { FaultKind, type Simulator, startSimulator } from "../../lib/simulator";
import { connect, errorOf, lastDays, mysql, worldOf } from "./simulated";

const accessKey = {
  accessKeyId: "MY-KEY-ID/+=&",
  accessKeySecret: "MY-SECRET/+=&",
  securityToken: "MY-TOKEN/+=&",
};
const secrets = /MY-KEY-ID|MY-SECRET|MY-TOKEN|FAKE-LINK|my-key-id|OSSAccessKeyId=F/;

/** An error in every form in which a program could show it. */
function everythingOf(error: RdsApiError): string {
  return [
    error.message,
    error.stack,
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 10, showHidden: true }),
    inspect(structuredClone(error), { depth: 10, showHidden: true }),
    inspect(error.withNote("again"), { depth: 10, showHidden: true }),
  ].join("\n");
}

describe("no secret is in an error", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ ...accessKey, world: worldOf(5) });
    jest.spyOn(Math, "random").mockReturnValue(0);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await simulator.stop();
  });

  const errorWith = async (key = accessKey, deadlineMs = 3_000): Promise<RdsApiError> => {
    const credentials = { getCredentials: () => Promise.resolve(key) };
    const client = connect(simulator, { credentials, deadlineMs });
    const call = describeCrossRegionBackups(client, { ...mysql, ...lastDays(10) });
    return errorOf(call, RdsApiError).finally(() => {
      client.close();
    });
  };

  test.each(Object.values(FaultKind))("of %s", async (kind) => {
    simulator.injectFault({ kind, latencyMs: 300 });

    const error = await errorWith(accessKey, 250);
    expect(everythingOf(error)).not.toMatch(secrets);
  });

  test("of a signature that does not match, for which the cloud repeats what was signed", async () => {
    const error = await errorWith({ ...accessKey, accessKeySecret: "MY-SECRET-OF-YORE" });

    expect(error.code).toBe("SignatureDoesNotMatch");
    expect(error.message).toBe(
      "DescribeCrossRegionBackups failed with SignatureDoesNotMatch: Specified signature is not matched with our calculation. server string to sign (hidden)",
    );
    expect(everythingOf(error)).not.toMatch(secrets);
  });

  test.each(["accessKeyId", "securityToken"] as const)("of a wrong %s", async (part) => {
    const error = await errorWith({ ...accessKey, [part]: `MY-TOKEN-OF-YORE` });

    expect(error.kind).toBe("access");
    expect(everythingOf(error)).not.toMatch(secrets);
  });

  test.each([
    ["as they are", (text: string) => text],
    ["encoded", encodeURIComponent],
    ["encoded twice", (text: string) => encodeURIComponent(encodeURIComponent(text))],
    ["in HTML", (text: string) => text.replace(/[/+=&]/g, (character) => `&#${character.charCodeAt(0)};`)],
  ])("that repeats all of them, %s", async (_, encode) => {
    const link = "https://b.oss.aliyuncs.com/f?OSSAccessKeyId=FAKE-LINK-KEY&Signature=FAKE-LINK-SIGNATURE";
    const message = [...Object.values(accessKey), link].map(encode).join(" and ");
    simulator.injectFault({ kind: FaultKind.REFUSED, code: `Odd.${accessKey.accessKeyId}`, message });

    const error = await errorWith();

    expect(error.message).toContain("(hidden) and (hidden) and (hidden) and https");
    expect(everythingOf(error)).not.toMatch(secrets);
  });
});

test("no link is in what a program would show of records, though it can be read by name", async () => {
  const simulator = await startSimulator();
  const client = connect(simulator);
  const records = await describeCrossRegionBackups(client, { ...mysql, ...lastDays(10) });
  const logs = await describeCrossRegionLogBackupFiles(client, { ...mysql, ...lastDays(10) });

  expect(records.some(({ crossBackupDownloadLink = "" }) => crossBackupDownloadLink.includes("FAKE-LINK"))).toBe(true);
  expect(logs.length).toBeGreaterThan(50);
  const shown = [JSON.stringify([records, logs]), inspect([records, logs], { depth: 10, maxArrayLength: null })];
  expect(shown.join()).not.toContain("FAKE-LINK");
  client.close();
  await simulator.stop();
});
