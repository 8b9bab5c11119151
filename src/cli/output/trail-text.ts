/** Entries of the audit trail as people read them. */
import type { TrailEntry } from "../../core/audit/trail-entry.js";
import { isJsonObject, type JsonObject } from "../../core/json/json.js";
import type { StepRecord } from "../../core/message/record.js";
import type { ReadingDesk } from "../desk/desk.js";
import { recordText } from "./record-text.js";
import { instantText } from "./time-text.js";

const PAGE = 500;

/** The whole trail, by seq. Throws `INSTANCE_UNKNOWN`. */
export async function openedTrail(
  desk: Pick<ReadingDesk, "trail">,
  instanceId: string,
): Promise<readonly TrailEntry[]> {
  const all: TrailEntry[] = [];
  for (;;) {
    const { entries } = await desk.trail(instanceId, { afterSeq: all.length, limit: PAGE });
    all.push(...entries);
    if (entries.length < PAGE) return all;
  }
}

export function entryRow({ entry, isWhole }: TrailEntry): string[] {
  const records = (Array.isArray(entry.records) ? entry.records : []) as readonly StepRecord[];
  const lines = [
    `${commandText(entry)}${isWhole ? "" : " (values erased)"}`,
    ...records.map(recordText).map(({ subject, text }) => `  ${subject}: ${text}`),
  ];
  return [
    String(entry.seq),
    instantText(String(entry.at)),
    `${entry.actor} (${entry.source})`,
    lines.join("\n"),
  ];
}

function commandText(entry: JsonObject): string {
  const command = isJsonObject(entry.command) ? entry.command : {};
  switch (entry.type) {
    case "start":
      return "started";
    case "import":
      return "imported";
    case "event":
      return `event ${command.eventId}`;
    case "update":
      return "update";
    case "timer":
      return `timer ${command.timerId}`;
    case "actionResult":
      return `result of ${command.key}: ${isJsonObject(command.result) ? command.result.outcome : "?"}`;
    case "operator":
      return `operator: ${command.act}`;
    default:
      return String(entry.type);
  }
}
