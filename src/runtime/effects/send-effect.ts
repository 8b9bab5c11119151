/**
 * One send with a deadline: what a channel does, or that it did not end in time.
 *
 * Invariants:
 * 1. It ends at the deadline, whether or not the channel heeds the signal; what comes later is not looked at.
 * 2. A channel that throws has failed; it never takes the engine with it.
 * 3. What comes back is JSON within the limits, or the send has failed: no result can break the commit that records it.
 * 4. What was let go of before it was sent is not sent: an abort that has happened is told to nobody who listens later.
 */
import { checkJson, type JsonProblem } from "../../core/json/check-json.js";
import type { TryResult } from "../../core/message/command.js";
import type { Channel, ChannelOutcome, ChannelRequest, ChannelResponse } from "../../ports/channel.js";
import type { RuntimePorts } from "../runtime-ports.js";

/** Bytes of canonical text of a result: a response of 1 MiB, each byte of which may be an escape in JSON. */
const MAX_BODY_BYTES = 6 * 1_048_576;
const MAX_MESSAGE_CHARS = 2_000;

/** `abandoned`: the engine is stopping and has let go of it; the next start decides about the row. */
export type SendResult =
  | ChannelOutcome
  | Extract<TryResult, { readonly outcome: "timeout" }>
  | { readonly outcome: "abandoned" };

export async function sendEffect(
  ports: Pick<RuntimePorts, "clock" | "faults" | "channels">,
  channelName: string,
  request: ChannelRequest,
  timeoutMs: number,
  controller: AbortController,
): Promise<SendResult> {
  if (controller.signal.aborted) return { outcome: "abandoned" };
  const channel = ports.channels.get(channelName);
  if (channel === undefined) {
    const message = `There is no channel "${channelName}" here.`;
    return { outcome: "failed", code: "ACTION_FAILED", message, isFinal: true, mayHaveActed: false };
  }
  const given = new Promise<"let-go">((resolve) => {
    controller.signal.addEventListener("abort", () => resolve("let-go"), { once: true });
  });
  const cancel = ports.clock.wakeAt(ports.clock.now() + timeoutMs, () => controller.abort("timeout"));
  try {
    ports.faults.reach("effect.before-send");
    const outcome = await Promise.race([attempt(channel, request, controller.signal), given]);
    ports.faults.reach("effect.after-send");
    if (controller.signal.reason === "stopping") return { outcome: "abandoned" };
    if (controller.signal.aborted || outcome === "let-go") {
      return { outcome: "timeout", message: `no answer within ${timeoutMs} ms` };
    }
    return outcome;
  } finally {
    cancel();
  }
}

async function attempt(
  channel: Channel,
  request: ChannelRequest,
  signal: AbortSignal,
): Promise<ChannelOutcome> {
  try {
    return taken(channel.kind, await channel.send(request, signal));
  } catch (error) {
    const what = error instanceof Error ? error.message : "it threw something that is no error";
    const message = `the ${channel.kind} channel failed: ${what}`.slice(0, MAX_MESSAGE_CHARS);
    return { outcome: "failed", code: "ACTION_FAILED", message, isFinal: false };
  }
}

/** A copy of what the channel gave; a result that is no JSON, or too large, cannot get better by another try. */
function taken(kind: string, given: ChannelOutcome): ChannelOutcome {
  if (given.outcome !== "completed") return failure(given);
  const response = responseOf(given.response);
  if ("status" in response) return { outcome: "completed", response };
  const { code, path, message } = response;
  return {
    outcome: "failed",
    code: code === "LIMIT_EXCEEDED" ? code : "RESPONSE_MISMATCH",
    message: `the result of the ${kind} channel${path === "" ? "" : ` at ${path.slice(0, 300)}`} ${message}`,
    isFinal: true,
  };
}

function failure(given: Extract<ChannelOutcome, { readonly outcome: "failed" }>): ChannelOutcome {
  if (given.outcome !== "failed") throw new TypeError("it gave neither a result nor a failure");
  const { code, message, isFinal, retryAfterMs, mayHaveActed } = given;
  const response = given.response === undefined ? undefined : responseOf(given.response);
  return {
    outcome: "failed",
    code: String(code),
    message: String(message).slice(0, MAX_MESSAGE_CHARS),
    isFinal: isFinal === true,
    mayHaveActed: mayHaveActed !== false,
    ...(typeof retryAfterMs === "number" && retryAfterMs >= 0 ? { retryAfterMs } : {}),
    ...(response !== undefined && "status" in response ? { response } : {}),
  };
}

function responseOf(given: ChannelResponse): ChannelResponse | JsonProblem {
  const outside = checkJson({ status: given.status, headers: given.headers });
  if (!outside.ok) return outside.problem;
  const body = checkJson(given.body, MAX_BODY_BYTES);
  if (!body.ok) return body.problem;
  return { ...(outside.value as unknown as Omit<ChannelResponse, "body">), body: body.value };
}
