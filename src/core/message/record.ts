/** Records: the finer happenings of one command, in order. They enter its audit entry. */
import type { Json } from "../json/json.js";

export interface StepRecord {
  readonly type: RecordType;
  readonly [detail: string]: Json;
}

export type RecordType =
  | "action-cancelled"
  | "action-completed"
  | "action-failed"
  | "action-skipped"
  | "action-started"
  | "audit"
  | "data-cleared"
  | "data-missing"
  | "decision"
  | "delivery-failed"
  | "delivery-queued"
  | "entered"
  | "error-data"
  | "event-discarded"
  | "event-kept"
  | "exited"
  | "imported"
  | "incident-closed"
  | "incident-opened"
  | "instance-ended"
  | "late-result"
  | "log"
  | "operator"
  | "output-ignored"
  | "retry-scheduled"
  | "timer-cleared"
  | "timer-fired"
  | "timer-set"
  | "transition-blocked"
  | "transition-taken"
  | "try-failed"
  | "updated";
