import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { FaultKind as Simulated, simulatorCredentials, type SimulatorOptions } from "cdktf-alicloud-rds-dr/simulator";
import { Consequence, everyRun, FaultKind, Run, type Fault, type Surroundings } from "../fault";
import { listening, always, refusal, simulated } from "../surroundings";

const { DENIED, OUTAGE, PASSES } = Consequence;

const kind = FaultKind.CREDENTIALS;

const runs = [Run.LOOKUP, Run.LIST, Run.SYNTHESIS_WITH_LOCK];

const silence: RequestListener = (request) => {
  request.resume();
};

const securityToken = "soak-token";

const noKeys = { ALIBABA_CLOUD_ACCESS_KEY_ID: "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" };

export const credentialFaults: readonly Fault[] = [
  {
    kind,
    name: "there are no credentials",
    consequence: DENIED,
    surround: () => withoutKeys(noKeys),
    runs: everyRun,
  },
  {
    kind,
    name: "half a pair of keys",
    consequence: DENIED,
    surround: () => withoutKeys({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" }),
  },
  {
    kind,
    name: "RDS denies access",
    consequence: DENIED,
    surround: () => simulated([{ kind: Simulated.DENIED }]),
    runs: everyRun,
  },
  {
    kind,
    name: "the secret is wrong",
    consequence: DENIED,
    surround: () => withEnvironment({ ALIBABA_CLOUD_ACCESS_KEY_SECRET: "another-secret" }),
  },
  // By a role the service is asked as RDS is, by a URI with a plain GET.
  tokenService("denies the role", DENIED, always(403, refusal("NoPermission")), asRole),
  tokenService("answers 503", OUTAGE, always(503, refusal("ServiceUnavailable")), asRole),
  tokenService("throttles", OUTAGE, always(400, refusal("Throttling.User")), asRole),
  tokenService("never answers", OUTAGE, silence, asRole),
  tokenService("is a login page", OUTAGE, always(200, "<html></html>"), asRole),
  tokenService("answers 503 at the URI", OUTAGE, always(503, ""), atUri),
  tokenService("never answers at the URI", OUTAGE, silence, atUri),
  {
    ...tokenService("takes 1 s to give keys at the URI", PASSES, slowKeys, atUri),
    runs: [Run.LOOKUP, Run.SYNTHESIS],
    deadlineSeconds: 4,
  },
];

async function withEnvironment(
  environment: Readonly<Record<string, string>>,
  options: SimulatorOptions = {},
): Promise<Surroundings> {
  const surroundings = await simulated([], options);
  return { ...surroundings, environment: { ...surroundings.environment, ...environment } };
}

/** A simulator to which nothing can be sent. */
async function withoutKeys(environment: Readonly<Record<string, string>>): Promise<Surroundings> {
  return { ...(await withEnvironment(environment)), connections: undefined };
}

/** A simulator whose keys come from a service of its own. */
function tokenService(
  does: string,
  consequence: Consequence,
  answer: RequestListener,
  environmentOf: (url: string) => Readonly<Record<string, string>>,
): Fault {
  return {
    kind,
    name: `the token service ${does}`,
    consequence,
    surround: async () => {
      const { port, connections, stop } = await listening(createServer(answer));
      const surroundings = await withEnvironment(environmentOf(`http://127.0.0.1:${port}`), {
        securityToken,
      });
      return {
        ...surroundings,
        connections,
        stop: async () => {
          await stop();
          await surroundings.stop();
        },
      };
    },
    runs,
  };
}

function asRole(url: string): Readonly<Record<string, string>> {
  return {
    ALIBABA_CLOUD_ENDPOINT_STS: url,
    ALICLOUD_ASSUME_ROLE_ARN: "acs:ram::1234567890123456:role/soak",
  };
}

function atUri(url: string): Readonly<Record<string, string>> {
  return { ...noKeys, ALIBABA_CLOUD_CREDENTIALS_URI: url };
}

function slowKeys(request: IncomingMessage, response: ServerResponse): void {
  const keys = {
    Code: "Success",
    AccessKeyId: simulatorCredentials.accessKeyId,
    AccessKeySecret: simulatorCredentials.accessKeySecret,
    SecurityToken: securityToken,
    Expiration: "2099-01-01T00:00:00Z",
  };
  request.resume();
  setTimeout(() => response.end(JSON.stringify(keys)), 1_000);
}
