/** One signed call to the API and its answer, without retries. */
export interface RpcTransport {
  /** The endpoint and proxy that are asked, for messages; never holds a credential. @default - not told */
  readonly route?: string;
  /**
   * Sends one request.
   *
   * @param parameters in the API's spelling; those that are undefined are left out
   * @param timeoutMs how long this one request may take, milliseconds
   * @returns the answer of a call that succeeded, integers beyond 2^53 as strings of digits
   * @throws RdsApiError for every failure
   */
  send(action: string, parameters: RpcParameters, timeoutMs: number): Promise<RpcAnswer>;
  /** Closes the connections that are kept alive. */
  close(): void;
}

/** Parameters of an action. */
export type RpcParameters = Readonly<Record<string, string | number | undefined>>;

/** The JSON object that the API answered with. */
export type RpcAnswer = Readonly<Record<string, unknown>>;

/** An access key for one request. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** Where access keys come from; asked before each request, so that short-lived ones are renewed. */
export interface CredentialsProvider {
  getCredentials(): Promise<AccessKey>;
}
