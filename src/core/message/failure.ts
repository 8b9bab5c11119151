import type { Response } from "./response.js";

/** A failure of an action or of a routing state, before anything was decided about it. */
export interface Failure {
  readonly code: string;
  /** One sentence that names the thing. */
  readonly message: string;
  /** True when another try cannot get better. */
  readonly isFinal: boolean;
  readonly timedOut?: boolean;
  /** Not a failure at all, as far as anybody knows: it may have been done. */
  readonly isUnknown?: boolean;
  readonly retryAfterMs?: number;
  readonly responseStatus?: number;
  /** What came back, as it came. */
  readonly response?: Response;
}

/** The error data of a failure, as error routes, error states and `variables.lastError` have it. */
export interface ErrorData {
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly errorTimestamp: string;
  readonly failedState: string;
}
