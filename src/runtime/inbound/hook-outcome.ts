/** What a door hands in of a webhook, and what it is told. */
import type { ErrorCode } from "../../core/errors.js";
import type { Answer } from "../../core/message/answer.js";

/** Values of a header or query parameter that was given several times stand in a list. */
export interface Given {
  readonly [name: string]: string | readonly string[] | undefined;
}

export interface HookRequest {
  /** What follows `/hooks/`, percent-encoded as it came. */
  readonly path: string;
  /** The body's bytes as they came. */
  readonly rawBody: Uint8Array;
  /** By name, in any case. */
  readonly headers: Given;
  readonly query?: Given;
}

export type HookOutcome = HookAcceptance | HookRefusal;

/** The message was taken: it is durable, and acts once however often it comes. */
export interface HookAcceptance {
  readonly outcome: "accepted";
  /** The one instance whose event it was (`taken`, or `queued` until its actions are done), or all that it has started. */
  readonly receivers: readonly { readonly instanceId: string; readonly answer: Answer }[];
  /** True when it had come before: the answers are the first ones. */
  readonly isRepeated: boolean;
}

/** Nothing of the message is kept; its sender may send it again. */
export interface HookRefusal {
  readonly outcome: "refused";
  readonly code: ErrorCode;
  /** Of HTTP. */
  readonly status: number;
  readonly message: string;
  readonly violations?: readonly { readonly path: string; readonly message: string }[];
}
