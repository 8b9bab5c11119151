/** What the sender of a command is told. */
import type { ErrorCode } from "../errors.js";

export type Answer =
  | { readonly outcome: "started"; readonly seq: number; readonly to: string }
  | {
      readonly outcome: "taken";
      readonly seq: number;
      readonly transitionId: string;
      readonly from: string;
      readonly to: string;
    }
  /** Data was taken and moved nothing; `blocked` names what it would have moved if it were complete. */
  | { readonly outcome: "updated"; readonly seq: number; readonly blocked?: readonly BlockedTransition[] }
  /** It came while actions were under way and is tried when they are done. */
  | { readonly outcome: "queued"; readonly seq: number }
  /** A callback that nobody waits for any more: it was recorded, and has changed nothing. */
  | { readonly outcome: "late"; readonly seq: number; readonly message: string }
  /** Of commands that nobody waits for, and of callbacks. */
  | { readonly outcome: "done"; readonly seq: number };

export interface BlockedTransition {
  readonly transitionId: string;
  readonly violations: readonly { readonly path: string; readonly message: string }[];
}

/** A command that was refused: the instance is as it was, and nothing is stored. */
export interface Rejection {
  readonly code: Extract<
    ErrorCode,
    | "NOT_ENABLED"
    | "NOT_DISTINCT"
    | "NOT_ASSIGNED"
    | "VALIDATION_FAILED"
    | "IMMUTABLE"
    | "SEQ_MISMATCH"
    | "INSTANCE_ENDED"
    | "INSTANCE_SUSPENDED"
    | "EXPRESSION_ERROR"
    | "LIMIT_EXCEEDED"
    | "INSTANCE_EXISTS"
    | "INSTANCE_UNKNOWN"
    | "MIGRATION_BLOCKED"
    | "CALLBACK_GONE"
  >;
  readonly message: string;
  /** With `NOT_ENABLED`: the events that the current state names. */
  readonly enabled?: readonly string[];
  readonly violations?: readonly { readonly path: string; readonly message: string }[];
}
