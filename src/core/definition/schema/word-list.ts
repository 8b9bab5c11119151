/** The closed lists of words of the language, and the other spellings that are read. */

export const BASE_STATE_TYPES = [
  "initial",
  "intermediate",
  "final",
  "task",
  "userTask",
  "wait",
  "decision",
  "fork",
  "join",
  "compound",
  "parallel",
  "error",
] as const;

export const TRIGGER_WORDS = [
  "manual",
  "automatic",
  "time-based",
  "webhook",
  "kafka",
  "file",
  "signal",
] as const;

export const ACTION_TYPES = [
  "webhook",
  "kafka",
  "file",
  "notification",
  "audit",
  "log",
  "assign",
  "function",
  "raise",
  "cancel",
] as const;

/** Whom a raised event comes before: `internal` before all that comes from outside, `external` behind what has arrived. */
export const RAISE_QUEUES = ["internal", "external"] as const;

export const ERROR_STRATEGIES = ["retry", "ignore", "log", "notify", "abort", "rollback"] as const;

export const TIMEOUT_STRATEGIES = [...ERROR_STRATEGIES, "proceed", "escalate"] as const;

export const NOTICE_KINDS = [
  "state-changed",
  "completed",
  "error",
  "cancelled",
  "incident-opened",
  "notification",
] as const;

export const STATE_TYPE_SYNONYMS: { readonly [word: string]: string } = { user: "userTask" };

export const TRIGGER_SYNONYMS: { readonly [word: string]: string } = {
  auto: "automatic",
  timer: "time-based",
};
