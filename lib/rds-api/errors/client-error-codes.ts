import {
  catalogueEntries,
  type CatalogueEntry,
  type ErrorExplanation,
  ErrorKind,
  explanationOf,
} from "./error-kind";

const route =
  "check that this machine reaches the endpoint on its port: network, VPN, firewall, proxy. RDS_DR_MODE=locked needs no network";

const cutConnection =
  "run again; if it stays, look for a firewall or proxy that cuts connections to the endpoint";

const slowConnection =
  "check the network to the endpoint, or give slow lines more time by RDS_DR_DEADLINE_SECONDS";

const trust =
  "trust the certificate authority of your proxy by NODE_EXTRA_CA_CERTS, and check that the endpoint is the one you mean: its certificate is not trusted";

const certificateDates =
  "check this machine's clock first, then who runs the endpoint: its certificate is outside its dates of validity";

const certificateName =
  "check the host name of the endpoint: it answers with the certificate of another host, or a proxy stands in between";

const tlsProtocol =
  "check scheme and port of the endpoint: it does not speak TLS as expected. Plain HTTP needs an endpoint that begins with http://";

/** A code that is no word of RDS, and does not pass within seconds. */
function outage(code: string, hint: string): CatalogueEntry {
  const explanation = { kind: ErrorKind.TRANSIENT, retryable: false, hint };
  return { code, httpStatus: undefined, explanation };
}

/** Codes that arise on this side of the API: of the network, of TLS, and the project's own. */
export const clientErrorCodes: readonly CatalogueEntry[] = [
  ...catalogueEntries(ErrorKind.TRANSIENT, undefined, {
    ECONNRESET: cutConnection,
    EPIPE: cutConnection,
    ECONNABORTED: cutConnection,
    ECONNREFUSED:
      "check host and port of the endpoint (the endpoint prop or RDS_DR_ENDPOINT) or proxy (HTTPS_PROXY) that the message names: nothing listens there",
    EAI_AGAIN: "check this machine's DNS and network: its resolver does not answer",
    EHOSTUNREACH: route,
    EHOSTDOWN: route,
    ENETUNREACH: route,
    ENETDOWN: route,
    ETIMEDOUT: slowConnection,
    ESOCKETTIMEDOUT: slowConnection,
    RequestTimeout: slowConnection,
    InvalidResponse:
      "check that no proxy or login page answers instead of RDS, and that the endpoint is right: the answer was not the JSON of the API",
    InconsistentList:
      "run again in a minute; if it stays, look for a proxy or cache that answers instead of RDS, or open a ticket. The list may lack the newest backup, so it is not used",
  }),
  // A region that does not exist looks like this, as the region is a part of the host.
  outage(
    "ENOTFOUND",
    "check regionId, an explicit endpoint, the region of the token service and the proxy (HTTPS_PROXY) for typing errors, and that this machine's DNS works: the host of the token service, endpoint or proxy has no address",
  ),
  outage(
    "AnswerTooLong",
    "check that the endpoint is RDS, and that no proxy answers in its place: RDS writes pages that are far shorter",
  ),
  // Both say that nobody proved to be someone else: whatever listens there does not speak TLS.
  outage("EPROTO", tlsProtocol),
  outage("ERR_SSL_WRONG_VERSION_NUMBER", tlsProtocol),
  // A retry would begin after the time that the user allows is over.
  outage(
    "DeadlineExceeded",
    "allow more time by RDS_DR_DEADLINE_SECONDS, or set RDS_DR_MODE=locked to go on with the locked backup",
  ),
  outage(
    "LookupThreadDied",
    "give Node more memory by NODE_OPTIONS=--max-old-space-size=4096, or set RDS_DR_MODE=locked to go on with the locked backup",
  ),
  ...catalogueEntries(ErrorKind.TRANSIENT, undefined, {
    CredentialsUnavailable:
      "check the network and the proxy (HTTPS_PROXY, NO_PROXY) to the host that the message names, or give an access key from elsewhere. RDS_DR_MODE=locked needs no credentials",
  }),
  ...catalogueEntries(ErrorKind.ACCESS, undefined, {
    CredentialsDenied:
      "check that the role or account that the message names exists, that its trust policy names who asks, that these may assume it (sts:AssumeRole), and the external id",
    InvalidCredentialsFile:
      "correct the file that the message names, or make it anew with `aliyun configure`",
    UnsupportedProfileMode:
      "choose another profile by ALICLOUD_PROFILE, ALIBABA_CLOUD_PROFILE, --profile or the prop profile, or change its mode with `aliyun configure`",
    NoCredentials:
      "give credentials in one of these ways: ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (with ALIBABA_CLOUD_SECURITY_TOKEN if temporary); ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY (with ALICLOUD_SECURITY_TOKEN); a profile made by `aliyun configure` and chosen by ALIBABA_CLOUD_PROFILE or ALICLOUD_PROFILE; OIDC; a credentials URI; a RAM role of the ECS instance",
    IncompleteCredentials:
      "set the variable that the message names as missing, or unset the other one to use credentials from elsewhere",
  }),
  // Whoever cannot prove to be the endpoint may be someone else: never a passing fault to be waited out.
  ...catalogueEntries(ErrorKind.MISUSE, undefined, {
    CERT_HAS_EXPIRED: certificateDates,
    CERT_NOT_YET_VALID: certificateDates,
    DEPTH_ZERO_SELF_SIGNED_CERT: trust,
    SELF_SIGNED_CERT_IN_CHAIN: trust,
    UNABLE_TO_GET_ISSUER_CERT: trust,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: trust,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: trust,
    ERR_TLS_CERT_ALTNAME_INVALID: certificateName,
    ERR_INVALID_URL:
      "write the endpoint as a host, host:port, or a URL without a path such as http://127.0.0.1:8080",
  }),
];

/** How the codes begin that Node and OpenSSL give to a failed TLS handshake. */
export const tlsCode = /^(?:CERT_|ERR_SSL_|ERR_TLS_|UNABLE_TO_)/;

/** What a code of TLS means that is not listed. */
export const tlsFailure: ErrorExplanation = explanationOf(
  ErrorKind.MISUSE,
  "check host, scheme and port of the endpoint and which certificates this machine trusts: no secure connection comes about",
);
