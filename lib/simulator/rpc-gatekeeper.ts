import { parseInstant } from "./relative-time";
import { missingCommonParameter, refusal, RpcError } from "./rpc-error";
import type { RpcRequest } from "./rpc-request";
import { isSameSignature, sign, stringToSign } from "./rpc-signature";
import type { SimulatorCredentials } from "./simulator-options";

const apiVersion = "2014-08-15";

/** The actions of the token service, which answers at the same place. */
const stsActions: ReadonlySet<string> = new Set(["GetCallerIdentity"]);
const stsVersion = "2015-04-01";

const maxClockSkewMs = 15 * 60 * 1000;

/** The parameters that every signed RPC call carries beside those of its action. */
export const commonParameters: ReadonlySet<string> = new Set([
  "Action",
  "Version",
  "Format",
  "AccessKeyId",
  "SecurityToken",
  "Signature",
  "SignatureMethod",
  "SignatureVersion",
  "SignatureNonce",
  "Timestamp",
]);

/** The gateway's checks on every call, whatever its action; remembers the nonces it has seen. */
export class RpcGatekeeper {
  private readonly usedNonces = new Set<string>();

  constructor(private readonly credentials: SimulatorCredentials) {}

  /** Throws the refusal that the cloud's gateway would give; the clock is the machine's own. */
  admit(request: RpcRequest): void {
    const { method, parameters } = request;
    if (method !== "GET" && method !== "POST") {
      throw refusal("UnsupportedHTTPMethod", method);
    }
    if (request.path !== "/") {
      throw refusal("InvalidAction.NotFound", request.path);
    }
    const common = (name: string): string => {
      const value = parameters.get(name);
      if (value === undefined || value === "") {
        throw missingCommonParameter(name);
      }
      return value;
    };

    const version = stsActions.has(common("Action")) ? stsVersion : apiVersion;
    if (common("Version") !== version) {
      throw refusal("InvalidVersion");
    }
    // Without Format the cloud answers in XML; no client here reads that.
    if (common("Format").toUpperCase() !== "JSON") {
      throw refusal("InvalidParameter.Format", "Format");
    }
    if (common("AccessKeyId") !== this.credentials.accessKeyId) {
      throw refusal("InvalidAccessKeyId.NotFound");
    }
    this.checkSecurityToken(parameters.get("SecurityToken"));
    checkTimestamp(common("Timestamp"));
    if (common("SignatureMethod") !== "HMAC-SHA1") {
      throw refusal("InvalidSignatureMethod");
    }
    if (common("SignatureVersion") !== "1.0") {
      throw refusal("InvalidSignatureVersion");
    }
    const nonce = common("SignatureNonce");
    this.checkSignature(common("Signature"), stringToSign(method, parameters));
    if (this.usedNonces.has(nonce)) {
      throw refusal("SignatureNonceUsed");
    }
    this.usedNonces.add(nonce);
  }

  private checkSecurityToken(token: string | undefined): void {
    const expected = this.credentials.securityToken;
    if (expected === undefined && token !== undefined) {
      throw refusal("InvalidSecurityToken.Malformed");
    }
    if (expected !== undefined && token === undefined) {
      throw missingCommonParameter("SecurityToken");
    }
    if (token !== expected) {
      throw refusal("InvalidSecurityToken.MismatchWithAccessKey");
    }
  }

  private checkSignature(given: string, text: string): void {
    if (isSameSignature(given, sign(text, this.credentials.accessKeySecret))) {
      return;
    }
    const { httpStatus, code, message } = refusal("SignatureDoesNotMatch");
    // The cloud really does echo the string to sign, access key id included: clients have to scrub it.
    throw new RpcError(httpStatus, code, `${message} server string to sign is:${text}`);
  }
}

function checkTimestamp(text: string): void {
  const time = parseInstant(text);
  if (time === undefined) {
    throw refusal("InvalidTimeStamp.Format");
  }
  if (Math.abs(Date.now() - time) > maxClockSkewMs) {
    throw refusal("InvalidTimeStamp.Expired");
  }
}
