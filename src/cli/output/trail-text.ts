/** Entries of the audit trail as people read them, sensitive values masked. */
import { openEntry } from "../../core/audit/audit-entry.js";
import { maskData } from "../../core/data/mask.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json/json.js";
import type { StepRecord } from "../../core/message/record.js";
import type { AuditRow, Store } from "../../index.js";
import type { Opened } from "../open-store.js";
import { recordText } from "./record-text.js";
import { instantText } from "./time-text.js";

export interface TrailEntry {
  readonly entry: JsonObject;
  readonly hash: string;
  readonly previousHash: string;
  /** False when values of it were erased; they read as null. */
  readonly isWhole: boolean;
}

export async function openedTrail({ reader, store }: Opened, instanceId: string): Promise<TrailEntry[]> {
  const rows = await reader.audit(instanceId);
  const { stateMachineId, version } = await reader.row(instanceId);
  const sensitive = await sensitivePointers(store, stateMachineId, version);
  return rows.map((row) => openRow(row, sensitive));
}

export function openRow(row: AuditRow, sensitive: readonly string[]): TrailEntry {
  const { entry, isWhole } = openEntry(row.entry, row.disclosed);
  return { entry: masked(entry, sensitive), hash: row.hash, previousHash: row.previousHash, isWhole };
}

/** What the definition calls sensitive is not shown here either. */
function masked(entry: JsonObject, sensitive: readonly string[]): JsonObject {
  const { command } = entry;
  if (!isJsonObject(command) || sensitive.length === 0) return entry;
  return {
    ...entry,
    command: {
      ...command,
      ...(isJsonObject(command.data) ? { data: maskData(command.data, sensitive) } : {}),
      ...(Array.isArray(command.visits)
        ? { visits: command.visits.map((visit: Json) => maskedVisit(visit, sensitive)) }
        : {}),
    },
  };
}

/** Of an import: the data of a state that the instance has been in. */
function maskedVisit(visit: Json, sensitive: readonly string[]): Json {
  if (!isJsonObject(visit) || !isJsonObject(visit.data)) return visit;
  return { ...visit, data: maskData(visit.data, sensitive) };
}

/** Pointers into data that the definition calls sensitive. */
export async function sensitivePointers(
  store: Pick<Store, "loadDefinition">,
  stateMachineId: string,
  version: number,
): Promise<readonly string[]> {
  const definition = await store.loadDefinition(stateMachineId, version);
  if (definition === undefined) return [];
  const { sensitive } = JSON.parse(definition.text) as { sensitive?: readonly string[] };
  return sensitive ?? [];
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
