import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseProfile, chooseRoleArn } from "../../../lib/rds-api/credentials/variables";
import { ErrorKind } from "../../../lib/rds-api/errors/error-kind";
import {
  accessKeysOf,
  createCredentialsProvider,
  type CredentialsCase,
  type CredentialsOutcome,
} from "../access-keys-of";

const key = { accessKeyId: "an-id", accessKeySecret: "a-secret" };

describe("an access key in the environment", () => {
  test.each<[string, Record<string, string>, Record<string, string>]>([
    ["of the Terraform provider's family", { ALICLOUD_ACCESS_KEY: "an-id", ALICLOUD_SECRET_KEY: "a-secret" }, key],
    [
      "of that family with a token",
      { ALICLOUD_ACCESS_KEY: "an-id", ALICLOUD_SECRET_KEY: "a-secret", ALICLOUD_SECURITY_TOKEN: "a-token" },
      { ...key, securityToken: "a-token" },
    ],
    ["of the SDKs' family", { ALIBABA_CLOUD_ACCESS_KEY_ID: "an-id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "a-secret" }, key],
    [
      "of that family with a token",
      {
        ALIBABA_CLOUD_ACCESS_KEY_ID: "an-id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "a-secret",
        ALIBABA_CLOUD_SECURITY_TOKEN: "a-token",
      },
      { ...key, securityToken: "a-token" },
    ],
    [
      "of both: the Terraform provider's comes first, and no token of the other gets into it",
      {
        ALICLOUD_ACCESS_KEY: "an-id",
        ALICLOUD_SECRET_KEY: "a-secret",
        ALIBABA_CLOUD_ACCESS_KEY_ID: "other",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "other",
        ALIBABA_CLOUD_SECURITY_TOKEN: "other",
      },
      key,
    ],
    [
      "beside empty variables, which count as not set",
      {
        ALICLOUD_ACCESS_KEY: "",
        ALICLOUD_SECRET_KEY: "",
        ALIBABA_CLOUD_ACCESS_KEY_ID: "an-id",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "a-secret",
        ALIBABA_CLOUD_SECURITY_TOKEN: "",
      },
      key,
    ],
  ])("%s", async (_, environment, expected) => {
    expect(await createCredentialsProvider(undefined, environment).getCredentials()).toEqual(expected);
  });

  test.each([
    ["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"],
    ["ALICLOUD_SECRET_KEY", "ALICLOUD_ACCESS_KEY"],
    ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
    ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_ID"],
  ])("is an error if %s is set without %s", async (set, unset) => {
    const provider = createCredentialsProvider(undefined, { [set]: "half-of-a-pair" });

    await expect(provider.getCredentials()).rejects.toMatchObject({
      code: "IncompleteCredentials",
      kind: ErrorKind.ACCESS,
      retryable: false,
      hint: expect.stringMatching(/^set the variable.{20,120}$/) as string,
      message: `Signing the request failed with IncompleteCredentials: ${set} is set, but ${unset} is not`,
    });
  });
});

describe("the profile is", () => {
  const pair = { ALICLOUD_ACCESS_KEY: "an-id", ALICLOUD_SECRET_KEY: "a-secret" };

  test.each<[string, string | undefined, Record<string, string>, string | undefined]>([
    ["the one in the code, whatever else there is", "code", { ...pair, ALICLOUD_PROFILE: "env" }, "code"],
    ["none if the environment holds a key", undefined, { ...pair, ALICLOUD_PROFILE: "env" }, undefined],
    ["the Terraform provider's", undefined, { ALICLOUD_PROFILE: "a", ALIBABA_CLOUD_PROFILE: "b" }, "a"],
    ["the SDKs'", undefined, { ALICLOUD_PROFILE: "", ALIBABA_CLOUD_PROFILE: "b" }, "b"],
    ["none", undefined, {}, undefined],
  ])("%s", (_, given, environment, expected) => {
    expect(chooseProfile(given, environment)).toBe(expected);
  });
});

describe("the role to assume is", () => {
  const pair = { ALICLOUD_ACCESS_KEY: "an-id", ALICLOUD_SECRET_KEY: "a-secret" };
  const oidc = { ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "p", ALIBABA_CLOUD_OIDC_TOKEN_FILE: "f" };

  test.each<[string, Record<string, string>, string | undefined]>([
    ["none", pair, undefined],
    ["the Terraform provider's", { ALICLOUD_ASSUME_ROLE_ARN: "a", ALIBABA_CLOUD_ROLE_ARN: "b" }, "a"],
    ["the SDKs'", { ALICLOUD_ASSUME_ROLE_ARN: "", ALIBABA_CLOUD_ROLE_ARN: "b" }, "b"],
    ["none if it is that of OIDC", { ...oidc, ALIBABA_CLOUD_ROLE_ARN: "b" }, undefined],
    ["the SDKs' if an access key beats OIDC", { ...pair, ...oidc, ALIBABA_CLOUD_ROLE_ARN: "b" }, "b"],
    ["another one than that of OIDC", { ...oidc, ALICLOUD_ASSUME_ROLE_ARN: "a", ALIBABA_CLOUD_ROLE_ARN: "b" }, "a"],
  ])("%s", (_, environment, expected) => {
    expect(chooseRoleArn(environment)).toBe(expected);
  });
});

describe("an access key from elsewhere", () => {
  const folder = mkdtempSync(join(tmpdir(), "rds-dr-credentials-"));
  let metadata: Server;
  let outcomes: Readonly<Record<string, readonly CredentialsOutcome[]>>;
  const rolesAsked: string[] = [];

  beforeAll(async () => {
    metadata = createServer((request, response) => {
      const role = "/latest/meta-data/ram/security-credentials/";
      const url = request.url ?? "";
      rolesAsked.push(`${request.method ?? ""} ${url}`);
      const answers: Record<string, string> = {
        "/latest/api/token": "metadata-token",
        [role]: "drill",
        [`${role}drill`]: JSON.stringify({
          Code: "Success",
          AccessKeyId: "STS.role",
          AccessKeySecret: "role-secret",
          SecurityToken: "role-token",
          Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
        }),
      };
      response.end(answers[url] ?? "");
    });
    await new Promise<void>((resolve) => metadata.listen(0, "127.0.0.1", resolve));

    const home = writeHome("home", {
      current: "main",
      profiles: [
        { name: "main", mode: "AK", access_key_id: "main-id", access_key_secret: "main-secret" },
        {
          name: "temporary",
          mode: "StsToken",
          access_key_id: "sts-id",
          access_key_secret: "sts-secret",
          sts_token: "sts-token",
        },
        { name: "empty", mode: "AK", access_key_id: "", access_key_secret: "half-secret" },
      ],
    });
    const broken = writeHome("broken", '{"profiles": [{"access_key_secret": "LEAKED-SECRET"');
    const empty = writeHome("empty", undefined);
    const pair = { ALICLOUD_ACCESS_KEY: "env-id", ALICLOUD_SECRET_KEY: "env-secret" };
    const { port: metadataPort } = metadata.address() as AddressInfo;
    const cases: Record<string, CredentialsCase> = {
      named: { home, profile: "temporary" },
      current: { home },
      atOnce: { home, askers: 20 },
      namedBesideKey: { home, profile: "main", environment: pair },
      missing: { home, profile: "nobody" },
      half: { home, profile: "empty" },
      broken: { home: broken, profile: "main" },
      brokenCurrent: { home: broken },
      nothing: { home: empty },
      role: { home: empty, metadataPort, askers: 20 },
    };
    const results = await accessKeysOf(Object.values(cases));
    outcomes = Object.fromEntries(Object.keys(cases).map((name, index) => [name, results[index] ?? []]));
  });
  afterAll(() => {
    metadata.close();
    metadata.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  function writeHome(name: string, config: unknown): string {
    const home = join(folder, name);
    mkdirSync(join(home, ".aliyun"), { recursive: true });
    if (config !== undefined) {
      const text = typeof config === "string" ? config : JSON.stringify(config);
      writeFileSync(join(home, ".aliyun", "config.json"), text);
    }
    return home;
  }

  test.each<[string, string, Record<string, string>]>([
    [
      "a profile of the CLI, with its token",
      "named",
      { accessKeyId: "sts-id", accessKeySecret: "sts-secret", securityToken: "sts-token" },
    ],
    ["the current profile of the CLI", "current", { accessKeyId: "main-id", accessKeySecret: "main-secret" }],
    [
      "a profile that was asked for, though the environment holds a key",
      "namedBesideKey",
      { accessKeyId: "main-id", accessKeySecret: "main-secret" },
    ],
  ])("%s", (_, name, accessKey) => {
    expect(outcomes[name]).toEqual([{ accessKey }]);
  });

  test("the RAM role of an ECS instance, asked once for all who wait, from a stand-in for its metadata", () => {
    const accessKey = {
      accessKeyId: "STS.role",
      accessKeySecret: "role-secret",
      securityToken: "role-token",
    };
    expect(outcomes["role"]).toEqual(Array.from({ length: 20 }, () => ({ accessKey })));
    expect(rolesAsked.filter((line) => line.endsWith("/drill"))).toHaveLength(1);
  });

  test("many who ask at once are not sent to a step of the chain that fails", () => {
    const accessKey = { accessKeyId: "main-id", accessKeySecret: "main-secret" };
    expect(outcomes["atOnce"]).toEqual(Array.from({ length: 20 }, () => ({ accessKey })));
  });

  test.each([
    [
      "the profile is missing",
      "missing",
      "NoCredentials",
      /the profile "nobody" of the Alibaba Cloud CLI gives no access key: \S+config\.json has no profile "nobody"$/,
    ],
    [
      "the profile holds half a pair",
      "half",
      "NoCredentials",
      /the profile "empty" of the Alibaba Cloud CLI gives no access key: it has no access_key_id \(in \S+config\.json\)$/,
    ],
    [
      "the CLI's file is broken",
      "broken",
      "InvalidCredentialsFile",
      /the file of profiles \S+broken\/\.aliyun\/config\.json cannot be used: it is not JSON$/,
    ],
    [
      "the CLI's file is broken and no profile was asked for",
      "brokenCurrent",
      "InvalidCredentialsFile",
      /the file of profiles \S+broken\/\.aliyun\/config\.json cannot be used: it is not JSON$/,
    ],
    [
      "there is none anywhere",
      "nothing",
      "NoCredentials",
      /no access key was found in the environment, the Alibaba Cloud CLI's profile or an ECS RAM role$/,
    ],
  ])("is an error if %s, which shows nothing of the CLI's file", (_, name, code, reason) => {
    const [outcome] = outcomes[name] ?? [];
    expect(outcome?.code).toBe(code);
    expect(outcome?.message).toContain(`Signing the request failed with ${code}: `);
    expect(outcome?.message).toMatch(reason);
    expect(outcome?.everything).not.toMatch(/LEAKED-SECRET|half-secret|profiles"/);
  });
});
