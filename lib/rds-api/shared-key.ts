import { setTimeout as sleep } from "node:timers/promises";
import { isOver, unavailable, type KeySource } from "./credential-source";
import { RdsApiError } from "./rds-api-error";
import type { AccessKey, CredentialsProvider } from "./rpc-transport";

/** So long before it ends, a temporary key is renewed, milliseconds. */
const renewalMs = 3 * 60_000;

/** So long a key that could not be renewed is used on before the next try, milliseconds. */
const renewalPauseMs = 30_000;

/** Bound of the first pause before another try, milliseconds; each later one doubles. */
const initialBackoffMs = 200;

/** Bound of any pause before another try, milliseconds. */
const maxBackoffMs = 5_000;

/** The access key of one source: asked for once for all who want it, and again shortly before it ends. */
export class SharedKey implements CredentialsProvider {
  private key: AccessKey | undefined;
  private expiresAt: number | undefined;
  private renewAt = 0;
  private asking: Promise<AccessKey> | undefined;
  private failure: RdsApiError | undefined;

  constructor(
    private readonly source: KeySource,
    private readonly run: AbortSignal,
  ) {}

  getCredentials(): Promise<AccessKey> {
    if (this.key !== undefined && Date.now() < this.renewAt) {
      return Promise.resolve(this.key);
    }
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(): Promise<AccessKey> {
    for (let tries = 1; ; tries++) {
      if (isOver(this.run)) {
        throw this.failure ?? unavailable("the source of credentials", "there is no time left to ask it");
      }
      try {
        const { expiresAt, ...key } = await this.source(this.run);
        this.key = key;
        this.expiresAt = expiresAt;
        this.renewAt = renewalOf(expiresAt);
        return key;
      } catch (error) {
        if (!(error instanceof RdsApiError && error.retryable)) {
          throw error;
        }
        if (this.key !== undefined && Date.now() < (this.expiresAt ?? 0)) {
          this.renewAt = Date.now() + renewalPauseMs;
          return this.key;
        }
        // What was said before the time ran out says more than that it did.
        this.failure = isOver(this.run) ? (this.failure ?? error) : error;
      }
      const boundMs = Math.min(maxBackoffMs, initialBackoffMs * 2 ** (tries - 1));
      await sleep(Math.random() * boundMs, undefined, { signal: this.run }).catch(() => undefined);
    }
  }
}

/** When a key is renewed; one that lives for minutes only, when half of its time is over. */
function renewalOf(expiresAt: number | undefined): number {
  if (expiresAt === undefined) {
    return Infinity;
  }
  const now = Date.now();
  // An end in the past is that of another clock.
  return expiresAt <= now ? now + renewalPauseMs : Math.max(expiresAt - renewalMs, (now + expiresAt) / 2);
}
