/** Records of the audit trail in words: one line each. */
import { isJsonObject, type Json } from "../../core/json/json.js";
import type { RecordType, StepRecord } from "../../core/message/record.js";

export type Tone = "plain" | "good" | "bad" | "quiet";

export interface RecordText {
  /** What it is about: `state`, `action`, `timer`, … */
  readonly subject: string;
  readonly text: string;
  readonly tone: Tone;
}

type Describe = (read: (name: string) => string, record: StepRecord) => string | readonly [string, Tone];

const SUBJECTS: { readonly [type in RecordType]: readonly [string, Describe] } = {
  "action-awaits": ["action", (read) => `${read("actionId")} waits for its callback until ${read("dueAt")}`],
  "action-cancelled": ["action", (read) => [`${read("actionIds")} cancelled`, "quiet"]],
  "action-compensated": ["action", (read) => `${read("actionId")} was undone by ${read("by")}`],
  "action-completed": [
    "action",
    (read, record) => [`${read("actionId")} completed${completedText(record)}`, "good"],
  ],
  "action-failed": [
    "action",
    (read, record) => [
      `${read("actionId")} failed for good after ${count(record.tries, "try", "tries")}: ${read("code")}`,
      "bad",
    ],
  ],
  "action-skipped": [
    "action",
    (read) => [`${read("actionId")} skipped: its condition does not hold`, "quiet"],
  ],
  "action-sent-again": [
    "action",
    (read) => [`${read("actionId")} sent again by an operator's word, try ${read("try")}`, "bad"],
  ],
  "action-unknown": [
    "action",
    (read) => [`${read("actionId")} may have been done or not: ${read("message")}`, "bad"],
  ],
  "action-started": ["action", (read) => `${read("actionId")} started`],
  audit: ["audit", (read) => `${read("actionId")} ${read("config")}`],
  "callback-taken": ["action", (read) => `callback of ${read("actionId")} taken (try ${read("try")})`],
  "child-cancelled": ["child", (read) => [`${read("childId")} cancelled`, "quiet"]],
  "child-compensated": [
    "child",
    (read, record) =>
      record.notUndone === 0
        ? `${read("childId")} has undone what it did`
        : [
            `${read("childId")} has undone what it did, but for ${count(record.notUndone, "incident", "incidents")}`,
            "bad",
          ],
  ],
  "child-ended": ["child", (read) => `${read("key")} ended: ${read("outcome")}`],
  "child-undo-asked": ["child", (read) => `${read("childId")} is to undo what it did`],
  compensated: [
    "rollback",
    (read, record) => (record.notUndone === 0 ? "all undone" : [`${read("notUndone")} not undone`, "bad"]),
  ],
  "undo-asked": ["rollback", () => ["the parent rolls back, and asks for the same here", "bad"]],
  "child-started": ["child", (read) => `${read("childId")} of ${read("stateMachineId")} started`],
  emitted: [
    "event",
    (read, record) =>
      record.signal === undefined ? `message ${read("message")} sent` : `signal ${read("signal")} broadcast`,
  ],
  "event-raised": ["event", (read) => `${read("event")} raised`],
  joined: ["state", (read) => `${read("tokens")} joined in "${read("state")}"`],
  "state-timed-out": ["state", (read) => [`"${read("state")}": its time is up`, "bad"]],
  "state-done": ["state", (read) => `"${read("state")}" done: nothing is left inside`],
  thrown: [
    "state",
    (read, record) =>
      record.error === undefined
        ? `"${read("state")}" threw the escalation ${read("escalation")}`
        : [`"${read("state")}" threw the error ${read("error")}`, "bad"],
  ],
  "data-cleared": [
    "data",
    (read) => [`${read("properties")} cleared on entering "${read("state")}" again`, "quiet"],
  ],
  "data-set": ["data", (read) => `set by hand: ${read("properties")} ${read("variables")}`.trimEnd()],
  "data-missing": ["data", (read) => [`missing in "${read("state")}": ${read("violations")}`, "bad"]],
  decision: ["decision", (read, record) => [decisionText(read, record), "quiet"]],
  "delivery-failed": ["notice", (read) => [`${read("name")} not delivered: ${read("message")}`, "bad"]],
  "delivery-queued": ["notice", (read) => [`${read("name")} (${read("purpose")}) to be delivered`, "quiet"]],
  entered: ["state", (read) => read("state")],
  "error-data": ["error", (read) => [`${read("code")} in "${read("state")}": ${read("message")}`, "bad"]],
  "event-discarded": [
    "event",
    (read) => [`${read("event")} discarded: ${read("code")}, ${read("message")}`, "bad"],
  ],
  "event-kept": ["event", (read) => [`${read("event")} kept until the actions under way are done`, "quiet"]],
  exited: ["state", (read) => [`left ${read("state")}`, "quiet"]],
  imported: [
    "instance",
    (read, record) => `imported in "${read("state")}", with ${count(record.visits, "visit", "visits")}`,
  ],
  "incident-closed": ["incident", (read) => [`${read("incidentId")} closed: ${read("resolution")}`, "good"]],
  "incident-opened": ["incident", (read) => [`${read("code")}: ${read("message")}`, "bad"]],
  "instance-ended": [
    "instance",
    (read, record) => [read("status"), record.status === "completed" ? "good" : "bad"],
  ],
  "late-callback": ["action", (read) => [`late callback of ${read("key")} ignored`, "quiet"]],
  "late-result": ["action", (read) => [`late result of ${read("key")} ignored`, "quiet"]],
  log: ["log", (read) => [`${read("actionId")} wrote a line (${read("level")})`, "quiet"]],
  migrated: ["instance", (read) => `moved from version ${read("from")} to version ${read("to")}`],
  operator: ["operator", (read) => `${read("act")}: ${read("reason")}`],
  "output-ignored": [
    "data",
    (read) => [`output of ${read("actionId")} ignored: the instance has ended`, "quiet"],
  ],
  "rollback-impossible": [
    "rollback",
    (read) => [`there is nothing to go back to from "${read("state")}"`, "bad"],
  ],
  "rollback-started": ["rollback", (read) => [`from "${read("state")}": ${read("actionIds")}`, "bad"]],
  "rolled-back": ["rollback", (read) => `from "${read("from")}" to "${read("to")}"`],
  "retry-scheduled": ["retry", (read) => `${read("actionId")} try ${read("try")} at ${read("dueAt")}`],
  "timer-cleared": ["timer", (read) => [`${read("timerId")} cleared`, "quiet"]],
  "timer-fired": [
    "timer",
    (read, record) => {
      if (record.isStale === true) return [`${read("timerId")} fired for nothing`, "quiet"];
      return typeof record.lateMs === "number" && record.lateMs > 0
        ? `${read("timerId")} fired, ${record.lateMs} ms late`
        : `${read("timerId")} fired`;
    },
  ],
  "timer-set": ["timer", (read) => `${read("timerId")} set to ${read("dueAt")}`],
  "transition-blocked": [
    "blocked",
    (read) => `${read("transitionId")} waits for data: ${read("violations")}`,
  ],
  "transition-taken": ["transition", (read, record) => transitionText(read, record)],
  "try-failed": [
    "action",
    (read) => [`${read("actionId")} try ${read("try")} failed: ${read("message")}`, "bad"],
  ],
  updated: ["data", (read) => `${read("properties")} updated in "${read("state")}"`],
};

export function recordText(record: StepRecord): RecordText {
  const known = SUBJECTS[record.type] as readonly [string, Describe] | undefined;
  // A trail that a newer version wrote may hold records this one does not know.
  if (known === undefined) return { subject: record.type, text: JSON.stringify(record), tone: "quiet" };
  const [subject, describe] = known;
  const described = describe((name) => valueText(record[name]), record);
  return typeof described === "string"
    ? { subject, text: described, tone: "plain" }
    : { subject, text: described[0], tone: described[1] };
}

function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return "?";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((item: Json) => violationText(item)).join(", ");
  return isJsonObject(value) ? JSON.stringify(value) : String(value);
}

function violationText(value: Json): string {
  if (!isJsonObject(value)) return valueText(value);
  return typeof value.message === "string" ? value.message : JSON.stringify(value);
}

function transitionText(read: (name: string) => string, record: StepRecord): string {
  const to = record.to === undefined ? "" : ` → ${read("to")}`;
  const event = record.event === undefined ? "" : `, event ${read("event")}`;
  return `${read("transitionId")}: ${read("from")}${to}${event}`;
}

function completedText(record: StepRecord): string {
  if (record.takenAsDone === true) return ", by an operator's word";
  return record.timedOut === true ? ", without an answer in time" : "";
}

function decisionText(read: (name: string) => string, record: StepRecord): string {
  const taken = record.taken === undefined ? "none taken" : `${read("taken")} taken`;
  return `in "${read("state")}": ${taken}; conditions that do not hold: ${read("refused")}`;
}

function count(value: Json | undefined, one: string, many: string): string {
  return value === 1 ? `1 ${one}` : `${valueText(value)} ${many}`;
}
