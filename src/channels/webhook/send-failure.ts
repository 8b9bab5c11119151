import type { ChannelOutcome, ChannelResponse } from "../../ports/channel.js";

export type FailedOutcome = Extract<ChannelOutcome, { readonly outcome: "failed" }>;

/** Ends a send inside the channel; never leaves it, but as a failed outcome. */
export class SendFailure extends Error {
  readonly outcome: FailedOutcome;

  constructor(
    code: string,
    message: string,
    options: {
      readonly isFinal: boolean;
      readonly retryAfterMs?: number;
      readonly response?: ChannelResponse;
    },
  ) {
    super(message);
    this.name = "SendFailure";
    this.outcome = { outcome: "failed", code, message, ...options };
  }
}

/** A request that cannot be made as it stands: another try would be the same. */
export function unusableRequest(message: string): SendFailure {
  return new SendFailure("ACTION_FAILED", message, { isFinal: true });
}
