import { STATUS_CODES, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { newRequestId, refusalText, send, sendHalf, sendJson } from "./answer-writer";
import { type Fault, FaultKind } from "./fault";
import { jsonText } from "./json-text";
import { refusal, RpcError } from "./rpc-error";

const defaultSlownessMs = 1000;
const defaultCodelessStatus = 500;
const defaultPageStatus = 502;

/** The faults whose answer is the right one: the action takes effect. */
const performingKinds: ReadonlySet<FaultKind> = new Set([FaultKind.CUT_BODY, FaultKind.SLOW]);

/** What became of a request. */
export interface Outcome {
  readonly httpStatus?: number;
  readonly code?: string;
}

interface Composed extends Outcome {
  readonly httpStatus: number;
  readonly text: string;
}

/** One request being answered: the right way, with a refusal, or the way a fault has it. */
export class Exchange {
  constructor(
    private readonly response: ServerResponse,
    private readonly host: string,
    private readonly latencyMs: number,
  ) {}

  /** Sends what `answer` gives, or the refusal it throws, after the latency. */
  async answer(answer: () => Readonly<Record<string, unknown>>): Promise<Outcome> {
    await this.wait(this.latencyMs);
    return this.sendWhole(this.compose(answer));
  }

  /** Does what a fault has instead. */
  async fail(fault: Fault, answer: () => Readonly<Record<string, unknown>>): Promise<Outcome> {
    await this.wait(this.latencyMs);
    if (fault.isPerformed && !performingKinds.has(fault.kind)) {
      this.compose(answer);
    }
    switch (fault.kind) {
      case FaultKind.NO_ANSWER:
        return {};
      case FaultKind.THROTTLING:
        return this.refuse(refusal("Throttling.User"));
      case FaultKind.SERVER_ERROR:
        return this.refuse(refusal("InternalError"));
      case FaultKind.UNAVAILABLE:
        return this.refuse(refusal("ServiceUnavailable"));
      case FaultKind.DENIED:
        return this.refuse(refusal("Forbidden.RAM"));
      case FaultKind.CLOCK_SKEW:
        return this.refuse(refusal("InvalidTimeStamp.Expired"));
      case FaultKind.REFUSED:
        return this.refuse(refusalOf(fault));
      case FaultKind.SERVER_ERROR_WITHOUT_CODE:
        return this.sendWhole({
          httpStatus: fault.httpStatus ?? defaultCodelessStatus,
          text: jsonText({ RequestId: newRequestId() }),
        });
      case FaultKind.HTML:
        return this.sendPage(fault.httpStatus ?? defaultPageStatus);
      case FaultKind.EMPTY_BODY:
        sendJson(this.response, 200, "");
        return { httpStatus: 200 };
      case FaultKind.RESET:
        this.response.socket?.resetAndDestroy();
        return {};
      case FaultKind.CUT_BODY:
        return this.sendCut(this.compose(answer));
      case FaultKind.SLOW:
        await this.wait(fault.latencyMs ?? defaultSlownessMs);
        return this.answer(answer);
    }
  }

  /** Sends a refusal; whatever else was thrown is a defect of the simulator and goes out as InternalError. */
  refuse(error: unknown): Outcome {
    return this.sendWhole(this.composeRefusal(error));
  }

  private compose(answer: () => Readonly<Record<string, unknown>>): Composed {
    try {
      return { httpStatus: 200, text: jsonText({ RequestId: newRequestId(), ...answer() }) };
    } catch (error) {
      return this.composeRefusal(error);
    }
  }

  private composeRefusal(error: unknown): Composed {
    const known = error instanceof RpcError ? error : refusal("InternalError", `simulator: ${String(error)}`);
    return { httpStatus: known.httpStatus, code: known.code, text: refusalText(known, this.host) };
  }

  private sendWhole({ text, ...outcome }: Composed): Outcome {
    sendJson(this.response, outcome.httpStatus, text);
    return outcome;
  }

  private sendPage(httpStatus: number): Outcome {
    const title = `${httpStatus} ${STATUS_CODES[httpStatus] ?? ""}`.trim();
    const page = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
    send(this.response, httpStatus, "text/html", page);
    return { httpStatus };
  }

  private sendCut({ text, ...outcome }: Composed): Outcome {
    sendHalf(this.response, outcome.httpStatus, text);
    return outcome;
  }

  private async wait(ms: number): Promise<void> {
    // Unreferenced: a simulator that was stopped must not keep its process alive.
    if (ms > 0) {
      await sleep(ms, undefined, { ref: false });
    }
  }
}

function refusalOf(fault: Fault): RpcError {
  const { httpStatus, code, message } = refusal(fault.code ?? "InternalError");
  return new RpcError(fault.httpStatus ?? httpStatus, code, fault.message ?? message);
}
