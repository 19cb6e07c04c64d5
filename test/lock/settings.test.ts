import { Mode, OnStale, onStaleOf } from "../../lib/lock/mode";
import { readSettings as readSettingsIn, type Settings } from "../../lib/lock/settings";
import { errorOf } from "../fixtures";

const readSettings = (context: unknown, environment: Record<string, string>): Settings =>
  readSettingsIn(context, environment, "/");

const keys = { ALIBABA_CLOUD_ACCESS_KEY_ID: "id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret" };

test("without context and environment, the API is asked for 30 seconds", () => {
  expect(readSettings(undefined, {})).toEqual({
    mode: Mode.LIVE,
    deadlineSeconds: 30,
    concurrency: 16,
    operatorsOnStale: undefined,
    defaultOnStale: OnStale.FAIL,
    endpoint: undefined,
    restoreEndpoint: undefined,
    profile: undefined,
    roleArn: undefined,
    answers: undefined,
    lockFile: undefined,
    acceptOlder: false,
    refreshReport: undefined,
    warnings: [],
  });
});

test("the context gives every setting", () => {
  const context = {
    mode: "locked",
    deadlineSeconds: 5,
    concurrency: 4,
    onStale: "warn",
    endpoint: "rds-vpc.cn-hangzhou.aliyuncs.com",
    answers: {},
  };

  const { mode, operatorsOnStale, defaultOnStale, ...others } = readSettings(context, {});

  expect([mode, operatorsOnStale, defaultOnStale]).toEqual([Mode.LOCKED, undefined, OnStale.WARN]);
  expect(others).toMatchObject({
    deadlineSeconds: 5,
    concurrency: 4,
    endpoint: "rds-vpc.cn-hangzhou.aliyuncs.com",
    restoreEndpoint: "rds-vpc.cn-hangzhou.aliyuncs.com",
    answers: {},
  });
});

test.each(["__proto__", "constructor", "toString"])("the context has no key %s, nor have its answers", (key) => {
  const context = JSON.parse(`{"${key}":{"mode":"locked"}}`) as unknown;
  const answers = JSON.parse(`{"mode":"locked","answers":{"${key}":{"backup":null}}}`) as unknown;

  expect(errorOf(() => readSettings(context, {})).message).toMatch(
    new RegExp(`^a key in the context "rds-dr" must be answers, .*, but is "${key}"$`),
  );
  expect(errorOf(() => readSettings(answers, {})).message).toBe(
    `["${key}"] of "answers" in the context "rds-dr" must be a question, but is "${key}": it begins with "latest", "list" or "instances", such as "latest rm-uf6wjk5xxxx regionId=cn-hangzhou"`,
  );
});

test("the environment beats the context, setting by setting", () => {
  const context = {
    mode: "locked",
    deadlineSeconds: 5,
    concurrency: 4,
    onStale: "warn",
    endpoint: "a.example",
  };

  expect(
    readSettings(context, {
      RDS_DR_MODE: "live",
      RDS_DR_DEADLINE_SECONDS: "7.5",
      RDS_DR_CONCURRENCY: "256",
      RDS_DR_ON_STALE: "fail",
      RDS_DR_ENDPOINT: "http://127.0.0.1:8080",
      ALIBABA_CLOUD_PROFILE: "b",
    }),
  ).toMatchObject({
    mode: Mode.LIVE,
    deadlineSeconds: 7.5,
    concurrency: 256,
    operatorsOnStale: OnStale.FAIL,
    endpoint: "http://127.0.0.1:8080",
    profile: "b",
  });
});

test("the operator's word on backups that are too old beats the code, and the code beats the context", () => {
  const { FAIL, WARN } = OnStale;
  const settings = (inContext: string, variable: string): Settings =>
    readSettings({ onStale: inContext }, { RDS_DR_ON_STALE: variable });

  expect(onStaleOf(WARN, settings("fail", "fail"))).toBe(FAIL);
  expect(onStaleOf(FAIL, settings("warn", ""))).toBe(FAIL);
  expect(onStaleOf(undefined, settings("warn", ""))).toBe(WARN);
  expect(onStaleOf(undefined, readSettings(undefined, {}))).toBe(FAIL);
});

test("answers without a mode are an error, since a test would ask the network instead", () => {
  expect(errorOf(() => readSettings({ answers: {} }, {})).message).toBe(
    '"mode" in the context "rds-dr" must be "locked", which uses "answers" alone, or "live", which falls back on them, but is missing: "answers" are in place of a lock file',
  );
  expect(readSettings({ answers: {} }, { RDS_DR_MODE: "live" }).mode).toBe(Mode.LIVE);
});

test("an empty variable counts as none", () => {
  const environment = {
    RDS_DR_MODE: "",
    RDS_DR_DEADLINE_SECONDS: "",
    RDS_DR_ON_STALE: "",
    RDS_DR_ENDPOINT: "",
    RDS_DR_RESTORE_ENDPOINT: "",
    RDS_DR_ALLOW_HTTP: "",
    ALIBABA_CLOUD_ENDPOINT_RDS: "",
    ALICLOUD_PROFILE: "",
  };

  expect(readSettings({ mode: "locked", endpoint: "vpc" }, environment)).toEqual(
    readSettings({ mode: "locked", endpoint: "vpc" }, {}),
  );
});

test("an access key in the environment beats a profile that it names", () => {
  expect(readSettings({}, { ...keys, ALICLOUD_PROFILE: "a" }).profile).toBeUndefined();
});

describe("the endpoint is", () => {
  const [own, shared, restore] = ["a.example", "b.example:8443", "c.example"];

  test.each<[string, Record<string, string>, unknown, readonly (string | undefined)[]]>([
    [
      "our variable's, with one more for the restore, whatever else there is",
      { RDS_DR_ENDPOINT: own, RDS_DR_RESTORE_ENDPOINT: restore, ALIBABA_CLOUD_ENDPOINT_RDS: shared },
      { endpoint: "vpc" },
      [own, restore],
    ],
    [
      "our variable's, which serves the restore too",
      { RDS_DR_ENDPOINT: own, ALIBABA_CLOUD_ENDPOINT_RDS: shared },
      {},
      [own, own],
    ],
    [
      "that of the variable that the provider reads too",
      { ALIBABA_CLOUD_ENDPOINT_RDS: shared },
      { endpoint: "vpc" },
      [shared, shared],
    ],
    ["the context's", {}, { endpoint: "vpc" }, ["vpc", "vpc"]],
    ["the context's, but for the restore", { RDS_DR_RESTORE_ENDPOINT: restore }, { endpoint: "vpc" }, ["vpc", restore]],
    ["nobody's", {}, {}, [undefined, undefined]],
  ])("%s", (_, environment, context, expected) => {
    const { endpoint, restoreEndpoint } = readSettings(context, environment);

    expect([endpoint, restoreEndpoint]).toEqual(expected);
  });

  test("not looked at in the context if a variable wins, so that a bad night needs no commit", () => {
    const context = { endpoint: "x.privatelink.aliyuncs.com" };

    expect(readSettings(context, { RDS_DR_ENDPOINT: own }).endpoint).toBe(own);
    expect(errorOf(() => readSettings(context, { RDS_DR_RESTORE_ENDPOINT: own })).message).toContain("RDS_DR_ENDPOINT");
  });

  test.each(["RDS_DR_ENDPOINT", "RDS_DR_RESTORE_ENDPOINT", "ALIBABA_CLOUD_ENDPOINT_RDS"])(
    "by http on this machine itself alone, in %s too, unless RDS_DR_ALLOW_HTTP allows it",
    (name) => {
      const environment = { [name]: "http://simulator:8080" };

      expect(errorOf(() => readSettings({}, environment)).message).toMatch(
        new RegExp(`^${name} must be https, or http on this machine itself .+ RDS_DR_ALLOW_HTTP=true`),
      );
      expect(readSettings({}, { ...environment, RDS_DR_ALLOW_HTTP: "true" }).restoreEndpoint).toBe(
        "http://simulator:8080",
      );
    },
  );
});

test.each(["http://127.0.0.1:8080", "https://rds.aliyuncs.com", "vpc", "a b"])(
  "a form that the Terraform provider cannot read is warned of, whatever wins: %s",
  (shared) => {
    const environment = { RDS_DR_ENDPOINT: "rds.aliyuncs.com", ALIBABA_CLOUD_ENDPOINT_RDS: shared };

    expect(readSettings({}, environment).warnings).toEqual([
      'ALIBABA_CLOUD_ENDPOINT_RDS is not a host or host:port: the Terraform provider reads this variable too, and cannot read a URL or "vpc" there. Unset it, and set RDS_DR_ENDPOINT',
    ]);
  },
);

test.each(["rds.aliyuncs.com", "127.0.0.1:8080", ""])(
  "a form that the Terraform provider can read is not warned of: %j",
  (shared) => {
    expect(readSettings({}, { ALIBABA_CLOUD_ENDPOINT_RDS: shared }).warnings).toEqual([]);
  },
);

describe("a setting that is wrong is named with its value and what is allowed", () => {
  test.each<[string, unknown, Record<string, string>, string]>([
    ["a context that is text", "locked", {}, 'the context "rds-dr" must be an object, but is "locked"'],
    ["a context that is a list", [], {}, 'the context "rds-dr" must be an object, but is []'],
    ["a context that is null", null, {}, 'the context "rds-dr" must be an object, but is null'],
    [
      "an unknown key",
      { modus: "locked" },
      {},
      'a key in the context "rds-dr" must be answers, concurrency, deadlineSeconds, endpoint, mode, onStale, restores, but is "modus"',
    ],
    [
      "a mode",
      { mode: "frozen" },
      {},
      '"mode" in the context "rds-dr" must be "live" or "locked" or "refresh", but is "frozen"',
    ],
    [
      "a mode",
      {},
      { RDS_DR_MODE: "LOCKED" },
      'RDS_DR_MODE must be "live" or "locked" or "refresh" or "destroy", but is "LOCKED"',
    ],
    [
      "a word on stale backups",
      {},
      { RDS_DR_ON_STALE: "ignore" },
      'RDS_DR_ON_STALE must be "fail" or "warn", but is "ignore"',
    ],
    [
      "a word on stale backups",
      { onStale: true },
      {},
      '"onStale" in the context "rds-dr" must be "fail" or "warn", but is true',
    ],
    ["an endpoint", {}, { ALIBABA_CLOUD_ENDPOINT_RDS: "http://a/b" }, "ALIBABA_CLOUD_ENDPOINT_RDS must be a host, "],
    ["an endpoint", { endpoint: 8080 }, {}, '"endpoint" in the context "rds-dr" must be text, but is 8080'],
    [
      "an endpoint of somebody else",
      { endpoint: "https://rds.example" },
      {},
      '"endpoint" in the context "rds-dr" must be rds.aliyuncs.com, ',
    ],
    [
      "a profile",
      { profile: "dr" },
      { ALICLOUD_PROFILE: "mine" },
      '"profile" in the context "rds-dr" must be omitted, as a repository must not choose whose credentials sign, but is "dr": use ALICLOUD_PROFILE, ALIBABA_CLOUD_PROFILE, --profile or the prop profile',
    ],
    [
      "a role",
      { roleArn: "acs:ram::1:role/dr" },
      {},
      '"roleArn" in the context "rds-dr" must be omitted, as a repository must not choose whose credentials sign, but is ',
    ],
    ["a word on http", {}, { RDS_DR_ALLOW_HTTP: "yes" }, 'RDS_DR_ALLOW_HTTP must be "true" or "false", but is "yes"'],
    ["answers", { mode: "locked", answers: [] }, {}, '"answers" in the context "rds-dr" must be an object'],
  ])("%s", (_, context, environment, message) => {
    expect(errorOf(() => readSettings(context, environment)).message).toContain(message);
  });

  test.each(["0", "-1", "soon", "Infinity", "86401", " "])("RDS_DR_DEADLINE_SECONDS=%j", (value) => {
    expect(errorOf(() => readSettings({}, { RDS_DR_DEADLINE_SECONDS: value })).message).toBe(
      `RDS_DR_DEADLINE_SECONDS must be a number of seconds above 0, at most 86400, but is ${JSON.stringify(value)}`,
    );
  });

  test.each(["0", "-1", "1.5", "257", "many", "Infinity", " "])("RDS_DR_CONCURRENCY=%j", (value) => {
    expect(errorOf(() => readSettings({}, { RDS_DR_CONCURRENCY: value })).message).toBe(
      `RDS_DR_CONCURRENCY must be a whole number of requests, 1 to 256, but is ${JSON.stringify(value)}`,
    );
  });

  test.each([true, ["5"], null, {}])('%j for "concurrency"', (concurrency) => {
    expect(errorOf(() => readSettings({ concurrency }, {})).message).toMatch(
      /^"concurrency" in the context "rds-dr" must be a whole number of requests/,
    );
  });

  test.each([true, ["5"], null, {}])('%j for "deadlineSeconds"', (deadlineSeconds) => {
    expect(errorOf(() => readSettings({ deadlineSeconds }, {})).message).toMatch(
      /^"deadlineSeconds" in the context "rds-dr" must be a number of seconds/,
    );
  });
});
