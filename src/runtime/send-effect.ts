/**
 * One send with a deadline: what a channel does, or that it did not end in time.
 *
 * Invariants:
 * 1. It ends at the deadline, whether or not the channel heeds the signal; what comes later is not looked at.
 * 2. A channel that throws has failed; it never takes the engine with it.
 */
import type { TryResult } from "../core/message/command.js";
import type { Channel, ChannelOutcome, ChannelRequest } from "../ports/channel.js";
import type { RuntimePorts } from "./runtime-ports.js";

/** `abandoned`: the engine is stopping and has let go of it; the row is sent again by the next start. */
export type SendResult = TryResult | { readonly outcome: "abandoned" };

export async function sendEffect(
  ports: Pick<RuntimePorts, "clock" | "faults" | "channels">,
  channelName: string,
  request: ChannelRequest,
  timeoutMs: number,
  controller: AbortController,
): Promise<SendResult> {
  const channel = ports.channels.get(channelName);
  if (channel === undefined) {
    const message = `There is no channel "${channelName}" here.`;
    return { outcome: "failed", code: "ACTION_FAILED", message, isFinal: true };
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
    return await channel.send(request, signal);
  } catch (error) {
    const message = `the ${channel.kind} channel failed: ${error instanceof Error ? error.message : String(error)}`;
    return { outcome: "failed", code: "ACTION_FAILED", message, isFinal: false };
  }
}
