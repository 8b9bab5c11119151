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
  | "child-cancelled"
  | "child-ended"
  | "child-started"
  | "data-cleared"
  | "data-missing"
  | "data-set"
  | "decision"
  | "delivery-failed"
  | "delivery-queued"
  | "emitted"
  | "entered"
  | "error-data"
  | "event-discarded"
  | "event-kept"
  | "event-raised"
  | "exited"
  | "imported"
  | "incident-closed"
  | "incident-opened"
  | "instance-ended"
  | "joined"
  | "late-result"
  | "log"
  | "migrated"
  | "operator"
  | "output-ignored"
  | "retry-scheduled"
  | "state-done"
  | "state-timed-out"
  | "timer-cleared"
  | "timer-fired"
  | "thrown"
  | "timer-set"
  | "transition-blocked"
  | "transition-taken"
  | "try-failed"
  | "updated";
