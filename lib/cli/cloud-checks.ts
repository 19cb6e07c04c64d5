import { isOutage } from "../lock/outage-fallback";
import type { Settings } from "../lock/settings";
import type { LookupFailure } from "../lookup/answer";
import { type Asked, Connections } from "../lookup/connections";
import { type Connection, readClock } from "../lookup/query";
import { callerIdentity, isKnownToSts } from "../rds-api/credentials/caller-account";
import { Credentials } from "../rds-api/credentials/credentials";
import type { AccessKey, CredentialsProvider } from "../rds-api/credentials/key-source";
import { stsEndpointIn, stsEndpointVariable } from "../rds-api/credentials/token-service";
import { endpointFor, endpointOrigin } from "../rds-api/endpoint";
import { explainError } from "../rds-api/errors/rds-api-error";
import { type Probe, probe } from "../rds-api/probe";
import { proxyFor } from "../rds-api/proxy";
import { scrub } from "../validation/printable";
import { failed, failureOf, type Finding, ok, warning } from "./finding";
import type { Io } from "./io";
import { answerTo, factsOf, type Patient, type Question, questionsAbout } from "./permission-checks";

/** What is to be looked at. */
export interface Checkup {
  readonly patients: readonly Patient[];
  /** Region whose endpoint is asked if there is no patient. */
  readonly regionId: string;
  readonly settings: Settings;
  /** How the command line reaches the API. */
  readonly given: Connection;
}

/** RDS rejects a request whose time is off by more, seconds. */
const maxSkewSeconds = 15 * 60;

/** A clock that is off by more, seconds, is not kept right by anything. */
const poorSkewSeconds = 60;

/** Characters of an access key id that are shown: enough to tell one's own keys apart. */
const shownOfKeyId = 4;

/**
 * Looks, side by side, at all that a lookup needs of the cloud: endpoints, clock, credentials and permissions. Each
 * endpoint gets one unsigned request, STS one more, and each patient those of `questionsAbout`. Permissions are asked
 * for only if there are credentials, and an endpoint that answers.
 *
 * @returns the findings, by the deadline of the settings
 * @throws InvalidRequestError before anything is sent, if the command line names an endpoint that does not serve a region
 */
export async function checkCloud(checkup: Checkup, { environment }: Io): Promise<readonly Finding[]> {
  const { patients, regionId, settings, given } = checkup;
  const { endpoint = settings.endpoint, profile = settings.profile, roleArn = settings.roleArn } = given;
  const questions = questionsAbout(patients, settings, given, readClock());
  const timeMs = settings.deadlineSeconds * 1_000;
  const deadline = performance.now() + timeMs;
  let source: string | undefined;
  const credentials = new Credentials(environment, timeMs, (name) => (source ??= name));
  const connections = new Connections(deadline, settings.concurrency, environment, credentials);
  const provider: CredentialsProvider = {
    getCredentials: async () => credentials.providerFor(profile, roleArn).getCredentials(),
  };
  const urls = questions.length === 0 ? [endpointFor(regionId, endpoint)] : questions.map(({ asked }) => urlOf(asked));
  const probes = new Map([...new Set(urls)].map((url) => [url, probe(url, timeMs).catch(failureOf)]));
  const key = provider.getCredentials().catch(failureOf);
  try {
    const findings = await Promise.all([
      ...[...probes].map(async ([url, probed]) => endpointFinding("RDS", url, await probed)),
      clockFinding(probes),
      key.then((got) => credentialsFinding(got, source, roleArn)),
      key.then((got) => (isFailure(got) ? [] : whose(got, provider, endpoint, environment, deadline))),
      ...questions.map(async (question) => {
        const probed = await probes.get(urlOf(question.asked));
        const isAskable = probed !== undefined && !isFailure(probed) && !isFailure(await key);
        return isAskable ? answerTo(question, connections.clientFor(question.asked)) : notAsked(question);
      }),
    ]);
    return findings.flat();
  } finally {
    connections.close();
  }
}

function urlOf({ request, connection }: Asked): string {
  return endpointFor(request.regionId, connection.endpoint);
}

function isFailure(result: object): result is LookupFailure {
  return "kind" in result && "hint" in result;
}

function endpointFinding(api: "RDS" | "STS", endpoint: string, probed: Probe | LookupFailure): Finding {
  if (isFailure(probed)) {
    return failed("endpoint", { ...probed, message: `${api} gives no answer: ${probed.message}` }, { api, endpoint });
  }
  const { latencyMs } = probed;
  const proxy = proxyFor(endpoint)?.host;
  const route = proxy === undefined ? "without a proxy" : `through the proxy ${proxy}`;
  const facts = { api, endpoint, latencyMs, proxy: proxy ?? null };
  return ok("endpoint", `${api} at ${endpoint} answered in ${latencyMs} ms, ${route}`, facts);
}

/** Compares the local clock with that of the first endpoint that says the time. */
async function clockFinding(probes: ReadonlyMap<string, Promise<Probe | LookupFailure>>): Promise<Finding> {
  for (const [endpoint, probed] of probes) {
    const result = await probed;
    if (!isFailure(result) && result.remoteTime !== undefined) {
      return skewFinding(endpoint, result.localTime, result.remoteTime);
    }
  }
  const hint = "see what is wrong with the endpoint, and run again";
  return warning("clock", "not compared, as no endpoint says the time", hint);
}

function skewFinding(endpoint: string, local: number, remote: number): Finding {
  // An endpoint says whole seconds, without what has passed of the next one.
  const skewSeconds = Math.round((local - remote) / 1_000 - 0.5);
  const [localTime, remoteTime] = [local, remote].map((time) => new Date(time).toISOString().replace(/\.\d+/, ""));
  const facts = { localTime, remoteTime, skewSeconds };
  const message = `this machine says ${localTime ?? ""}, ${endpoint} says ${remoteTime ?? ""}`;
  const { kind, hint } = explainError("InvalidTimeStamp.Expired", undefined);
  if (Math.abs(skewSeconds) > maxSkewSeconds) {
    return failed("clock", { kind, code: "InvalidTimeStamp.Expired", message, hint }, facts);
  }
  return Math.abs(skewSeconds) > poorSkewSeconds ? warning("clock", message, hint, facts) : ok("clock", message, facts);
}

/** Names the source of the credentials: never the secret or the token, and of the id only the end. */
function credentialsFinding(
  key: AccessKey | LookupFailure,
  source: string | undefined,
  roleArn: string | undefined,
): Finding {
  const role = roleArn === undefined ? "" : `, which assume the role ${roleArn}`;
  const from = source === undefined ? null : scrub(`${source}${role}`);
  const facts = { source: from };
  if (isFailure(key)) {
    const message = from === null ? key.message : `${key.message} (source: ${from})`;
    return failed("credentials", { ...key, message }, facts);
  }
  const { accessKeyId } = key;
  const end = accessKeyId.length < 4 * shownOfKeyId ? "" : accessKeyId.slice(-shownOfKeyId);
  const shown = end === "" ? "" : `; the access key id ends in ${end}`;
  return ok("credentials", `from ${from ?? "an unknown source"}${shown}`, {
    ...facts,
    keyIdEnd: end === "" ? null : end,
  });
}

/**
 * Whose an access key is, and how STS is reached, which says it. A lookup does not need STS, so only its refusal is a
 * failure. The STS of Alibaba Cloud is not asked about the key of another place, such as a simulator.
 */
async function whose(
  { accessKeySecret, securityToken = "" }: AccessKey,
  provider: CredentialsProvider,
  rdsEndpoint: string | undefined,
  environment: Io["environment"],
  deadline: number,
): Promise<readonly Finding[]> {
  const other = endpointOrigin(rdsEndpoint);
  if (!isKnownToSts(other, environment)) {
    const message = `not asked whose the key is, as ${other ?? ""} is no host of Alibaba Cloud`;
    return [warning("identity", message, `name its token service by ${stsEndpointVariable}, if it has one`)];
  }
  let reached: readonly Finding[] = [];
  try {
    const endpoint = stsEndpointIn(environment);
    reached = [endpointFinding("STS", endpoint, await probe(endpoint, deadline - performance.now()))];
    const identity = await callerIdentity(provider, environment, deadline);
    const { accountId } = identity;
    // Whoever answers has seen the token.
    const arn = identity.arn === undefined ? null : scrub(identity.arn, [accessKeySecret, securityToken]);
    const name = arn === null ? "" : `, ${arn}`;
    return [...reached, ok("identity", `account ${accountId}${name}`, { accountId, arn })];
  } catch (error) {
    const failure = failureOf(error);
    const message = `nobody says whose the key is: ${failure.message}`;
    return [...reached, isOutage(failure) ? warning("identity", message, failure.hint) : failed("identity", failure)];
  }
}

function notAsked(question: Question): Finding {
  const message = `rds:${question.action} for ${question.about} was not tried`;
  const hint = "see the credentials and the endpoint first, and run again";
  return warning("permission", message, hint, factsOf(question));
}
