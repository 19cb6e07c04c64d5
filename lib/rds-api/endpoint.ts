import { region as regionForm } from "../backup/forms";
import { checkText, InvalidRequestError } from "../validation/checks";
import type { Environment } from "./credentials/variables";

/** The word, in any case, that means the VPC endpoint of the region. */
const vpcWord = /^vpc$/i;

/** A host of the RDS API itself, with its region if it names one. Customers own other names under that domain. */
const rdsHost = /^rds(?:-vpc)?(?:\.([^.]+))?\.aliyuncs\.com$/;

const loopbackHost = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Regions that the central endpoint serves, from the map of Alibaba's own SDK. */
const centralRegions: ReadonlySet<string> = new Set([
  "cn-qingdao",
  "cn-beijing",
  "cn-hangzhou",
  "cn-shanghai",
  "cn-shenzhen",
  "cn-heyuan",
  "cn-hongkong",
  "ap-southeast-1",
  "us-west-1",
  "us-east-1",
  "cn-shanghai-finance-1",
  "cn-shenzhen-finance-1",
  "cn-north-2-gov-1",
]);

const allowedEndpoint =
  'a host, host:port or URL without a path, such as "rds.aliyuncs.com" or "http://127.0.0.1:8080", or "vpc" for the VPC endpoint of the region';

const hostForm = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;

/**
 * URL of the RDS endpoint that serves a region.
 *
 * @param regionId region of the source instance; for CheckCreateDdrDBInstance, of the destination
 * @param explicit a host, host:port or http(s) URL, which always wins; or `vpc` for the region's VPC endpoint
 */
export function endpointFor(regionId: string, explicit?: string): string {
  const origin = explicit === undefined ? undefined : parseEndpoint("endpoint", explicit);
  if (origin !== undefined) {
    return origin;
  }
  if (explicit !== undefined || regionId === "cn-hangzhou-finance") {
    return `https://rds-vpc.${regionId}.aliyuncs.com`;
  }
  return centralRegions.has(regionId) ? "https://rds.aliyuncs.com" : `https://rds.${regionId}.aliyuncs.com`;
}

/**
 * The origin of an endpoint that is not RDS itself, such as a simulator, in one spelling; undefined for every endpoint
 * of RDS. The answers of another endpoint must never reach production, so whoever keeps answers keeps this with them.
 *
 * @param endpoint as in `endpointFor`
 * @throws InvalidRequestError if it is no endpoint
 */
export function endpointOrigin(endpoint: string | undefined): string | undefined {
  const origin = endpoint === undefined ? undefined : parseEndpoint("endpoint", endpoint);
  return origin === undefined || rdsRegionOf(origin) !== undefined ? undefined : origin;
}

/** Whether an endpoint answers for a region: a host of RDS itself has its regions, any other serves all. */
export function servesRegion(endpoint: string, regionId: string): boolean {
  const origin = parseEndpoint("endpoint", endpoint);
  const region = origin === undefined ? undefined : rdsRegionOf(origin);
  return region === central ? centralRegions.has(regionId) : region === undefined || region === regionId;
}

/** Whether the host of a URL is this machine itself. */
export function isLoopback(url: string): boolean {
  return loopbackHost.test(new URL(url).hostname);
}

/** Throws unless the value has the form of an endpoint: a host, host:port or http(s) URL, or `vpc`. */
export function checkEndpointForm(parameter: string, value: string): void {
  parseEndpoint(parameter, value);
}

/** As `checkEndpointForm`; http is for this machine itself, unless the environment allows it elsewhere. */
export function checkEndpoint(parameter: string, value: string, environment: Environment = process.env): void {
  const origin = parseEndpoint(parameter, value);
  const mayBeHttp = environment["RDS_DR_ALLOW_HTTP"] === "true";
  if (!mayBeHttp && origin?.startsWith("http:") === true && !isLoopback(origin)) {
    const allowed =
      "https, or http on this machine itself (localhost, 127.0.0.0/8, [::1]): http does not protect a request. For a simulator in a container set RDS_DR_ALLOW_HTTP=true";
    throw new InvalidRequestError(parameter, value, allowed);
  }
}

/** URL, without a path, of an endpoint of another API, by the same rules; `vpc` is no endpoint there. */
export function originOf(parameter: string, value: string, environment: Environment): string {
  checkEndpoint(parameter, value, environment);
  return parseEndpoint(parameter, value) ?? `https://${value}`;
}

/** Throws if the value is a host of RDS itself that serves only another region. */
export function checkEndpointServes(parameter: string, value: string, regionId: string): void {
  const origin = parseEndpoint(parameter, value);
  const region = origin === undefined ? undefined : rdsRegionOf(origin);
  if (region !== undefined && region !== central && region !== regionId) {
    const allowed = `one that serves ${regionId} (${new URL(endpointFor(regionId)).host} or "vpc"), or omitted`;
    throw new InvalidRequestError(parameter, value, allowed);
  }
}

/** Throws unless a repository may send signed requests there: to RDS itself, or to this machine itself. */
export function checkEndpointOfRepository(parameter: string, value: string): void {
  const origin = parseEndpoint(parameter, value);
  if (origin !== undefined && rdsRegionOf(origin) === undefined && !isLoopback(origin)) {
    const allowed =
      'rds.aliyuncs.com, rds.<region>.aliyuncs.com or rds-vpc.<region>.aliyuncs.com by https, "vpc", or an address of this machine itself: a repository must not send signed requests elsewhere. For PrivateLink, Apsara Stack or another host set RDS_DR_ENDPOINT, or use --endpoint or the prop endpoint';
    throw new InvalidRequestError(parameter, value, allowed);
  }
}

/** Whether the Terraform provider can read an endpoint: it knows neither URLs nor the word `vpc`. */
export function isReadableByProvider(endpoint: string): boolean {
  return hostForm.test(endpoint) && !vpcWord.test(endpoint);
}

/** The region of a host of RDS itself that names none. */
const central = "";

/** The region of a host of RDS itself, or `central`; undefined for every other origin. */
function rdsRegionOf(origin: string): string | undefined {
  const { protocol, port, hostname } = new URL(origin);
  const [host, region = central] = rdsHost.exec(hostname) ?? [];
  const isOwn = host !== undefined && protocol === "https:" && port === "";
  return isOwn && (region === central || regionForm.holds(region)) ? region : undefined;
}

/**
 * URL, without a path, of an endpoint given as host, host:port or http(s) URL; https unless it says otherwise. Undefined
 * for `vpc`, whose URL depends on the region.
 */
function parseEndpoint(parameter: string, endpoint: string): string | undefined {
  checkText(parameter, endpoint, allowedEndpoint);
  if (vpcWord.test(endpoint)) {
    return undefined;
  }
  const text = hostForm.test(endpoint) ? `https://${endpoint}` : endpoint;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined &&
    ["http:", "https:"].includes(url.protocol) &&
    url.pathname === "/" &&
    [url.username, url.password, url.search, url.hash].every((part) => part === "");
  if (!isPlain) {
    throw new InvalidRequestError(parameter, withoutSecrets(endpoint), allowedEndpoint);
  }
  return url.origin;
}

/** Hides what an endpoint must not contain: a user with a password, a signed query. */
function withoutSecrets(endpoint: string): string {
  return endpoint.replace(/^(\w+:\/\/)?.*@/s, "$1(hidden)@").replace(/[?#].*$/s, "?(hidden)");
}
