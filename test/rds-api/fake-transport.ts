import { Pace } from "../../lib/rds-api/pace/pace";
import { RdsClient, type RpcAnswer, type RpcParameters, type RpcTransport } from "../../lib/rds-api/rds-client";

/** One call that a fake transport was asked for. */
export interface Call {
  readonly action: string;
  readonly parameters: RpcParameters;
  readonly timeoutMs: number;
}

/** A transport without a network: other implementations of the API than the simulator, in a few lines. */
export class FakeTransport implements RpcTransport {
  readonly calls: Call[] = [];
  closed = false;

  /** @param answer gives the answer to a call, or throws; `count` is 1 for the first call */
  constructor(private readonly answer: (call: Call, count: number) => RpcAnswer | Promise<RpcAnswer>) {}

  async send(action: string, parameters: RpcParameters, timeoutMs: number): Promise<RpcAnswer> {
    const call = { action, parameters, timeoutMs };
    this.calls.push(call);
    return this.answer(call, this.calls.length);
  }

  close(): void {
    this.closed = true;
  }

  /** Numbers of the pages that were asked for, in that order. */
  get pages(): unknown[] {
    return this.calls.map(({ parameters }) => parameters["PageNumber"]);
  }

  /** A client over this transport. */
  client({ deadlineMs = 60_000, concurrency = 16 } = {}): RdsClient {
    return new RdsClient(this, performance.now() + deadlineMs, concurrency, new Pace());
  }
}
