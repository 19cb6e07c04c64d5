import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import http from "node:http";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../lib/simulator";
import { cliMain, isOnPath, regionId, runCli, spawnCli, temporaryFolders, testWorld, type Finished } from "../fixtures";
import { assumed, stsKey, TokenStandIn, type TokenAnswer } from "../rds-api/token-stand-in";

// Every way to credentials: `rds-dr lookup` finds a backup if and only if the one key signs its request that the
// simulator knows.

const rightKey = {
  accessKeyId: "right-key-id",
  accessKeySecret: "right-key-secret",
  securityToken: "right-token",
};
const roleArn = "acs:ram::1234567890123456:role/drill";
const baseKey = { access_key_id: "base-key-id", access_key_secret: "base-key-secret" };
const wrongKey = {
  accessKeyId: "wrong-key-id",
  accessKeySecret: "wrong-key-secret",
  securityToken: "wrong-token",
};
const lookup = ["lookup", "--db-instance-id", "rm-orders", "--region-id", regionId];

const temporaryFolder = temporaryFolders();
let rds: Simulator;
let tokens: TokenStandIn;

beforeAll(async () => {
  rds = await startSimulator({ ...rightKey, world: testWorld });
});
afterAll(() => rds.stop());
beforeEach(async () => {
  tokens = new TokenStandIn();
  await tokens.start();
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env["HTTP_PROXY"];
  tokens.stop();
});

type Fields = Readonly<Record<string, string | number>>;

/** A home with profiles of the CLI; the first one is the current one. */
function homeWith(profiles: Readonly<Record<string, Fields>>): string {
  const home = temporaryFolder();
  mkdirSync(join(home, ".aliyun"));
  writeFileSync(join(home, ".aliyun", "config.json"), configOf(profiles));
  return home;
}

function configOf(profiles: Readonly<Record<string, Fields>>): string {
  const [current] = Object.keys(profiles);
  return JSON.stringify({
    current,
    profiles: Object.entries(profiles).map(([name, fields]) => ({ name, ...fields })),
  });
}

interface Timed extends Finished {
  readonly ms: number;
}

async function run(
  home: string,
  environment: Readonly<Record<string, string>> = {},
  args: readonly string[] = lookup,
  runner = runCli,
): Promise<Timed> {
  const start = Date.now();
  const finished = await runner(args, {
    cwd: home,
    environment: { RDS_DR_ENDPOINT: rds.url, ALIBABA_CLOUD_ENDPOINT_STS: tokens.url, ...environment },
  });
  return { ...finished, ms: Date.now() - start };
}

/** STS gives the right key to the role, and the key of the test to those in between. */
function answerByRole(): void {
  tokens.answer = ({ form }) => assumed(form["RoleArn"] === roleArn ? rightKey : wrongKey);
}

const soon = Math.floor(Date.now() / 1_000) + 3_600;
const longAgo = 1_700_000_000;

/** What the metadata service of ECS says; it is asked at an address that only exists there. */
function withMetadata(key: object): Record<string, string> {
  const { port } = tokens;
  const { request } = http;
  jest
    .spyOn(http, "request")
    .mockImplementation(((options: http.RequestOptions, ...others: []) =>
      request(
        [options.hostname, options.host].includes("100.100.100.200")
          ? { ...options, host: "127.0.0.1", hostname: "127.0.0.1", port }
          : options,
        ...others,
      )) as typeof http.request);
  tokens.answer = ({ url, form }) => {
    if (form["Action"] === "AssumeRole") {
      return assumed(form["AccessKeyId"] === wrongKey.accessKeyId ? rightKey : wrongKey);
    }
    return url === "/latest/api/token" ? { text: "METADATA-TOKEN" } : { json: { Code: "Success", ...key } };
  };
  return { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "" };
}

/** A program that prints a key, and notes that it was run. */
function program(script: string): string {
  const file = join(temporaryFolder(), "a program.sh");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const printedKey = JSON.stringify({
  mode: "StsToken",
  access_key_id: rightKey.accessKeyId,
  access_key_secret: rightKey.accessKeySecret,
  sts_token: rightKey.securityToken,
});

const rightFields = {
  access_key_id: rightKey.accessKeyId,
  access_key_secret: rightKey.accessKeySecret,
  sts_token: rightKey.securityToken,
};

describe("a profile of the mode", () => {
  test.each<[string, () => Readonly<Record<string, Fields>>, object | undefined]>([
    ["StsToken signs with its key", () => ({ main: { mode: "StsToken", ...rightFields } }), undefined],
    [
      "RamRoleArn assumes its role",
      () => ({
        main: {
          ...{ mode: "RamRoleArn", ...baseKey, ram_role_arn: roleArn, ram_session_name: "mine" },
          ...{ external_id: "ext", expired_seconds: 1_800 },
        },
      }),
      {
        ...{ Action: "AssumeRole", AccessKeyId: "base-key-id", RoleSessionName: "mine" },
        ...{ ExternalId: "ext", DurationSeconds: "1800" },
      },
    ],
    [
      "ChainableRamRoleArn assumes one role with another",
      () => ({
        main: { mode: "ChainableRamRoleArn", source_profile: "middle", ram_role_arn: roleArn },
        middle: {
          mode: "ChainableRamRoleArn",
          source_profile: "base",
          ram_role_arn: "acs:ram::2:role/middle",
        },
        base: { mode: "AK", ...baseKey },
      }),
      { AccessKeyId: "wrong-key-id", SecurityToken: "wrong-token", RoleArn: roleArn },
    ],
    [
      "CredentialsURI asks its URI",
      () => {
        tokens.answer = () => ({ json: { Code: "Success", ...stsKey(rightKey) } });
        return { main: { mode: "CredentialsURI", credentials_uri: `${tokens.url}/key` } };
      },
      {},
    ],
    [
      "CloudSSO exchanges its sign-in",
      () => {
        tokens.answer = ({ headers, body }) =>
          headers.authorization === "Bearer sign-in" && body === '{"AccountId":"1","AccessConfigurationId":"ac-1"}'
            ? { json: { CloudCredential: stsKey(rightKey) } }
            : { status: 401, text: "" };
        const signIn = { cloud_sso_sign_in_url: `${tokens.url}/start/login`, access_token: "sign-in" };
        const account = { cloud_sso_account_id: "1", cloud_sso_access_config: "ac-1" };
        return { main: { mode: "CloudSSO", ...signIn, ...account, cloud_sso_access_token_expire: soon } };
      },
      {},
    ],
    [
      "CloudSSO signs with the session that the CLI has stored",
      () => ({ main: { mode: "CloudSSO", ...rightFields, sts_expiration: soon } }),
      undefined,
    ],
    [
      "OAuth signs with the session that the CLI has stored",
      () => ({ main: { mode: "OAuth", ...rightFields, sts_expiration: soon } }),
      undefined,
    ],
    [
      "OIDC assumes its role",
      () => {
        const file = join(temporaryFolder(), "token");
        writeFileSync(file, "the-token");
        return {
          main: {
            mode: "OIDC",
            oidc_provider_arn: "acs:ram::1:oidc-provider/x",
            oidc_token_file: file,
            ram_role_arn: roleArn,
          },
        };
      },
      { Action: "AssumeRoleWithOIDC", OIDCToken: "the-token", RoleArn: roleArn },
    ],
    [
      "External runs its program",
      () => ({
        main: {
          mode: "External",
          process_command: `"${program(`echo '${printedKey}'`)}" --with 'an argument'`,
        },
      }),
      undefined,
    ],
  ])("%s", async (_, profiles, request) => {
    answerByRole();
    const home = homeWith(profiles());

    // By its name, beside a key of the environment, and as the current one.
    const pair = { ALICLOUD_ACCESS_KEY: "x", ALICLOUD_SECRET_KEY: "x" };
    const results = [await run(home, pair, [...lookup, "--profile", "main"]), await run(home)];

    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(results.map(() => ({ code: 0, stderr: "" })));
    if (request === undefined) {
      expect(tokens.requests).toEqual([]);
    } else {
      expect(tokens.requests.at(-1)?.form).toMatchObject(request);
    }
  });

  test("AK signs with its key", async () => {
    const home = homeWith({ main: { mode: "AK", ...baseKey } });
    // The stand-in knows no such key, and says so.
    expect((await run(home)).stderr).toContain("InvalidAccessKeyId.NotFound");
  });

  test.each([
    ["EcsRamRole signs as the role of the instance", { mode: "EcsRamRole", ram_role_name: "node" }, rightKey],
    [
      "RamRoleArnWithRoleName assumes a role as the role of the instance",
      { mode: "RamRoleArnWithRoleName", ram_role_name: "node", ram_role_arn: roleArn },
      wrongKey,
    ],
    [
      "RamRoleArnWithEcs is the same",
      { mode: "RamRoleArnWithEcs", ram_role_name: "node", ram_role_arn: roleArn },
      wrongKey,
    ],
  ])("%s", async (_, fields, key) => {
    const environment = withMetadata(stsKey(key));

    const { code, stderr } = await run(homeWith({ main: fields }), environment);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(tokens.requests.map(({ url }) => url)).toContain("/latest/meta-data/ram/security-credentials/node");
  });

  const others = {
    ALIBABA_CLOUD_CREDENTIALS_URI: "http://127.0.0.1:1/somebody-else",
  };

  test.each<[string, Fields, string]>([
    ["RsaKeyPair", { private_key: "HUSH-PEM", key_pair_name: "x" }, "RSA key pair"],
    ["BearerToken", { bearer_token: "HUSH-BEARER" }, "bearer token"],
    ["Anonymous", {}, "unsigned"],
    ["Odd", { secret: "HUSH" }, "the modes that work are AK, StsToken"],
    ["constructor", { secret: "HUSH" }, "the modes that work are AK, StsToken"],
  ])("%s is refused by its name, and nobody else signs", async (mode, fields, why) => {
    const home = homeWith({ main: { mode, ...fields } });

    for (const args of [lookup, [...lookup, "--profile", "main"]]) {
      const { code, stderr } = await run(home, others, args);
      expect(code).toBe(4);
      expect(stderr).toContain(`the profile "main" in ${home}/.aliyun/config.json is of the mode "${mode}"`);
      expect(stderr).toContain(why);
      expect(stderr).not.toContain("HUSH");
    }
  });

  test.each<[string, Readonly<Record<string, Fields>>, string]>([
    ["StsToken without a token", { main: { mode: "StsToken", ...baseKey } }, "it has no sts_token"],
    ["RamRoleArn without a role", { main: { mode: "RamRoleArn", ...baseKey } }, "it has no ram_role_arn"],
    ["AK with half a key", { main: { mode: "AK", access_key_id: "x" } }, "it has no access_key_secret"],
    [
      "RamRoleArn with a malformed role",
      { main: { mode: "RamRoleArn", ...baseKey, ram_role_arn: "drill" } },
      "ram_role_arn must be the ARN of a RAM role",
    ],
    [
      "ChainableRamRoleArn without its source",
      { main: { mode: "ChainableRamRoleArn", source_profile: "gone", ram_role_arn: roleArn } },
      'has no profile "gone"',
    ],
    [
      "ChainableRamRoleArn in a circle",
      {
        main: { mode: "ChainableRamRoleArn", source_profile: "b", ram_role_arn: roleArn },
        b: { mode: "ChainableRamRoleArn", source_profile: "main", ram_role_arn: roleArn },
      },
      "its own source_profile",
    ],
    [
      "CloudSSO whose sign-in is over",
      {
        main: {
          ...{ mode: "CloudSSO", access_token: "HUSH", cloud_sso_access_token_expire: longAgo },
          cloud_sso_sign_in_url: "https://signin.example.com",
        },
      },
      'run "aliyun configure --profile main" again',
    ],
    [
      "OAuth whose session is over",
      { main: { mode: "OAuth", ...rightFields, sts_expiration: longAgo } },
      "session is over",
    ],
    [
      "External with a program that fails",
      { main: { mode: "External", process_command: "sh -c 'echo HUSH; exit 3'" } },
      'the program sh of the profile "main" gives no access key: it exits with 3',
    ],
    [
      "External with a program without a name",
      { main: { mode: "External", process_command: "'' HUSH" } },
      "it has no name",
    ],
    [
      "External with a program that does not exist",
      { main: { mode: "External", process_command: "/nowhere/program HUSH" } },
      "it cannot be run (ENOENT)",
    ],
    [
      "External with a program whose arguments cannot be passed",
      { main: { mode: "External", process_command: "sh HUSH\0" } },
      "it cannot be run (ERR_INVALID_ARG_VALUE)",
    ],
    [
      "External with a program whose arguments are too long",
      { main: { mode: "External", process_command: `sh HUSH${"x".repeat(3_000_000)}` } },
      "it cannot be run (E2BIG)",
    ],
    [
      "External with a program that prints no JSON",
      { main: { mode: "External", process_command: "echo HUSH" } },
      "it prints no JSON object",
    ],
    [
      "External with a program that prints half a key",
      { main: { mode: "External", process_command: `echo '{"access_key_id":"HUSH"}'` } },
      "it prints no whole access key",
    ],
  ])("%s is refused, and nobody else signs", async (_, profiles, message) => {
    const { code, stderr } = await run(homeWith(profiles), others);
    expect(stderr).toContain(message);
    expect(code).toBe(4);
    expect(stderr).not.toContain("HUSH");
  });
});

describe("the file of profiles", () => {
  test.each([
    ["config.json of my own", "ALICLOUD_SHARED_CREDENTIALS_FILE"],
    ["~/elsewhere.json", "ALICLOUD_SHARED_CREDENTIALS_FILE"],
    ["elsewhere.json", "ALIBABA_CLOUD_CREDENTIALS_FILE"],
  ])("is %s if %s says so", async (file, variable) => {
    const home = homeWith({ main: { mode: "AK", access_key_id: "other", access_key_secret: "other" } });
    writeFileSync(join(home, file.replace("~/", "")), configOf({ main: { mode: "StsToken", ...rightFields } }));
    const environment = { [variable]: file };

    // A relative path starts from the folder of the process.
    const results = [
      await run(home, environment, lookup, spawnCli),
      await run(home, { ...environment, ALICLOUD_PROFILE: "main" }, lookup, spawnCli),
    ];

    expect(results.map(({ code }) => code)).toEqual([0, 0]);
  });

  test.each([
    ["not JSON", '{"profiles": [{"access_key_secret": "HUSH"', "it is not JSON"],
    ["empty", "", "it is not JSON"],
    ["a list", '["HUSH"]', 'it has no list "profiles" of objects'],
    ["without profiles", '{"current": "main", "secret": "HUSH"}', 'it has no list "profiles" of objects'],
    ["with profiles that are text", '{"profiles": ["HUSH"]}', 'it has no list "profiles" of objects'],
  ])("that is %s is named with its path, and nobody else signs", async (_, text, message) => {
    const home = homeWith({});
    const file = join(home, ".aliyun", "config.json");
    writeFileSync(file, text);

    for (const args of [lookup, [...lookup, "--profile", "main"]]) {
      const { code, stderr } = await run(home, { ALIBABA_CLOUD_CREDENTIALS_URI: tokens.url }, args);
      expect(code).toBe(4);
      expect(stderr).toContain(`the file of profiles ${file} cannot be used: ${message}`);
      expect(stderr).not.toContain("HUSH");
    }
    expect(tokens.requests).toEqual([]);
  });

  test("that cannot be read is named with its path", async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, ".aliyun", "config.json"), { recursive: true });
    expect((await run(home)).stderr).toContain(
      `${home}/.aliyun/config.json cannot be used: it cannot be read (EISDIR)`,
    );
  });

  const testWithFifos = isOnPath("mkfifo") ? test : test.skip;

  testWithFifos.each(["config.json", "token"])(
    "that is a FIFO is named, as who waits for it never ends: %s",
    async (name) => {
      const home = temporaryFolder();
      const file = join(home, name);
      execFileSync("mkfifo", [file]);
      const oidc = {
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/x",
        ALIBABA_CLOUD_OIDC_TOKEN_FILE: file,
        ALIBABA_CLOUD_ROLE_ARN: roleArn,
      };

      const { code, stderr } = await run(home, name === "token" ? oidc : { ALICLOUD_SHARED_CREDENTIALS_FILE: file });

      expect(stderr).toContain(file);
      expect(stderr).toContain("cannot be read (it is no regular file)");
      expect(code).toBe(4);
    },
  );

  test("that names a current profile and does not hold it is named, and nobody else signs", async () => {
    const home = homeWith({ main: { mode: "AK", ...rightFields } });
    const file = join(home, ".aliyun", "config.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"current":"main"', '"current":"gone"'));
    tokens.answer = () => ({ json: { Code: "Success", ...stsKey(rightKey) } });

    const { code, stderr } = await run(home, { ALIBABA_CLOUD_CREDENTIALS_URI: tokens.url });

    expect(stderr).toContain(`${file} has no profile "gone"`);
    expect(code).toBe(4);
    expect(tokens.requests).toEqual([]);
  });

  test("that is missing is named with its path if a profile was asked for", async () => {
    const home = temporaryFolder();
    const { code, stderr } = await run(home, { ALIBABA_CLOUD_PROFILE: "dr" });
    expect(code).toBe(4);
    expect(stderr).toContain(
      `the profile "dr" of the Alibaba Cloud CLI gives no access key: there is no file ${home}/.aliyun/config.json`,
    );
  });

  test("that the CLI made before it was configured does not stop the next source", async () => {
    tokens.answer = () => ({ json: { Code: "Success", ...stsKey(rightKey) } });
    const home = homeWith({ default: { mode: "AK", access_key_id: "", access_key_secret: "" } });
    expect((await run(home, { ALIBABA_CLOUD_CREDENTIALS_URI: tokens.url })).code).toBe(0);
  });

  test("of the SDKs is read after that of the CLI", async () => {
    answerByRole();
    const home = temporaryFolder();
    mkdirSync(join(home, ".alibabacloud"));
    const lines = [
      "[default]",
      "type = ram_role_arn",
      "access_key_id = a",
      "access_key_secret = b",
      `role_arn=${roleArn}`,
    ];
    writeFileSync(join(home, ".alibabacloud", "credentials"), lines.join("\n"));

    expect((await run(home)).code).toBe(0);
  });
});

describe("a role", () => {
  const pair = { ALICLOUD_ACCESS_KEY: "base-key-id", ALICLOUD_SECRET_KEY: "base-key-secret" };

  test.each<[string, Record<string, string>, readonly string[]]>([
    [
      "ALICLOUD_ASSUME_ROLE_ARN",
      { ALICLOUD_ASSUME_ROLE_ARN: roleArn, ALIBABA_CLOUD_ROLE_ARN: "acs:ram::9:role/x" },
      [],
    ],
    ["ALIBABA_CLOUD_ROLE_ARN", { ALIBABA_CLOUD_ROLE_ARN: roleArn }, []],
    ["--role-arn", {}, ["--role-arn", roleArn]],
    [
      "--role-arn, which beats the variables,",
      { ALICLOUD_ASSUME_ROLE_ARN: "acs:ram::9:role/x" },
      ["--role-arn", roleArn],
    ],
  ])("that %s names is assumed with the access key", async (_, variables, options) => {
    answerByRole();

    const { code, stderr } = await run(temporaryFolder(), { ...pair, ...variables }, [...lookup, ...options]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(tokens.requests.map(({ form }) => [form["AccessKeyId"], form["RoleArn"]])).toEqual([
      ["base-key-id", roleArn],
    ]);
  });

  test("is assumed with a profile", async () => {
    answerByRole();
    const home = homeWith({ main: { mode: "AK", ...baseKey } });
    const args = [...lookup, "--profile", "main", "--role-arn", roleArn];
    expect((await run(home, {}, args)).code).toBe(0);
  });

  test("is asked for once by many lookups", async () => {
    answerByRole();
    const ids = ["rm-orders", "rm-billing", "rm-stale"];
    const args = ["lookup", "--db-instance-id", ...ids, "--region-id", regionId, "--role-arn", roleArn];
    expect((await run(temporaryFolder(), pair, args)).code).toBe(0);
    expect(tokens.requests).toHaveLength(1);
  });

  test("that is malformed is a wrong use of the command", async () => {
    const { code, stderr } = await run(temporaryFolder(), pair, [...lookup, "--role-arn", "drill"]);
    expect(code).toBe(2);
    expect(stderr).toContain('--role-arn must be the ARN of a RAM role, such as "acs:ram::');
  });

  test.each(["list", "check", "external"])("is assumed by the command %s as well", async (command) => {
    answerByRole();
    const home = temporaryFolder();
    const environment = { RDS_DR_ENDPOINT: rds.url, ALIBABA_CLOUD_ENDPOINT_STS: tokens.url, ...pair };
    const lockFile = join(home, "lock.json");
    const commands: Record<string, readonly string[]> = {
      list: ["list", "--db-instance-id", "rm-orders", "--region-id", regionId, "--role-arn", roleArn],
      check: ["check", "--lock-file", lockFile, "--role-arn", roleArn],
      external: ["external"],
    };
    if (command === "check") {
      const writes = { ...environment, RDS_DR_MODE: "refresh", RDS_DR_LOCK_FILE: lockFile };
      expect((await run(home, writes, [...lookup, "--role-arn", roleArn])).code).toBe(0);
    }
    const query = { db_instance_id: "rm-orders", region_id: regionId, role_arn: roleArn };

    const { code, stderr } = await runCli(commands[command] ?? [], {
      ...{ cwd: home, environment, input: JSON.stringify(query) },
    });

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(tokens.requests.at(-1)?.form).toMatchObject({ AccessKeyId: "base-key-id", RoleArn: roleArn });
  });

  test("that STS denies is an error of access that names the role, and no locked answer hides it", async () => {
    const home = temporaryFolder();
    await lockAnswer(home);
    tokens.answer = () => ({
      status: 403,
      json: { Code: "NoPermission", Message: "You may not.", RequestId: "REQ-1" },
    });

    const { code, stderr } = await run(home, { ...pair, ...lockOf(home), ALIBABA_CLOUD_ROLE_ARN: roleArn });

    expect(code).toBe(4);
    expect(stderr).toContain(`the token service (AssumeRole of ${roleArn} at 127.0.0.1:${tokens.port}) denied`);
    expect(stderr).toContain("REQ-1");
  });
});

function lockOf(home: string): Record<string, string> {
  return { RDS_DR_LOCK_FILE: join(home, "lock.json") };
}

async function lockAnswer(home: string): Promise<void> {
  const { accessKeyId, accessKeySecret, securityToken } = rightKey;
  const key = {
    ...{ ALICLOUD_ACCESS_KEY: accessKeyId, ALICLOUD_SECRET_KEY: accessKeySecret },
    ALICLOUD_SECURITY_TOKEN: securityToken,
  };
  expect((await run(home, { ...key, ...lockOf(home), RDS_DR_MODE: "refresh" })).code).toBe(0);
}

describe("when the source of credentials is down", () => {
  const role = { ALICLOUD_ACCESS_KEY: "b", ALICLOUD_SECRET_KEY: "b", ALICLOUD_ASSUME_ROLE_ARN: roleArn };
  const limit = { RDS_DR_DEADLINE_SECONDS: "1" };
  let silentPort = 0;
  const silent = createServer((socket) => sockets.add(socket));
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    silentPort = (silent.address() as AddressInfo).port;
  });
  afterAll(() => {
    silent.close();
    sockets.forEach((socket) => socket.destroy());
  });
  const pidFile = (home: string): string => join(home, "pids");
  const pidsOf = (home: string): number[] =>
    (existsSync(pidFile(home)) ? readFileSync(pidFile(home), "utf8") : "").split(/\s/).filter(Boolean).map(Number);

  /** Each leads to a source that hangs. */
  const hanging: Readonly<Record<string, (home: string) => Record<string, string>>> = {
    "STS that says nothing": () => {
      tokens.answer = () => ({ silent: true });
      return role;
    },
    "STS that never ends what it says": () => {
      tokens.answer = () => ({ endless: true });
      return role;
    },
    "STS that throttles": () => {
      tokens.answer = () => ({
        status: 400,
        json: { RequestId: "REQ-1", Code: "Throttling.User", Message: "too fast" },
      });
      return role;
    },
    "STS that fails": () => {
      tokens.answer = () => ({ status: 503, text: "down" });
      return role;
    },
    "a credentials URI that says nothing": () => {
      tokens.answer = () => ({ silent: true });
      return { ALIBABA_CLOUD_CREDENTIALS_URI: tokens.url };
    },
    "a proxy to STS that says nothing": () => {
      process.env["HTTP_PROXY"] = `http://127.0.0.1:${silentPort}`;
      const proxied = { ALIBABA_CLOUD_ENDPOINT_STS: "http://sts.proxied.test", RDS_DR_ALLOW_HTTP: "true" };
      return { ...role, ...proxied };
    },
    "a metadata service that fails": () => {
      const environment = withMetadata({});
      tokens.answer = () => ({ status: 500, text: "" });
      return environment;
    },
    "a metadata service of a named role that says nothing": () => {
      const environment = withMetadata({});
      tokens.answer = () => ({ silent: true });
      return { ...environment, ALICLOUD_ECS_ROLE_NAME: "node" };
    },
    "a program that never ends, with a child that holds its output": (home) => {
      const file = program(`sleep 300 & echo $! $$ >> '${pidFile(home)}'; wait`);
      mkdirSync(join(home, ".aliyun"));
      const profiles = { main: { mode: "External", process_command: `'${file}'` } };
      writeFileSync(join(home, ".aliyun", "config.json"), configOf(profiles));
      return { ALICLOUD_PROFILE: "main" };
    },
  };

  test.each(Object.keys(hanging))(
    "%s: the locked answer is used, and the command ends a second after the deadline at most",
    async (name) => {
      const home = temporaryFolder();
      await lockAnswer(home);
      const environment = { ...limit, ...hanging[name]?.(home) };

      const [withLock, without] = await Promise.all([
        run(home, { ...environment, ...lockOf(home) }),
        run(home, environment),
      ]);

      expect(withLock.stderr).toContain("(CredentialsUnavailable): the locked backup 9007199254740993");
      expect(withLock.code).toBe(0);
      expect(without.code).toBe(5);
      expect(without.stderr).toContain("CredentialsUnavailable");
      for (const { ms } of [withLock, without]) {
        // Half a second for a busy machine.
        expect(ms).toBeLessThan(2_500);
      }
      expect(pidsOf(home).filter(isAlive)).toEqual([]);
    },
  );

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("a program ends with the command: %s", async (signal) => {
    const home = temporaryFolder();
    const environment = hanging["a program that never ends, with a child that holds its output"]?.(home);
    const env = { PATH: process.env["PATH"], HOME: home, RDS_DR_ENDPOINT: rds.url, ...environment };
    const child = spawn(process.execPath, [cliMain, ...lookup], { env, stdio: "ignore" });
    const ended = once(child, "exit");
    while (pidsOf(home).length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill(signal);

    expect(await ended).toEqual([null, signal]);
    // The system takes a moment to bury them, and longer on a busy machine.
    for (let tries = 0; tries < 100 && pidsOf(home).some(isAlive); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(pidsOf(home).filter(isAlive)).toEqual([]);
  });

  test("a socket that hangs does not keep the process", async () => {
    tokens.answer = () => ({ silent: true });

    const { code, ms } = await run(temporaryFolder(), { ...role, ...limit }, lookup, spawnCli);

    expect(code).toBe(5);
    // A second for the process to start on a busy machine.
    expect(ms).toBeLessThan(3_000);
  });

  test("every lookup that waits for it says so, and the source is asked once at a time", async () => {
    tokens.answer = () => ({ silent: true });
    const home = temporaryFolder();
    writeFileSync(join(home, "ids"), Array.from({ length: 100 }, (_, index) => `rm-${index}`).join("\n"));
    const args = ["lookup", "--from", "ids", "--region-id", regionId, "--json"];

    const { code, stdout } = await run(home, { ...role, ...limit }, args);

    const { lookups } = JSON.parse(stdout) as {
      readonly lookups: readonly { readonly error: { code: string } }[];
    };
    expect(code).toBe(5);
    expect(lookups.map(({ error }) => error.code)).toEqual(lookups.map(() => "CredentialsUnavailable"));
    expect(lookups).toHaveLength(100);
    expect(tokens.requests).toHaveLength(1);
  });

  test.each<[string, TokenAnswer]>([
    ["is not there", { silent: true }],
    ["knows no role", { status: 404, text: "" }],
    ["is somebody else's page", { text: "<html>" }],
  ])("a metadata service that %s is no outage if nobody named a role: there are no credentials", async (_, answer) => {
    const environment = withMetadata({});
    tokens.answer = () => answer;

    const { code, stderr } = await run(temporaryFolder(), environment);

    expect(code).toBe(4);
    expect(stderr).toContain("no access key was found in the environment");
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What nobody has waited for yet counts as dead.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
