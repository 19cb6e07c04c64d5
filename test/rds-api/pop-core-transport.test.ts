import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describeCrossRegionBackups } from "../../lib/rds-api/actions/describe-cross-region-backups";
import { ErrorKind } from "../../lib/rds-api/errors/error-kind";
import { RdsApiError } from "../../lib/rds-api/errors/rds-api-error";
import { PopCoreTransport } from "../../lib/rds-api/pop-core-transport";
import type { AccessKey } from "../../lib/rds-api/credentials/key-source";
import { FaultKind, type Simulator, simulatorCredentials, startSimulator } from "../../lib/simulator";
import { connect, errorOf, lastDays, mysql, worldOf } from "./simulated";

const ACTION = "DescribeInstanceCrossBackupPolicy";
const PARAMETERS = { DBInstanceId: mysql.dbInstanceId, RegionId: mysql.regionId };

function transportTo(endpoint: string, accessKey: AccessKey = simulatorCredentials): PopCoreTransport {
  const credentials = { getCredentials: () => Promise.resolve(accessKey) };
  return new PopCoreTransport({ endpoint, credentials, maxSockets: 4 });
}

describe("the transport over pop-core", () => {
  let simulator: Simulator;
  let transport: PopCoreTransport;

  beforeEach(async () => {
    simulator = await startSimulator();
    transport = transportTo(simulator.url);
  });
  afterEach(async () => {
    transport.close();
    await simulator.stop();
  });

  test("posts a signed request without the parameters that have no value", async () => {
    const answer = await transport.send(ACTION, { ...PARAMETERS, ResourceGroupId: undefined }, 1_000);

    expect(answer).toMatchObject({ CrossBackupRegion: "cn-shanghai" });
    expect(simulator.requests).toMatchObject([{ method: "POST", action: ACTION, httpStatus: 200 }]);
    expect(simulator.requests[0]?.parameters).toEqual(PARAMETERS);
  });

  test("sends a temporary key with its token", async () => {
    const temporary = await startSimulator({ securityToken: "a/token+of=STS&more" });
    const withToken = transportTo(temporary.url, {
      ...simulatorCredentials,
      securityToken: "a/token+of=STS&more",
    });

    expect(await withToken.send(ACTION, PARAMETERS, 1_000)).toMatchObject({ RegionId: "cn-hangzhou" });

    withToken.close();
    await temporary.stop();
  });

  test("asks for the key before each request, so that a renewed one is used", async () => {
    const keys = [{ accessKeyId: "old", accessKeySecret: "old-secret" }, simulatorCredentials];
    const credentials = { getCredentials: () => Promise.resolve(keys.shift() ?? simulatorCredentials) };
    const renewing = new PopCoreTransport({ endpoint: simulator.url, credentials, maxSockets: 1 });

    const error = await errorOf(renewing.send(ACTION, PARAMETERS, 1_000), RdsApiError);
    expect(error).toMatchObject({ code: "InvalidAccessKeyId.NotFound", kind: ErrorKind.ACCESS });
    expect(await renewing.send(ACTION, PARAMETERS, 1_000)).toMatchObject({ RegionId: "cn-hangzhou" });
    renewing.close();
  });

  test("passes on that there are no credentials, and sends nothing", async () => {
    const none = new RdsApiError({ action: "Signing", code: "NoCredentials", reason: "none" });
    const credentials = { getCredentials: () => Promise.reject(none) };
    const keyless = new PopCoreTransport({ endpoint: simulator.url, credentials, maxSockets: 1 });

    expect(await errorOf(keyless.send(ACTION, PARAMETERS, 1_000), RdsApiError)).toBe(none);
    expect(simulator.requests).toEqual([]);
    keyless.close();
  });

  test.each(["Sec", "Security", "InvalidSecurityToken"])(
    "keeps the code of a refusal readable though the token is %s",
    async (securityToken) => {
      const temporary = transportTo(simulator.url, { ...simulatorCredentials, securityToken });

      const error = await errorOf(temporary.send(ACTION, PARAMETERS, 1_000), RdsApiError);

      expect(error).toMatchObject({ code: "InvalidSecurityToken.Malformed", kind: ErrorKind.ACCESS });
      temporary.close();
    },
  );

  test("gives up after the time that one request may take", async () => {
    simulator.injectFault({ kind: FaultKind.NO_ANSWER });
    const begin = performance.now();

    const error = await errorOf(transport.send(ACTION, PARAMETERS, 100), RdsApiError);

    expect(error).toMatchObject({
      code: "RequestTimeout",
      reason: `the endpoint did not answer in time (endpoint ${simulator.url})`,
      retryable: true,
    });
    expect(performance.now() - begin).toBeLessThan(3_000);
  });

  test.each<[FaultKind, Partial<RdsApiError>]>([
    [FaultKind.THROTTLING, { code: "Throttling.User", kind: ErrorKind.THROTTLED, httpStatus: 400 }],
    [FaultKind.SERVER_ERROR, { code: "InternalError", kind: ErrorKind.TRANSIENT, httpStatus: 500 }],
    [FaultKind.SERVER_ERROR_WITHOUT_CODE, { code: "InvalidResponse", kind: ErrorKind.TRANSIENT, httpStatus: 500 }],
    [FaultKind.UNAVAILABLE, { code: "ServiceUnavailable", kind: ErrorKind.TRANSIENT, httpStatus: 503 }],
    [FaultKind.HTML, { code: "InvalidResponse", kind: ErrorKind.TRANSIENT, httpStatus: 502 }],
    [FaultKind.EMPTY_BODY, { code: "InvalidResponse", kind: ErrorKind.TRANSIENT, httpStatus: 200 }],
    [FaultKind.RESET, { code: "ECONNRESET", kind: ErrorKind.TRANSIENT, httpStatus: undefined }],
    [FaultKind.CUT_BODY, { code: "ECONNRESET", kind: ErrorKind.TRANSIENT, httpStatus: undefined }],
    [FaultKind.DENIED, { code: "Forbidden.RAM", kind: ErrorKind.ACCESS, httpStatus: 403 }],
    [FaultKind.CLOCK_SKEW, { code: "InvalidTimeStamp.Expired", kind: ErrorKind.ACCESS, httpStatus: 400 }],
  ])("names what went wrong: %s", async (kind, expected) => {
    simulator.injectFault({ kind });

    expect(await errorOf(transport.send(ACTION, PARAMETERS, 1_000), RdsApiError)).toMatchObject({
      action: ACTION,
      ...expected,
    });
    expect(simulator.requests).toHaveLength(1);
  });

  test.each<[FaultKind, number, ErrorKind, boolean]>([
    [FaultKind.HTML, 302, ErrorKind.TRANSIENT, false],
    [FaultKind.HTML, 401, ErrorKind.TRANSIENT, false],
    [FaultKind.HTML, 403, ErrorKind.TRANSIENT, false],
    [FaultKind.HTML, 404, ErrorKind.TRANSIENT, false],
    [FaultKind.HTML, 408, ErrorKind.TRANSIENT, true],
    [FaultKind.HTML, 429, ErrorKind.THROTTLED, true],
    [FaultKind.HTML, 503, ErrorKind.TRANSIENT, true],
    [FaultKind.HTML, 200, ErrorKind.TRANSIENT, true],
    [FaultKind.SERVER_ERROR_WITHOUT_CODE, 403, ErrorKind.TRANSIENT, false],
    [FaultKind.SERVER_ERROR_WITHOUT_CODE, 404, ErrorKind.TRANSIENT, false],
    [FaultKind.SERVER_ERROR_WITHOUT_CODE, 400, ErrorKind.TRANSIENT, false],
  ])("explains what is no answer of the API by its status: %s with %d is %s", async (...row) => {
    const [kind, httpStatus, meaning, retryable] = row;
    simulator.injectFault({ kind, httpStatus });

    const error = await errorOf(transport.send(ACTION, PARAMETERS, 1_000), RdsApiError);

    expect(error).toMatchObject({ code: "InvalidResponse", httpStatus, kind: meaning, retryable });
    expect(error.reason).toMatch(/^the answer is not .+\(HTTP \d+ from the endpoint http:\/\/127/);
    expect(error.reason).toContain(`(HTTP ${httpStatus} from the endpoint ${simulator.url})`);
  });

  test("keeps the statuses of requests apart that are under way together", async () => {
    const instances = ["rm-a", "rm-b", "rm-c", "rm-d", "rm-e", "rm-f"];
    instances.forEach((dbInstanceId, index) => {
      simulator.injectFault({ kind: FaultKind.HTML, dbInstanceId, httpStatus: 400 + index });
    });

    const errors = await Promise.all(
      [...instances, ...instances].map((id) =>
        errorOf(transport.send(ACTION, { ...PARAMETERS, DBInstanceId: id }, 1_000), RdsApiError),
      ),
    );

    const statuses = [400, 401, 402, 403, 404, 405];
    expect(errors.map(({ httpStatus }) => httpStatus)).toEqual([...statuses, ...statuses]);
    expect(simulator.connections).toBeLessThanOrEqual(4);
  });

  test("keeps the message, the status and the request id of a refusal", async () => {
    simulator.injectFault({ kind: FaultKind.REFUSED, code: "Gone", httpStatus: 410, message: "It is gone." });

    expect(await errorOf(transport.send(ACTION, PARAMETERS, 1_000), RdsApiError)).toMatchObject({
      message: `${ACTION} failed with Gone: It is gone.`,
      httpStatus: 410,
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/) as string,
    });
  });

  test("says that nothing listens there", async () => {
    const { url: simulatorUrl } = simulator;
    await simulator.stop();

    expect(await errorOf(transport.send(ACTION, PARAMETERS, 1_000), RdsApiError)).toMatchObject({
      code: "ECONNREFUSED",
      kind: ErrorKind.TRANSIENT,
      httpStatus: undefined,
      reason: `connect ECONNREFUSED ${new URL(simulatorUrl).host} (endpoint ${simulatorUrl})`,
    });
  });

  test("says in a word what TLS makes of an endpoint that speaks plain HTTP", async () => {
    const endpoint = simulator.url.replace("http:", "https:");
    const secure = transportTo(endpoint);

    expect(await errorOf(secure.send(ACTION, PARAMETERS, 1_000), RdsApiError)).toMatchObject({
      code: "EPROTO",
      reason: expect.stringMatching(/^write EPROTO [a-z ]+ \(endpoint https:[^ ]+\)$/) as string,
    });
    secure.close();
  });
});

describe("answers that only other servers give", () => {
  let server: Server;
  let listener: RequestListener;
  let transport: PopCoreTransport;

  beforeAll(async () => {
    server = createServer((request, response) => {
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    transport = transportTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(() => {
    transport.close();
    server.closeAllConnections();
    server.close();
  });

  const answering = (status: number, body: string, headers = {}): void => {
    listener = (_, response) => response.writeHead(status, headers).end(body);
  };

  test.each([
    [200, "null"],
    [200, "[]"],
    [200, "5"],
    [200, '"text"'],
    [302, "{}"],
    [403, '{"message": "who are you"}'],
    [403, '{"code": "Forbidden", "message": "who are you"}'],
    [403, '{"Code": "Forbidden", "Message": "who are you"}'],
    [404, '{"Code": 404, "Message": "no such page"}'],
    [400, '{"foo": 1}'],
    [404, "<html>"],
    [200, '{"RequestId": '],
    [400, '{"Code": "Odd", "Message": {"a": 1}}'],
  ])("HTTP %d with %s is no answer of the API", async (status, body) => {
    answering(status, body, { location: "http://127.0.0.1:1/" });

    expect(await errorOf(transport.send("X", {}, 1_000), RdsApiError)).toMatchObject({
      code: "InvalidResponse",
    });
  });

  test("a byte order mark hides nothing that the API says", async () => {
    answering(403, '\uFEFF{"Code": "Forbidden.RAM", "Message": "no", "RequestId": "1"}');

    expect(await errorOf(transport.send("X", {}, 1_000), RdsApiError)).toMatchObject({
      code: "Forbidden.RAM",
      kind: ErrorKind.ACCESS,
    });
  });

  test("numbers keep all their digits", async () => {
    answering(
      200,
      '{"a": 9007199254740993, "b": [{"c": 123456789012345678901234567890}], "d": 5, "e": 1.5, "f": null}',
    );

    expect(await transport.send("X", {}, 1_000)).toEqual({
      a: "9007199254740993",
      b: [{ c: "123456789012345678901234567890" }],
      d: 5,
      e: 1.5,
      f: null,
    });
  });

  const packed = (body: string | Buffer): void => {
    listener = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(body);
  };

  test("a packed answer is unpacked", async () => {
    packed(gzipSync('{"a": 12345678901234567890}'));

    expect(await transport.send("X", {}, 1_000)).toEqual({ a: "12345678901234567890" });
  });

  test.each<[string, () => Buffer]>([
    ["cut", () => gzipSync(`{"a": "${"b".repeat(10_000)}"}`).subarray(0, 40)],
    ["not packed at all", () => Buffer.from("{}")],
  ])("a packed answer that is %s is tried again", async (_, body) => {
    packed(body());

    expect(await errorOf(transport.send("X", {}, 1_000), RdsApiError)).toMatchObject({
      code: "InvalidResponse",
      kind: ErrorKind.TRANSIENT,
      retryable: true,
    });
  });

  test("a packed answer whose connection breaks is tried again, and does not wait for its time", async () => {
    listener = (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-length": 1_000 });
      response.write(gzipSync("{}").subarray(0, 12), () => response.destroy());
    };

    expect(await errorOf(transport.send("X", {}, 30_000), RdsApiError)).toMatchObject({
      code: "ECONNRESET",
      retryable: true,
    });
  });

  test.each<[string, () => void]>([
    [
      "a bomb of gzip",
      () => {
        packed(gzipSync(Buffer.alloc(80 * 2 ** 20, " ")));
      },
    ],
    [
      "a body without an end",
      () => {
        listener = (_, response) => {
          const chunk = Buffer.alloc(2 ** 20, " ");
          const more = (): void => {
            response.write(chunk, (error) => {
              if (!error) {
                more();
              }
            });
          };
          more();
        };
      },
    ],
  ])("%s is an error that names the limit, and an outage", async (_, answer) => {
    answer();

    expect(await errorOf(transport.send("X", {}, 20_000), RdsApiError)).toMatchObject({
      code: "AnswerTooLong",
      kind: ErrorKind.TRANSIENT,
      retryable: false,
      reason: expect.stringContaining("longer than 64 MB") as string,
    });
  });

  test.each(["[", '{"a":'])("100,000 levels of %s are an invalid answer", async (level) => {
    const body = `{"Items":${level.repeat(100_000)}1${(level === "[" ? "]" : "}").repeat(100_000)}}`;
    answering(200, body);

    expect(await errorOf(transport.send("X", {}, 5_000), RdsApiError)).toMatchObject({
      code: "InvalidResponse",
      reason: expect.stringContaining("nested deeper than 100 levels") as string,
    });
  });

  test("texts keep digits, brackets and escapes", async () => {
    const answer = { a: "1234567890123456789", b: '[[{"\\', c: `"${"\\".repeat(5)}`, d: [-12, 1.5e3, true] };
    answering(200, JSON.stringify(answer));

    expect(await transport.send("X", {}, 1_000)).toEqual(answer);
  });

  test("a body of 26 MB is read within its time", async () => {
    const row = { CrossBackupId: 1, Link: "x".repeat(1_000), Text: "n".repeat(20) };
    answering(200, JSON.stringify({ Items: { Item: Array.from({ length: 25_000 }, () => row) } }));

    expect(await transport.send("X", {}, 5_000)).toMatchObject({ Items: {} });
  });

  test("bodies that dribble leave their connections to others once their time is over", async () => {
    let asked = 0;
    const dribbling = new Set<NodeJS.Timeout>();
    listener = (_, response) => {
      if (++asked > 4) {
        response.end("{}");
        return;
      }
      response.writeHead(200).flushHeaders();
      dribbling.add(setInterval(() => response.write(" "), 50));
    };

    const slow = Array.from({ length: 4 }, () => errorOf(transport.send("X", {}, 300), RdsApiError));
    const quick = Array.from({ length: 20 }, () => transport.send("X", {}, 3_000));
    expect((await Promise.all(slow)).map(({ code }) => code)).toEqual(slow.map(() => "RequestTimeout"));
    expect(await Promise.all(quick)).toHaveLength(20);
    dribbling.forEach(clearInterval);
  });

  test("a code that means success is none of an error", async () => {
    answering(200, '{"Code": 200, "RequestId": "1"}');

    expect(await transport.send("X", {}, 1_000)).toEqual({ Code: 200, RequestId: "1" });
  });

  test("a refusal without message, or with codes and ids of odd types, is reported as far as possible", async () => {
    answering(400, '{"Code": 17, "Message": null, "RequestId": 5}');

    expect(await errorOf(transport.send("X", {}, 1_000), RdsApiError)).toMatchObject({
      code: "17",
      reason: "the API gave no message",
      requestId: undefined,
    });
  });
});

describe("connections", () => {
  test("are kept alive and no more than the requests at once", async () => {
    const simulator = await startSimulator({ world: worldOf(1_000), latencyMs: 5 });
    const client = connect(simulator, { concurrency: 4 });

    const records = await describeCrossRegionBackups(client, { ...mysql, ...lastDays(1_500), pageSize: 30 });
    await describeCrossRegionBackups(client, { ...mysql, ...lastDays(1_500), pageSize: 30 });

    expect(records).toHaveLength(1_000);
    expect(simulator.requests).toHaveLength(68);
    expect(simulator.maxInFlight).toBeLessThanOrEqual(4);
    expect(simulator.connections).toBeLessThanOrEqual(4);
    client.close();
    await simulator.stop();
  });

  test("are given up when the client is closed", async () => {
    const simulator = await startSimulator();
    const client = connect(simulator);
    await client.call(ACTION, PARAMETERS);
    client.close();
    await client.call(ACTION, PARAMETERS);
    client.close();

    expect(simulator.connections).toBe(2);
    await simulator.stop();
  });

  test("are not opened for a request that is being signed when the client is closed", async () => {
    const simulator = await startSimulator();
    let sign = (): void => undefined;
    const isSigned = new Promise<void>((resolve) => (sign = resolve));
    const credentials = { getCredentials: () => isSigned.then(() => ({ ...simulatorCredentials })) };
    const client = connect(simulator, { credentials, deadlineMs: 300 });

    const call = client.call(ACTION, PARAMETERS).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 400));
    client.close();
    sign();

    expect(await call).toBeInstanceOf(RdsApiError);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(simulator.requests).toEqual([]);
    await simulator.stop();
  });

  test("retries are signed anew: the simulator would refuse a nonce that it has seen", async () => {
    const simulator = await startSimulator();
    const client = connect(simulator);
    jest.spyOn(Math, "random").mockReturnValue(0);
    simulator.injectFault({ kind: FaultKind.THROTTLING, times: 2 });
    simulator.injectFault({ kind: FaultKind.CUT_BODY, times: 1 });
    simulator.injectFault({ kind: FaultKind.RESET, times: 1 });

    await client.call(ACTION, PARAMETERS);
    jest.restoreAllMocks();

    expect(simulator.requests.map(({ fault }) => fault)).toEqual([
      FaultKind.THROTTLING,
      FaultKind.THROTTLING,
      FaultKind.CUT_BODY,
      FaultKind.RESET,
      undefined,
    ]);
    expect(simulator.requests.at(-1)?.httpStatus).toBe(200);
    client.close();
    await simulator.stop();
  });

  test("the deadline ends a call that the simulator never answers", async () => {
    const simulator = await startSimulator({ faults: [{ kind: FaultKind.NO_ANSWER }] });
    const client = connect(simulator, { deadlineMs: 250 });
    const begin = performance.now();

    const error = await errorOf(client.call(ACTION, PARAMETERS), RdsApiError);

    expect(error).toMatchObject({
      code: "DeadlineExceeded",
      reason: `no answer came before the deadline (endpoint ${simulator.url})`,
    });
    expect(performance.now() - begin).toBeLessThan(3_000);
    client.close();
    await simulator.stop();
  });
});
