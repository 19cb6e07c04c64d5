import RPCClient from "@alicloud/pop-core/lib/rpc";
import { request } from "node:http";
import { type Simulator, simulatorCredentials, startSimulator } from "../../lib/simulator";
import { call, commonParameters, get, instant, type Json, type PopCoreError, post, signed } from "./clients";

const ACTION = "DescribeCrossRegionBackupDBInstance";
const HANGZHOU = { RegionId: "cn-hangzhou" };
const MINUTE = 60 * 1000;

describe("the gateway in front of the actions", () => {
  let simulator: Simulator;
  const parameters = (more: Record<string, string> = {}): Record<string, string> => ({
    ...commonParameters(ACTION),
    ...HANGZHOU,
    ...more,
  });
  const without = (name: string): Record<string, string> =>
    Object.fromEntries(Object.entries(parameters()).filter(([other]) => other !== name));

  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.stop());

  test("admits signed parameters in a form, in the query, and in both", async () => {
    const whole = signed(parameters());
    const { Signature = "", ...rest } = whole;

    const statuses = [
      (await post(simulator.url, signed(parameters()))).status,
      (await get(simulator.url, signed(parameters(), "GET"))).status,
      (await post(`${simulator.url}/?${new URLSearchParams(rest).toString()}`, { Signature })).status,
    ];

    expect(statuses).toEqual([200, 200, 200]);
  });

  test.each(["GET", "POST"])("admits Alibaba's own client by %s, awkward characters and all", async (method) => {
    const client = new RPCClient({
      endpoint: simulator.url,
      apiVersion: "2014-08-15",
      ...simulatorCredentials,
    });

    const answer = await client.request<Json>(ACTION, { RegionId: "cn-hangzhou", Tag: "a b+c*(d)!'~/ä=&" }, { method });

    expect(answer["TotalRecords"]).toBe(2);
    expect(simulator.requests.at(-1)?.parameters["Tag"]).toBe("a b+c*(d)!'~/ä=&");
  });

  test.each([
    "Action",
    "Version",
    "Format",
    "AccessKeyId",
    "Timestamp",
    "SignatureMethod",
    "SignatureVersion",
    "SignatureNonce",
  ])("refuses a request without %s", async (name) => {
    const { status, json } = await post(simulator.url, signed(without(name)));

    expect([status, json["Code"]]).toEqual([400, `Missing${name}`]);
  });

  test("refuses a request without a signature", async () => {
    const { status, json } = await post(simulator.url, parameters());

    expect([status, json["Code"]]).toEqual([400, "MissingSignature"]);
  });

  test.each<[string, number, string, Record<string, string>]>([
    ["an unknown access key", 404, "InvalidAccessKeyId.NotFound", { AccessKeyId: "somebody" }],
    ["a token that the simulator has not", 400, "InvalidSecurityToken.Malformed", { SecurityToken: "token" }],
    ["an unknown action", 404, "InvalidAction.NotFound", { Action: "DescribeEverything" }],
    ["another version", 400, "InvalidVersion", { Version: "2014-08-16" }],
    ["another format", 400, "InvalidParameter.Format", { Format: "XML" }],
    ["another signature method", 400, "InvalidSignatureMethod", { SignatureMethod: "HMAC-SHA256" }],
    ["another signature version", 400, "InvalidSignatureVersion", { SignatureVersion: "2.0" }],
    ["a time with fractions", 400, "InvalidTimeStamp.Format", { Timestamp: new Date().toISOString() }],
    ["a clock 16 minutes slow", 400, "InvalidTimeStamp.Expired", { Timestamp: instant(Date.now() - 16 * MINUTE) }],
    ["a clock 16 minutes fast", 400, "InvalidTimeStamp.Expired", { Timestamp: instant(Date.now() + 16 * MINUTE) }],
  ])("refuses %s", async (_, status, code, change) => {
    const answer = await post(simulator.url, signed(parameters(change)));

    expect([answer.status, answer.json["Code"]]).toEqual([status, code]);
  });

  test.each([-14, 14])("bears a clock that is off by %i minutes", async (minutes) => {
    const Timestamp = instant(Date.now() + minutes * MINUTE);

    expect((await post(simulator.url, signed(parameters({ Timestamp })))).status).toBe(200);
  });

  test("refuses a nonce that was used before", async () => {
    const again = signed(parameters());
    await post(simulator.url, again);

    const { status, json } = await post(simulator.url, again);

    expect([status, json["Code"]]).toEqual([400, "SignatureNonceUsed"]);
  });

  test("keeps the nonce of a request with a wrong signature unused", async () => {
    const common = parameters();
    await post(simulator.url, signed(common, "POST", "wrong"));

    expect((await post(simulator.url, signed(common))).status).toBe(200);
  });

  test.each([
    ["the secret", signed({ ...commonParameters(ACTION), ...HANGZHOU }, "POST", "wrong")],
    ["the method", signed({ ...commonParameters(ACTION), ...HANGZHOU }, "GET")],
    ["a parameter", { ...signed({ ...commonParameters(ACTION), ...HANGZHOU }), RegionId: "cn-beijing" }],
  ])("refuses a signature made with %s of another request, and echoes what was to be signed", async (_, wrong) => {
    const { status, json } = await post(simulator.url, wrong);

    expect([status, json["Code"]]).toEqual([400, "SignatureDoesNotMatch"]);
    expect(json["Message"]).toContain("server string to sign is:POST&%2F&AccessKeyId%3Dsimulator%26Action");
  });

  test("refuses other methods and other paths", async () => {
    const put = await fetch(simulator.url, { method: "PUT" });
    const path = await post(`${simulator.url}/api`, signed(parameters()));

    expect(await put.json()).toMatchObject({ Code: "UnsupportedHTTPMethod" });
    expect([path.status, path.json["Code"]]).toEqual([404, "InvalidAction.NotFound"]);
  });

  test("words a refusal as the cloud does", async () => {
    const { json } = await call(simulator.url, ACTION);

    expect(json).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/) as string,
      HostId: new URL(simulator.url).host,
      Code: "ParameterAbsence",
      Message: "Necessary param is absence. (RegionId)",
      Recommend: expect.stringContaining("ParameterAbsence") as string,
    });
  });

  test("gives Alibaba's own client an error with the code", async () => {
    const client = new RPCClient({
      endpoint: simulator.url,
      apiVersion: "2014-08-15",
      ...simulatorCredentials,
      accessKeySecret: "wrong",
    });

    const error = await client
      .request(ACTION, HANGZHOU, { method: "POST" })
      .catch((thrown: unknown) => thrown as PopCoreError);

    expect(error).toMatchObject({ code: "SignatureDoesNotMatch" });
  });

  test("drops a client that sends more than any form holds", async () => {
    const outcome = await new Promise((resolve) => {
      const upload = request(simulator.url, { method: "POST" }, () => {
        resolve("answered");
      });
      upload.on("error", () => {
        resolve("dropped");
      });
      upload.end(Buffer.alloc(2 * 1024 * 1024));
    });

    expect(outcome).toBe("dropped");
  });
});

describe("a simulator with a temporary credential", () => {
  let simulator: Simulator;
  const codeWith = async (token: Record<string, string>): Promise<unknown> => {
    const { json } = await call(simulator.url, ACTION, { ...HANGZHOU, ...token });
    return json["Code"];
  };

  beforeAll(async () => {
    simulator = await startSimulator({ securityToken: "the-token" });
  });
  afterAll(() => simulator.stop());

  test("demands its token", async () => {
    expect(await codeWith({})).toBe("MissingSecurityToken");
    expect(await codeWith({ SecurityToken: "other" })).toBe("InvalidSecurityToken.MismatchWithAccessKey");
    expect(await codeWith({ SecurityToken: "the-token" })).toBeUndefined();
  });
});
