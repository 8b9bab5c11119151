/** What an audit entry means to those who follow along: starts, transitions, incidents, acts of operators, ends. */
import { isJsonObject, type Json, type JsonObject } from "../../core/json/json.js";

export interface StreamEvent {
  readonly type: "started" | "transition" | "incident-opened" | "incident-closed" | "operator" | "ended";
  readonly instanceId: string;
  readonly [detail: string]: Json;
}

/** Records that are told, and what of them. */
const TOLD: {
  readonly [record: string]: { readonly type: StreamEvent["type"]; readonly details: readonly string[] };
} = {
  "transition-taken": { type: "transition", details: ["transitionId", "from", "to", "event"] },
  "incident-opened": { type: "incident-opened", details: ["incidentId", "code", "message"] },
  "incident-closed": { type: "incident-closed", details: ["incidentId", "resolution"] },
  operator: { type: "operator", details: ["act", "reason"] },
  "instance-ended": { type: "ended", details: ["status", "state"] },
};

/** In the order in which they happened. `entry` is opened. */
export function streamEventsOf(entry: JsonObject): readonly StreamEvent[] {
  const { instanceId, stateMachineId, version, seq, at, actor, type, records } = entry;
  const about = {
    instanceId: String(instanceId),
    ...detailsOf({ stateMachineId, version, seq, at, actor } as JsonObject),
  };
  const events: StreamEvent[] = [];
  if (type === "start" || type === "import") events.push({ type: "started", ...about });
  for (const record of Array.isArray(records) ? records : []) {
    if (!isJsonObject(record)) continue;
    const told = Object.hasOwn(TOLD, String(record.type)) ? TOLD[String(record.type)] : undefined;
    if (told === undefined) continue;
    const named = Object.fromEntries(told.details.map((name) => [name, record[name] ?? null]));
    events.push({ type: told.type, ...about, ...detailsOf(named) });
  }
  return events;
}

/** Without what is absent. */
function detailsOf(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined && value !== ""),
  );
}
