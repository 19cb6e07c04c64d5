import { InvalidRequestError } from "./invalid-request-error";
import { checkText } from "./request-checks";

/** Word, in any case, that stands for the VPC endpoint of the region, where an endpoint is asked for. */
const vpcWord = /^vpc$/i;

/** Hosts that are Alibaba Cloud's own. */
const alibabaHost = /(?:^|\.)aliyuncs\.com$/;

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
  const isVpc = explicit !== undefined && vpcWord.test(explicit);
  if (explicit !== undefined && !isVpc) {
    return parseEndpoint("endpoint", explicit);
  }
  if (isVpc || regionId === "cn-hangzhou-finance") {
    return `https://rds-vpc.${regionId}.aliyuncs.com`;
  }
  return centralRegions.has(regionId) ? "https://rds.aliyuncs.com" : `https://rds.${regionId}.aliyuncs.com`;
}

/**
 * The origin of an endpoint that stands in for Alibaba Cloud, in one spelling; undefined where Alibaba Cloud itself is
 * asked, whichever of its endpoints serves. What a stand-in answered must never reach production, so whoever keeps
 * answers keeps this with them.
 *
 * @param endpoint as in `endpointFor`
 * @throws InvalidRequestError where it is no endpoint
 */
export function endpointOrigin(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined || vpcWord.test(endpoint)) {
    return undefined;
  }
  const origin = parseEndpoint("endpoint", endpoint);
  return alibabaHost.test(new URL(origin).hostname) ? undefined : origin;
}

/** Throws unless the value is an endpoint: a host, host:port or http(s) URL, or `vpc`. */
export function checkEndpoint(parameter: string, value: string): void {
  if (!vpcWord.test(value)) {
    parseEndpoint(parameter, value);
  }
}

/** URL, without a path, of an endpoint given as host, host:port or http(s) URL; https unless it says otherwise. */
function parseEndpoint(parameter: string, endpoint: string): string {
  checkText(parameter, endpoint, allowedEndpoint);
  const text = hostForm.test(endpoint) ? `https://${endpoint}` : endpoint;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined &&
    ["http:", "https:"].includes(url.protocol) &&
    url.pathname === "/" &&
    [url.username, url.password, url.search, url.hash].every((part) => part === "");
  if (!plain) {
    throw new InvalidRequestError(parameter, withoutSecrets(endpoint), allowedEndpoint);
  }
  return url.origin;
}

/** Hides what an endpoint must not hold anyway: a user with a password, a signed query. */
function withoutSecrets(endpoint: string): string {
  return endpoint.replace(/^(\w+:\/\/)?.*@/s, "$1(hidden)@").replace(/[?#].*$/s, "?(hidden)");
}
