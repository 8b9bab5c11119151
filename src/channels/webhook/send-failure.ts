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
      /** True where the request may have reached whoever acts on it. */
      readonly mayHaveActed: boolean;
    },
  ) {
    super(message);
    this.name = "SendFailure";
    this.outcome = { outcome: "failed", code, message, ...options };
  }
}

/** A redirect that changes the method (303) says that the first request was acted on: what fails after it was done. */
export function actedBefore(error: unknown): unknown {
  if (!(error instanceof SendFailure)) return error;
  const { code, message, ...options } = error.outcome;
  return new SendFailure(code, message, { ...options, mayHaveActed: true });
}

/** A request that cannot be made as it stands: another try would be the same. */
export function unusableRequest(message: string): SendFailure {
  return new SendFailure("ACTION_FAILED", message, { isFinal: true, mayHaveActed: false });
}
