/** Where the answers to lookups come from. */
export enum Mode {
  /** The API; a locked answer where it fails on its side, or comes back without its newest backups. */
  LIVE = "live",
  /** The locked answers alone: no network. */
  LOCKED = "locked",
  /** As live, and the answers are written to the lock file. */
  REFRESH = "refresh",
  /** Locked answers and placeholders, with which nothing but a destroy can be done: no network. */
  DESTROY = "destroy",
}
