import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { Credentials } from "../../../lib/rds-api/credentials/credentials";
import type { AccessKey } from "../../../lib/rds-api/credentials/key-source";
import type { Environment } from "../../../lib/rds-api/credentials/variables";
import { ErrorKind } from "../../../lib/rds-api/errors/error-kind";
import { RdsApiError } from "../../../lib/rds-api/errors/rds-api-error";
import { InvalidRequestError } from "../../../lib/validation/checks";
import { errorOf } from "../simulated";
import { assumed, isSignedWith, stsKey, type TokenAnswer, TokenStandIn } from "../token-stand-in";

const base = { ALICLOUD_ACCESS_KEY: "base-key-id", ALICLOUD_SECRET_KEY: "base-key-secret" };
const roleArn = "acs:ram::1234567890123456:role/drill";
const roleKey = {
  accessKeyId: "role-key-id",
  accessKeySecret: "role-key-secret",
  securityToken: "role-token",
};

let sts: TokenStandIn;
const opened: Credentials[] = [];

beforeEach(async () => {
  sts = new TokenStandIn();
  await sts.start();
});
afterEach(() => {
  opened.splice(0).forEach((credentials) => {
    credentials.close();
  });
  sts.stop();
});

function credentialsOf(environment: Environment, deadlineMs = 5_000): Credentials {
  const more = {
    ALIBABA_CLOUD_ENDPOINT_STS: sts.url,
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    HOME: "/nowhere",
  };
  const credentials = new Credentials({ ...more, ...environment }, deadlineMs);
  opened.push(credentials);
  return credentials;
}

function keyOf(environment: Environment, deadlineMs?: number, role: string = roleArn): Promise<AccessKey> {
  return credentialsOf(environment, deadlineMs).providerFor(undefined, role).getCredentials();
}

describe("a role is assumed", () => {
  test("with the access key of the environment, which signs the request to STS alone", async () => {
    sts.answer = () => assumed(roleKey);

    expect(await keyOf(base)).toEqual(roleKey);

    const [request] = sts.requests;
    expect(request?.form).toMatchObject({
      Action: "AssumeRole",
      Version: "2015-04-01",
      RoleArn: roleArn,
      RoleSessionName: "rds-dr",
      AccessKeyId: "base-key-id",
    });
    expect(request?.form).not.toHaveProperty("ExternalId");
    expect(request?.form).not.toHaveProperty("DurationSeconds");
    expect(request && isSignedWith(request, "base-key-secret")).toBe(true);
  });

  test.each<[string, Record<string, string>, object]>([
    [
      "the Terraform provider's variables",
      {
        ALICLOUD_ASSUME_ROLE_SESSION_NAME: "nightly",
        ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION: "900",
        ALICLOUD_ASSUME_ROLE_EXTERNAL_ID: "ext-1",
        ALIBABA_CLOUD_ROLE_SESSION_NAME: "passed-over",
      },
      { RoleSessionName: "nightly", DurationSeconds: "900", ExternalId: "ext-1" },
    ],
    [
      "the variables of the SDKs and the CLI",
      { ALIBABA_CLOUD_ROLE_SESSION_NAME: "nightly", ALIBABA_CLOUD_EXTERNAL_ID: "ext-2" },
      { RoleSessionName: "nightly", ExternalId: "ext-2" },
    ],
  ])("with the session of %s", async (_, variables, parameters) => {
    sts.answer = () => assumed(roleKey);

    await keyOf({ ...base, ...variables });

    expect(sts.requests[0]?.form).toMatchObject(parameters);
  });

  test("with a temporary key, whose token goes along", async () => {
    sts.answer = () => assumed(roleKey);

    await keyOf({ ...base, ALICLOUD_SECURITY_TOKEN: "base-token" });

    expect(sts.requests[0]?.form).toMatchObject({ SecurityToken: "base-token" });
  });

  test.each(["drill", "acs:ram::role/drill", "acs:ram::1:user/me", "acs:ram::1:role/", " "])(
    'unless its ARN is "%s"',
    async (role) => {
      await expect(keyOf(base, undefined, role)).rejects.toThrow(InvalidRequestError);
    },
  );

  test("unless the variable that names it is malformed, and the message names the variable", async () => {
    const environment = { ...base, ALIBABA_CLOUD_ROLE_ARN: "drill" };
    await expect(keyOf(environment, undefined, "drill")).rejects.toThrow(/^ALIBABA_CLOUD_ROLE_ARN must be the ARN/);
  });

  test.each([
    ["ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION", "899"],
    ["ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION", "an hour"],
    ["ALIBABA_CLOUD_ENDPOINT_STS", "http://sts.example.com"],
    ["ALIBABA_CLOUD_ENDPOINT_STS", "ftp://x"],
  ])("unless %s is %s", async (name, value) => {
    await expect(keyOf({ ...base, [name]: value })).rejects.toThrow(new RegExp(`^${name} must be`));
  });
});

describe("a token of an identity provider", () => {
  const folder = mkdtempSync(join(tmpdir(), "rds-dr-oidc-"));
  const tokenFile = join(folder, "token");
  const oidc = {
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1234567890123456:oidc-provider/ci",
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: tokenFile,
  };
  const podRole = "acs:ram::1234567890123456:role/pod";
  writeFileSync(tokenFile, "OIDC-TOKEN-OF-THE-POD\n");
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("assumes its role, without a signature", async () => {
    sts.answer = () => assumed(roleKey);

    const credentials = credentialsOf({ ...oidc, ALIBABA_CLOUD_ROLE_ARN: podRole });

    expect(await credentials.providerFor().getCredentials()).toEqual(roleKey);
    expect(sts.requests[0]?.form).toMatchObject({
      Action: "AssumeRoleWithOIDC",
      OIDCToken: "OIDC-TOKEN-OF-THE-POD",
      OIDCProviderArn: oidc.ALIBABA_CLOUD_OIDC_PROVIDER_ARN,
      RoleArn: podRole,
    });
    expect(sts.requests[0]?.form).not.toHaveProperty("Signature");
  });

  test("assumes the role that is asked for, if it has none of its own", async () => {
    sts.answer = () => assumed(roleKey);

    expect(await keyOf(oidc)).toEqual(roleKey);

    expect(sts.requests.map(({ form }) => [form["Action"], form["RoleArn"]])).toEqual([
      ["AssumeRoleWithOIDC", roleArn],
    ]);
  });

  test("assumes its role first, and another one with that", async () => {
    const podKey = {
      accessKeyId: "pod-key-id",
      accessKeySecret: "pod-key-secret",
      securityToken: "pod-token",
    };
    sts.answer = ({ form }) => assumed(form["Action"] === "AssumeRole" ? roleKey : podKey);

    expect(await keyOf({ ...oidc, ALIBABA_CLOUD_ROLE_ARN: podRole })).toEqual(roleKey);

    expect(sts.requests[1]?.form).toMatchObject({ AccessKeyId: "pod-key-id", SecurityToken: "pod-token" });
    expect(sts.requests[1] && isSignedWith(sts.requests[1], "pod-key-secret")).toBe(true);
  });

  test("stays secret if the token service repeats it", async () => {
    sts.answer = ({ form }) => ({
      status: 400,
      json: {
        RequestId: "REQ-1",
        Code: "AuthenticationFail.OIDCToken.Invalid",
        Message: `not valid: ${form["OIDCToken"] ?? ""}`,
      },
    });

    const error = await errorOf(keyOf(oidc), RdsApiError);

    expect(error).toMatchObject({ code: "CredentialsDenied", kind: ErrorKind.ACCESS });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("OIDC-TOKEN");
  });

  test("is an error that names its file if that is missing", async () => {
    const error = await errorOf(keyOf({ ...oidc, ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/nowhere/token" }), RdsApiError);
    expect(error.message).toContain("the file of the OIDC token, /nowhere/token, cannot be read (ENOENT)");
  });

  test("is an error if one of its variables is missing", async () => {
    const error = await errorOf(credentialsOf(oidc).providerFor().getCredentials(), RdsApiError);
    expect(error.message).toContain("ALIBABA_CLOUD_OIDC_PROVIDER_ARN is set, but ALIBABA_CLOUD_ROLE_ARN is not");
  });
});

describe("a token service", () => {
  const refusal = (status: number, Code: string): TokenAnswer => ({
    status,
    json: { Code, Message: "You may not.", RequestId: "REQ-1" },
  });

  test.each<[string, TokenAnswer]>([
    ["answers 503 with a page", { status: 503, text: "<html>upstream</html>" }],
    ["answers 500 in JSON", refusal(500, "InternalError")],
    ["is unavailable by its own word", refusal(400, "ServiceUnavailable")],
    ["throttles", refusal(400, "Throttling.User")],
    ["throttles by its status", refusal(429, "SlowDown")],
    ["is a login page", { status: 200, text: "<html>log in</html>" }],
    ["is a proxy that forbids", { status: 403, text: "<html>forbidden</html>" }],
    ["answers without a key", { json: { RequestId: "REQ-1" } }],
    ["answers with half a key", { json: { Credentials: { AccessKeyId: "x" } } }],
    ["says nothing", { silent: true }],
    ["never ends what it says", { endless: true }],
  ])("that %s is an outage that ends with the deadline", async (_, answer) => {
    sts.answer = () => answer;
    const start = Date.now();

    const error = await errorOf(keyOf(base, 400), RdsApiError);

    expect(error).toMatchObject({
      code: "CredentialsUnavailable",
      kind: ErrorKind.TRANSIENT,
      retryable: true,
    });
    expect(error.message).toContain(
      `the token service (AssumeRole of ${roleArn} at 127.0.0.1:${sts.port}) gave no access key: `,
    );
    expect(Date.now() - start).toBeLessThan(700);
  });

  test("that cannot be reached is an outage that names the cause", async () => {
    const asking = keyOf({ ...base, ALIBABA_CLOUD_ENDPOINT_STS: sts.url }, 600);
    sts.stop();
    const error = await errorOf(asking, RdsApiError);
    expect(error).toMatchObject({ code: "CredentialsUnavailable", kind: ErrorKind.TRANSIENT });
    expect(error.message).toContain("ECONNREFUSED");
  });

  test.each([refusal(400, "Throttling"), refusal(503, "ServiceUnavailable"), { status: 502, text: "" }])(
    "is asked again until it answers: %j",
    async (answer) => {
      sts.answer = (_, count) => (count < 3 ? answer : assumed(roleKey));
      expect(await keyOf(base)).toEqual(roleKey);
    },
  );

  test.each([
    [403, "NoPermission"],
    [404, "EntityNotExist.Role"],
    [400, "InvalidParameter.RoleArn"],
    [403, "InvalidAccessKeyId.NotFound"],
    [400, "SignatureDoesNotMatch"],
  ])("that denies with %d %s says so at once, with its name", async (status, code) => {
    sts.answer = () => refusal(status, code);

    const error = await errorOf(keyOf(base), RdsApiError);

    expect(error).toMatchObject({ code: "CredentialsDenied", kind: ErrorKind.ACCESS, requestId: "REQ-1" });
    expect(error.message).toContain(
      `the token service (AssumeRole of ${roleArn} at 127.0.0.1:${sts.port}) denied an access key: ${code}: You may not.`,
    );
    expect(sts.requests).toHaveLength(1);
  });

  test("that repeats the secrets of the request shows none of them", async () => {
    sts.answer = ({ body }) => ({
      status: 400,
      json: { RequestId: "REQ-1", Code: "Odd", Message: `base-key-secret ${body}` },
    });
    const error = await errorOf(keyOf(base), RdsApiError);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/base-key-(?:id|secret)/);
  });
});

describe("a temporary key", () => {
  test("is asked for once by all lookups and all roles that share it", async () => {
    sts.answer = ({ form }) =>
      form["RoleArn"] === undefined ? { json: { Code: "Success", ...stsKey(roleKey) } } : assumed(roleKey);
    const credentials = credentialsOf({ ALIBABA_CLOUD_CREDENTIALS_URI: `${sts.url}/key` });
    const roles = ["a", "b"].map((name) => `acs:ram::1:role/${name}`);

    await Promise.all(
      Array.from({ length: 50 }, (_, index) => credentials.providerFor(undefined, roles[index % 2]).getCredentials()),
    );
    await credentials.providerFor().getCredentials();

    expect(sts.requests.filter(({ method }) => method === "GET")).toHaveLength(1);
    expect(
      sts.requests
        .map(({ form }) => form["RoleArn"])
        .filter(Boolean)
        .sort(),
    ).toEqual(roles);
  });

  test("is renewed before it ends", async () => {
    sts.answer = (_, count) => assumed({ ...roleKey, accessKeyId: `key-${count}` }, 1_000);
    const provider = credentialsOf(base).providerFor(undefined, roleArn);
    const ids: string[] = [];
    for (const waitMs of [0, 100, 600]) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      ids.push((await provider.getCredentials()).accessKeyId);
    }
    expect(ids).toEqual(["key-1", "key-1", "key-2"]);
  });

  test("is used on while it lasts if it cannot be renewed", async () => {
    sts.answer = (_, count) => (count === 1 ? assumed(roleKey, 1_000) : { status: 503, text: "" });
    const provider = credentialsOf(base).providerFor(undefined, roleArn);
    await provider.getCredentials();
    await new Promise((resolve) => setTimeout(resolve, 600));

    expect(await provider.getCredentials()).toEqual(roleKey);
    expect(sts.requests).toHaveLength(2);
  });

  test("that is about to end, or over by another clock, is not asked for at every request", async () => {
    for (const lastsMs of [-60_000, 60_000]) {
      sts.answer = () => assumed(roleKey, lastsMs);
      const provider = credentialsOf(base).providerFor(undefined, roleArn);
      const before = sts.requests.length;
      await provider.getCredentials();
      await provider.getCredentials();
      expect(sts.requests.length - before).toBe(1);
    }
  });
});

describe("behind a proxy", () => {
  let proxy: Server;
  const tunnels: string[] = [];
  const saved = { ...process.env };

  beforeEach(async () => {
    tunnels.length = 0;
    proxy = createServer().on("connect", ({ url = "" }, socket) => {
      tunnels.push(url);
      const upstream = connect(sts.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    process.env["HTTP_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    process.env = { ...saved };
    proxy.close();
    proxy.closeAllConnections();
  });

  const behind = { RDS_DR_ALLOW_HTTP: "true", ALIBABA_CLOUD_ENDPOINT_STS: "http://sts.proxied.test" };

  test("the token service is asked through it", async () => {
    sts.answer = () => assumed(roleKey);
    expect(await keyOf({ ...base, ...behind })).toEqual(roleKey);
    expect(tunnels).toEqual(["sts.proxied.test:80"]);
  });

  test("so is a credentials URI", async () => {
    sts.answer = () => ({ json: { Code: "Success", ...stsKey(roleKey) } });
    const uri = { ALIBABA_CLOUD_CREDENTIALS_URI: "http://keys.proxied.test/key" };
    expect(await credentialsOf(uri).providerFor().getCredentials()).toEqual(roleKey);
    expect(tunnels).toEqual(["keys.proxied.test:80"]);
  });

  test("a token service that NO_PROXY excepts is asked directly", async () => {
    process.env["NO_PROXY"] = "sts.proxied.test";
    const error = await errorOf(keyOf({ ...base, ...behind }, 600), RdsApiError);
    // Nobody has that name, but the proxy.
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(tunnels).toEqual([]);
  });
});

describe("a credentials URI", () => {
  const uriError = (answer: TokenAnswer): Promise<RdsApiError> => {
    sts.answer = () => answer;
    const environment = { ALIBABA_CLOUD_CREDENTIALS_URI: `${sts.url}/capability?secret=1` };
    return errorOf(credentialsOf(environment, 700).providerFor().getCredentials(), RdsApiError);
  };

  test.each<[string, TokenAnswer]>([
    ["that answers 500", { status: 500, text: "" }],
    ["that answers 429", { status: 429, text: "" }],
    ["that is a page", { status: 200, text: "<html>" }],
    ["that redirects", { status: 302, text: "" }],
    ["that says nothing", { silent: true }],
    ["that never ends", { endless: true }],
  ])("%s is an outage", async (_, answer) => {
    const error = await uriError(answer);
    expect(error).toMatchObject({ code: "CredentialsUnavailable", kind: ErrorKind.TRANSIENT });
    expect(error.message).toContain(`the credentials URI at ${sts.url} gave no access key: `);
    expect(error.message).not.toMatch(/capability|secret=/);
  });

  test.each<[string, TokenAnswer]>([
    ["that answers 403", { status: 403, text: "" }],
    ["that answers 404", { status: 404, text: "" }],
    ["that does not succeed", { json: { Code: "Forbidden" } }],
    ["that answers with half a key", { json: { Code: "Success", AccessKeyId: "HALF-KEY" } }],
  ])("%s denies", async (_, answer) => {
    const error = await uriError(answer);
    expect(error).toMatchObject({ code: "CredentialsDenied", kind: ErrorKind.ACCESS });
    expect(error.message).not.toContain("HALF-KEY");
  });
});
