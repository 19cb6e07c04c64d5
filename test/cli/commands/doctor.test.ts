import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { FaultKind, type Simulator, startSimulator } from "../../../lib/simulator";
import { isolateEnvironment, runCli, spawnCli, temporaryFolders, testWorld } from "../../fixtures";
import { hostileTexts } from "../../hostile-texts";
import { examine, type Report, simulatorVariables } from "./doctor-report";

isolateEnvironment();
const temporaryFolder = temporaryFolders();
const orders = ["--db-instance-id", "rm-orders", "--region-id", "cn-hangzhou", "--restore-region", "cn-shanghai"];
const keyVariables = { ALIBABA_CLOUD_ACCESS_KEY_ID: "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" };

let simulator: Simulator;
let folder: string;
const servers: { close: () => unknown; closeAllConnections?: () => void }[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ world: testWorld });
  folder = temporaryFolder();
});

afterEach(async () => {
  await simulator.stop();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections?.();
  }
});

function doctor(environment: Record<string, string> = {}, args: readonly string[] = orders): Promise<Report> {
  return examine(args, { cwd: folder, environment: { ...simulatorVariables(simulator.url), ...environment } });
}

/** The URL of a server of this machine that answers every request in one way. */
async function serve(answer: (message: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  return urlOf(createServer(answer));
}

async function urlOf(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port on which nobody listens. */
async function closedUrl(): Promise<string> {
  const server = createSocketServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

describe("if all is well", () => {
  test("says so of each thing, and asks only what changes nothing, each once", async () => {
    const { code, findings, of } = await doctor();

    expect(code).toBe(0);
    const cloud = ["endpoint", "clock", "credentials", "identity", "permission"];
    expect(findings.filter(({ subject, status }) => cloud.includes(subject) && status !== "ok")).toEqual([]);
    expect(of("permission").map(({ facts }) => facts)).toEqual([
      { action: "rds:DescribeCrossRegionBackups", dbInstanceId: "rm-orders", regionId: "cn-hangzhou" },
      { action: "rds:DescribeInstanceCrossBackupPolicy", dbInstanceId: "rm-orders", regionId: "cn-hangzhou" },
      { action: "rds:DescribeDBInstances", dbInstanceId: null, regionId: "cn-shanghai" },
    ]);
    // The unsigned ones have no action.
    expect(simulator.requests.map(({ action }) => action).sort()).toEqual([
      "",
      "",
      "DescribeCrossRegionBackups",
      "DescribeDBInstances",
      "DescribeInstanceCrossBackupPolicy",
      "GetCallerIdentity",
    ]);
    expect(simulator.requests.find(({ action }) => action === "DescribeCrossRegionBackups")?.parameters).toMatchObject({
      PageSize: "30",
      PageNumber: "1",
    });
  });

  test("prints one line for each thing, and their number", async () => {
    const environment = simulatorVariables(simulator.url);
    const { code, stdout, stderr } = await runCli(["doctor", ...orders], { cwd: folder, environment });

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^ok {7}endpoint {5}RDS at http:\/\/127\.0\.0\.1:\d+ answered in \d+ ms, without a proxy$/m);
    expect(stdout).toMatch(/^ok {7}clock {8}this machine says \S+Z, http:\S+ says \S+Z$/m);
    expect(stdout).toContain(
      "ok       credentials  from the variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET\n",
    );
    expect(stdout).toContain(
      "ok       identity     account 1234567890123456, acs:ram::1234567890123456:user/simulator\n",
    );
    expect(stdout).toContain(
      "ok       permission   rds:DescribeDBInstances is allowed for the instances of cn-shanghai\n",
    );
    expect(stdout).toMatch(/\n\d+ ok, \d+ warning, 0 failed\n$/);
  });

  test("as a process of its own", async () => {
    const environment = simulatorVariables(simulator.url);
    const { code, stdout } = await spawnCli(["doctor", ...orders], { cwd: folder, environment });

    expect(code).toBe(0);
    expect(stdout).toContain("rds:DescribeCrossRegionBackups is allowed for rm-orders of cn-hangzhou");
  });
});

describe("credentials", () => {
  test("that nobody has set up are a failure, and nothing is asked without them", async () => {
    const { code, of } = await doctor(keyVariables);

    expect(code).toBe(4);
    expect(of("credentials")).toMatchObject([{ status: "failed", error: { code: "NoCredentials" } }]);
    expect(of("identity")).toEqual([]);
    expect(of("permission").map(({ status }) => status)).toEqual(["warning", "warning", "warning"]);
    expect(simulator.requests.map(({ action }) => action)).toEqual([""]);
  });

  test("of which a half is missing are named", async () => {
    const { code, of } = await doctor({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" });

    expect(code).toBe(4);
    const [{ message } = { message: "" }] = of("credentials");
    expect(message).toContain("ALIBABA_CLOUD_ACCESS_KEY_ID is set, but ALIBABA_CLOUD_ACCESS_KEY_SECRET is not");
    expect(message).toContain("source: the variables ALIBABA_CLOUD_ACCESS_KEY_ID");
  });

  test("that are wrong are refused by both APIs", async () => {
    const { code, of } = await doctor({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: "another-secret" });

    expect(code).toBe(4);
    expect(of("identity")).toMatchObject([{ status: "failed", error: { code: "SignatureDoesNotMatch" } }]);
    expect(of("permission")[0]).toMatchObject({ status: "failed", error: { code: "SignatureDoesNotMatch" } });
  });

  test("come from the source that is named, with no more of the key id than its end", async () => {
    const keyId = "LTAI5tFAKEFAKEFAKEwXyZ";
    const file = join(folder, "profiles.json");
    const profile = { name: "drill", mode: "AK", access_key_id: keyId, access_key_secret: "FAKE-SECRET" };
    writeFileSync(file, JSON.stringify({ current: "drill", profiles: [profile] }));

    const { of, stdout } = await doctor({ ...keyVariables, ALICLOUD_SHARED_CREDENTIALS_FILE: file });

    expect(of("credentials")).toMatchObject([
      { status: "ok", facts: { source: `the profile "drill" of ${file}`, keyIdEnd: "wXyZ" } },
    ]);
    expect(stdout).not.toContain(keyId);
    expect(stdout).not.toContain("FAKE-SECRET");
  });

  test("come from a credentials URI", async () => {
    const key = { AccessKeyId: "simulator", AccessKeySecret: "simulator-secret" };
    const uri = await serve((_, response) => response.end(JSON.stringify(key)));
    const { code, of } = await doctor({ ...keyVariables, ALIBABA_CLOUD_CREDENTIALS_URI: uri });

    expect(code).toBe(0);
    expect(of("credentials")[0]?.facts["source"]).toBe("the credentials URI of the environment");
  });

  test.each<[string, Record<string, string>]>([
    [
      "the variables ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY",
      { ALICLOUD_ACCESS_KEY: "simulator", ALICLOUD_SECRET_KEY: "simulator-secret" },
    ],
    [
      "OIDC, by the variables ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE",
      { ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/nowhere" },
    ],
  ])("come from %s, working or not", async (source, variables) => {
    const { of } = await doctor({ ...keyVariables, ...variables });

    expect(of("credentials")[0]?.facts["source"]).toBe(source);
  });

  test("can be those of a role, whose session STS gives", async () => {
    const roleArn = "acs:ram::1234567890123456:role/drill";
    simulator.injectFault({ kind: FaultKind.REFUSED, action: "AssumeRole", code: "NoPermission", httpStatus: 403 });

    const { code, of } = await doctor({}, [...orders, "--role-arn", roleArn]);

    expect(code).toBe(4);
    const [{ message } = { message: "" }] = of("credentials");
    expect(message).toContain(`which assume the role ${roleArn}`);
  });
});

describe("whose the credentials are", () => {
  test("is unknown during an outage of STS, which stops no lookup", async () => {
    const { code, of } = await doctor({ ALIBABA_CLOUD_ENDPOINT_STS: await closedUrl() });

    expect(code).toBe(0);
    expect(of("identity")).toMatchObject([{ status: "warning" }]);
    expect(of("identity")[0]?.message).toMatch(/^nobody says whose the key is: .*ECONNREFUSED/);
  });

  test("is not known if STS denies it, which is a failure", async () => {
    simulator.injectFault({ kind: FaultKind.DENIED, action: "GetCallerIdentity" });
    const { code, of } = await doctor();

    expect(code).toBe(4);
    expect(of("identity")).toMatchObject([{ status: "failed", error: { code: "Forbidden.RAM" } }]);
  });

  test("is no question for Alibaba Cloud if the endpoint is that of somebody else", async () => {
    const { code, of } = await doctor({ ALIBABA_CLOUD_ENDPOINT_STS: "" });

    expect(code).toBe(0);
    expect(of("identity")).toMatchObject([{ status: "warning" }]);
    expect(of("identity")[0]?.hint).toContain("ALIBABA_CLOUD_ENDPOINT_STS");
  });

  test("names an endpoint that is none", async () => {
    const { code, of } = await doctor({ ALIBABA_CLOUD_ENDPOINT_STS: "http://sts.example.com" });

    expect(code).toBe(2);
    expect(of("identity")[0]?.message).toContain("ALIBABA_CLOUD_ENDPOINT_STS must be https");
  });
});

describe("the endpoint", () => {
  test("where nobody listens is a failure, and the reason why permissions are not asked for", async () => {
    const { code, of } = await doctor({ RDS_DR_ENDPOINT: await closedUrl() });

    expect(code).toBe(5);
    const [ofRds, ofSts] = of("endpoint");
    expect(ofRds).toMatchObject({ status: "failed", error: { code: "ECONNREFUSED" }, facts: { api: "RDS" } });
    expect(ofSts).toMatchObject({ status: "ok", facts: { api: "STS" } });
    expect(of("clock")).toMatchObject([{ status: "warning" }]);
    expect(of("permission").map(({ status }) => status)).toEqual(["warning", "warning", "warning"]);
  });

  test("that stays silent is a failure at the deadline", async () => {
    const begin = performance.now();
    const silent = await serve(() => undefined);
    const { code, of } = await doctor({ RDS_DR_ENDPOINT: silent, RDS_DR_DEADLINE_SECONDS: "1" });

    expect(code).toBe(5);
    expect(of("endpoint")[0]).toMatchObject({ status: "failed", error: { code: "RequestTimeout" } });
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  test.each<[string, (message: IncomingMessage, response: ServerResponse) => void]>([
    ["is a login page", (_, response) => response.end("<html>Please log in</html>")],
    ["has moved", (_, response) => response.writeHead(302, { location: "https://login.example" }).end()],
    ["is another program", (_, response) => response.writeHead(404).end("{}")],
  ])("that %s is a failure", async (_, answer) => {
    const { code, of } = await doctor({ RDS_DR_ENDPOINT: await serve(answer) });

    expect(code).toBe(5);
    expect(of("endpoint")[0]).toMatchObject({ status: "failed", error: { code: "InvalidResponse" } });
  });

  test("that cuts connections is a failure", async () => {
    const { code, of } = await doctor({ RDS_DR_ENDPOINT: await serve(({ socket }) => socket.resetAndDestroy()) });

    expect(code).toBe(5);
    expect(of("endpoint")[0]).toMatchObject({ status: "failed", error: { code: "ECONNRESET" } });
  });

  test("without a patient is that of a region", async () => {
    const { code, of } = await doctor({ ALICLOUD_REGION: "cn-beijing" }, []);

    expect(code).toBe(0);
    expect(of("endpoint")[0]).toMatchObject({ status: "ok", facts: { endpoint: simulator.url } });
    expect(of("permission")).toMatchObject([{ status: "warning" }]);
    expect(of("permission")[0]?.hint).toContain("--db-instance-id");
  });

  test("of another region than that of the instance is a mistake of the command line", async () => {
    const args = [...orders, "--endpoint", "rds.cn-chengdu.aliyuncs.com"];
    const { code, stderr } = await runCli(["doctor", ...args], {
      cwd: folder,
      environment: simulatorVariables(simulator.url),
    });

    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: --endpoint must be one that serves cn-hangzhou/);
  });
});

describe("a proxy", () => {
  const names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"];
  const saved = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  const ownEndpoint = { RDS_DR_ENDPOINT: "" };

  beforeEach(() => {
    names.forEach((name) => Reflect.deleteProperty(process.env, name));
  });
  afterEach(() => {
    names.forEach((name) => Reflect.deleteProperty(process.env, name));
    Object.assign(process.env, JSON.parse(JSON.stringify(saved)));
  });

  test("that opens no tunnel is a failure, without its user and password", async () => {
    const server = createServer().on("connect", (_, socket) => socket.end("HTTP/1.1 407 No\r\n\r\n"));
    const { host } = new URL(await urlOf(server));
    process.env["HTTPS_PROXY"] = `http://some%20user:PROXY-PASSWORD@${host}/?token=PROXY-TOKEN`;
    process.env["no_proxy"] = "10.0.0.0/8,.example.com";

    const { code, of, stdout } = await doctor(ownEndpoint);

    expect(code).toBe(5);
    const [{ message, hint } = { message: "", hint: "" }] = of("endpoint");
    expect(message).toContain(`through the proxy ${host}`);
    expect(hint).toContain("HTTPS_PROXY");
    expect(of("proxy").map(({ facts }) => facts)).toEqual([
      { name: "HTTPS_PROXY", value: `http://(hidden)@${host}` },
      { name: "no_proxy", value: "10.0.0.0/8,.example.com" },
    ]);
    expect(stdout).not.toMatch(/PROXY-PASSWORD|PROXY-TOKEN|some.*user/);
  });

  test("that is no URL is a failure, and hidden", async () => {
    process.env["HTTPS_PROXY"] = "http://user:PROXY-PASSWORD@@:x";
    const { code, of, stdout, stderr } = await doctor(ownEndpoint);

    expect(code).toBe(2);
    expect(of("endpoint")[0]?.message).toContain("HTTPS_PROXY must be the URL of a proxy");
    expect(stdout + stderr).not.toContain("PROXY-PASSWORD");
  });
});

describe("the clock", () => {
  /** A server in front of the simulator whose clock is off by so many seconds. */
  function offBy(seconds: number): Promise<string> {
    return serve((message, response) => {
      const { method, headers } = message;
      const onward = request(simulator.url, { method, headers }, (answer) => {
        const date = new Date(Date.now() + seconds * 1_000).toUTCString();
        response.writeHead(answer.statusCode ?? 500, { ...answer.headers, date });
        answer.pipe(response);
      });
      message.pipe(onward);
    });
  }

  test.each([
    [20 * 60, "failed", 4],
    [-20 * 60, "failed", 4],
    [5 * 60, "warning", 0],
    [10, "ok", 0],
  ])("that is off by %d s is %s", async (seconds, status, exitCode) => {
    const { code, of } = await doctor({ RDS_DR_ENDPOINT: await offBy(seconds) });

    expect(code).toBe(exitCode);
    const [clock] = of("clock");
    expect(clock?.status).toBe(status);
    const { localTime, remoteTime, skewSeconds } = clock?.facts ?? {};
    expect(Math.abs(Number(skewSeconds) + seconds)).toBeLessThanOrEqual(1);
    expect(clock?.message).toMatch(new RegExp(`says ${String(localTime)}, .* says ${String(remoteTime)}$`));
  });

  test("is not compared if the endpoint does not say the time", async () => {
    const timeless = await serve((_, response) => {
      response.sendDate = false;
      response.writeHead(400).end('{"RequestId":"1","Code":"MissingParameter"}');
    });
    const { of } = await doctor({ RDS_DR_ENDPOINT: timeless });

    expect(of("endpoint")[0]?.status).toBe("ok");
    expect(of("clock")).toMatchObject([{ status: "warning" }]);
  });

  test("that RDS itself refuses is a failure with what to do", async () => {
    simulator.injectFault({ kind: FaultKind.CLOCK_SKEW });
    const { code, of } = await doctor();

    expect(code).toBe(4);
    expect(of("permission")[0]?.hint).toContain("set this machine's clock");
  });
});

describe("a permission", () => {
  test.each<[string, "failed" | "warning", number, string]>([
    ["DescribeCrossRegionBackups", "failed", 4, "acs:rds:cn-hangzhou:*:dbinstance/rm-orders"],
    ["DescribeInstanceCrossBackupPolicy", "warning", 0, "acs:rds:cn-hangzhou:*:dbinstance/rm-orders"],
    ["DescribeDBInstances", "warning", 0, "--restore-region cn-shanghai --restore"],
  ])("for %s that is denied is %s", async (action, status, exitCode, part) => {
    simulator.injectFault({ kind: FaultKind.DENIED, action });
    const { code, of } = await doctor();

    expect(code).toBe(exitCode);
    const others = of("permission").filter((each) => each.facts["action"] !== `rds:${action}`);
    const [denied] = of("permission").filter((each) => each.facts["action"] === `rds:${action}`);
    expect(others.map((each) => each.status)).toEqual(["ok", "ok"]);
    expect(denied?.status).toBe(status);
    expect(denied?.message).toContain("Forbidden.RAM");
    expect(denied?.hint).toContain(`allow rds:${action} on `);
    expect(denied?.hint).toContain('"npx rds-dr policy --db-instance-id rm-orders --region-id cn-hangzhou');
    expect(denied?.hint).toContain(part);
  });

  test("for an instance that does not exist is a failure of another kind", async () => {
    const { code, of } = await doctor({}, ["--db-instance-id", "rm-nowhere", "--region-id", "cn-hangzhou"]);

    expect(code).toBe(4);
    expect(of("permission")[0]).toMatchObject({ status: "failed", error: { code: "InvalidDBInstance.NotFound" } });
    expect(of("permission")[0]?.hint).toContain("check dbInstanceId");
  });

  test.each([FaultKind.THROTTLING, FaultKind.NO_ANSWER, FaultKind.UNAVAILABLE, FaultKind.HTML])(
    "that RDS does not answer by the deadline (%s) is an outage",
    async (kind) => {
      simulator.injectFault({ kind, action: "DescribeCrossRegionBackups" });
      const { code, of } = await doctor({ RDS_DR_DEADLINE_SECONDS: "1" });

      expect(code).toBe(5);
      expect(of("permission")[0]?.status).toBe("failed");
      expect(of("identity")[0]?.status).toBe("ok");
    },
  );

  test("counts with the greatest exit code of all that failed", async () => {
    simulator.injectFault({ kind: FaultKind.NO_ANSWER, dbInstanceId: "rm-billing" });
    const ids = ["--db-instance-id", "rm-nowhere", "rm-billing", "--region-id", "cn-hangzhou"];

    expect((await doctor({ RDS_DR_DEADLINE_SECONDS: "1" }, ids)).code).toBe(5);
  });

  test("is asked for about few instances, and it says so", async () => {
    const ids = Array.from({ length: 9 }, (_, index) => `rm-${index}0000`);
    const { of } = await doctor({}, ["--db-instance-id", ...ids, "--region-id", "cn-hangzhou"]);

    expect(of("permission").at(-1)?.message).toBe("asked for 5 of 9 instances");
    expect(simulator.requests.filter(({ action }) => action.startsWith("Describe"))).toHaveLength(10);
  });
});

describe("a secret", () => {
  const secrets = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI5tHOSTILEHOSTILEHOSTI",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "HOSTILE-SECRET/+&=%\u001b",
    ALIBABA_CLOUD_SECURITY_TOKEN: "HOSTILE-TOKEN/+&=%",
  };
  const everything = [...Object.values(secrets), ...hostileTexts.filter((text) => text.length < 60)].join(" ");
  const harmful = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^\s*::|##\[|##vso\[|##teamcity\[/imu;

  test.each([["--json"], []])("stays hidden, whatever the APIs repeat: rds-dr doctor %s", async (...more) => {
    const json = (fields: object, httpStatus: number) => (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(httpStatus, { "content-type": "application/json" });
      response.end(JSON.stringify({ RequestId: everything, ...fields }));
    };
    const rds = await serve(json({ Code: "Forbidden.RAM", Message: everything }, 403));
    const sts = await serve(json({ AccountId: "1", Arn: `acs:ram::1:user/${everything}` }, 200));
    const { code, stdout, stderr } = await runCli(["doctor", ...orders, ...more], {
      cwd: folder,
      environment: { ...simulatorVariables(rds), ALIBABA_CLOUD_ENDPOINT_STS: sts, ...secrets },
    });

    expect(code).toBe(4);
    expect(stdout).toContain("account 1, acs:ram::1:user/");
    expect(stdout + stderr).not.toMatch(/HOSTILE/);
    expect(stdout).not.toMatch(harmful);
  });

  test("given in place of something else stays hidden as well", async () => {
    const link = "https://user:HOSTILE-PASSWORD@link.example/file?Signature=HOSTILE-SIGNATURE";
    for (const name of ["RDS_DR_ENDPOINT", "ALICLOUD_ASSUME_ROLE_ARN", "ALICLOUD_PROFILE"]) {
      const { stdout, stderr } = await doctor({ ...keyVariables, [name]: link });
      expect(stdout + stderr).not.toMatch(/HOSTILE/);
    }
  });
});

test.each<[readonly string[], RegExp]>([
  [["--db-instance-id", "rm-orders"], /^error: --region-id must be given, as the lock file does not name rm-orders/],
  [["--db-instance-id", "*", "--region-id", "cn-hangzhou"], /^error: --db-instance-id must be the id of/],
  [["--region-id", "*"], /^error: --region-id must be/],
  [["--restore-region", "*"], /^error: --restore-region must be/],
  [["--endpoint", "http://rds.example.com"], /^error: --endpoint must be/],
  [["--restore-endpoint", "http://rds.example.com"], /^error: --restore-endpoint must be/],
  [
    [...orders, "--restore-endpoint", "rds.cn-chengdu.aliyuncs.com"],
    /^error: --restore-endpoint must be one that serves cn-shanghai/,
  ],
  [["--role-arn", "drill"], /^error: --role-arn must be/],
  [["--app-dir", "nowhere"], /^error: --app-dir must be the folder of an app/],
  [["--lock-file", ""], /^error: --lock-file must be the path of a lock file/],
])("%j is a usage error that names the flag", async (args, message) => {
  const { code, stdout, stderr } = await runCli(["doctor", ...args], {
    cwd: folder,
    environment: simulatorVariables(simulator.url),
  });

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});
