import type { Answer, Rejection } from "../../message/answer.js";
import type { Turn } from "../turn.js";

/** What a command came to: what its sender is told, or why nothing has changed. */
export type Handled = { readonly answer: Answer } | { readonly rejection: Rejection };

/** Of commands that nobody waits for. */
export function done(turn: Turn): Handled {
  return { answer: { outcome: "done", seq: turn.draft.seq } };
}
