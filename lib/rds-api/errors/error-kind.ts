/** What an error means for whoever has to act on it. */
export enum ErrorKind {
  /** The request says something that the API does not accept: change the request. */
  MISUSE = "misuse",

  /** The credentials are missing, wrong, or not allowed to do this: change them, or their permissions. */
  ACCESS = "access",

  /** What the request names does not exist (any more), or not for this account and region. */
  NOT_FOUND = "not-found",

  /** The instance, its version, its region or what is on sale does not allow this. */
  UNSUPPORTED = "unsupported",

  /** Put the account in order first: payment, identity, risk control. */
  ACCOUNT = "account",

  /** Too many calls in too short a time. */
  THROTTLED = "throttled",

  /** The network or the service failed: the same request may succeed at another time. */
  TRANSIENT = "transient",
}
