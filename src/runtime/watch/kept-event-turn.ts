/**
 * What became of an event that was kept while actions were under way. Kept events have their turn in the order in which
 * they came, so the trail alone tells which `transition-taken` belongs to which.
 */
import { openEntry } from "../../core/audit/audit-entry.js";
import { isJsonObject, type JsonObject } from "../../core/json/json.js";
import type { Answer, Rejection } from "../../core/message/answer.js";
import type { AuditRow } from "../../ports/store.js";

export type KeptEventTurn =
  | { readonly outcome: "taken"; readonly answer: Answer }
  | { readonly outcome: "discarded"; readonly rejection: Rejection }
  /** It is still kept, or its instance ended before its turn. */
  | { readonly outcome: "none" };

interface Kept {
  readonly eventId: string;
  readonly keptAtSeq: number;
}

/** `rows` is the whole trail, by seq; `keptAtSeq` is the seq of the answer `queued`. */
export function keptEventTurn(rows: readonly AuditRow[], keptAtSeq: number): KeptEventTurn {
  let waiting: readonly Kept[] = [];
  for (const row of rows) {
    const records = recordsOf(row);
    const keptHere = records.find((record) => record.type === "event-kept");
    // An event that is taken at once has its own record first; it was never kept.
    let isOwn = row.type === "event" && keptHere === undefined;
    if (keptHere !== undefined && row.type === "event") {
      waiting = [...waiting, { eventId: String(keptHere.event), keptAtSeq: row.seq }];
    }
    for (const record of records) {
      if (record.type === "event-discarded") {
        if (record.keptAtSeq === keptAtSeq) return discarded(record);
        waiting = waiting.filter((kept) => kept.keptAtSeq !== record.keptAtSeq);
      }
      if (record.type !== "transition-taken" || record.origin !== "outside") continue;
      const taken = isOwn ? undefined : waiting.find((kept) => kept.eventId === record.event);
      isOwn = false;
      if (taken?.keptAtSeq === keptAtSeq) return { outcome: "taken", answer: takenAnswer(record, row.seq) };
      if (taken !== undefined) waiting = waiting.filter((kept) => kept !== taken);
    }
  }
  return { outcome: "none" };
}

function recordsOf(row: AuditRow): readonly JsonObject[] {
  const { records } = openEntry(row.entry, row.disclosed).entry;
  return Array.isArray(records) ? records.filter(isJsonObject) : [];
}

function discarded(record: JsonObject): KeptEventTurn {
  const code = record.code as Rejection["code"];
  const message = `Event "${String(record.event)}" was kept, and discarded when its turn came: ${String(record.message)}`;
  return { outcome: "discarded", rejection: { code, message } };
}

function takenAnswer(record: JsonObject, seq: number): Answer {
  const from = String(record.from);
  const to = typeof record.to === "string" ? record.to : from;
  return { outcome: "taken", seq, transitionId: String(record.transitionId), from, to };
}
