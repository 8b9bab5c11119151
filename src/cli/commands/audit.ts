/** `audit ID`: the trail in words. `audit verify`: whether the trails are whole (`audit-verify.ts`). */
import type { Command } from "commander";
import { openEntry } from "../../core/audit/audit-entry.js";
import { maskData } from "../../core/data/mask.js";
import { isJsonObject, type JsonObject } from "../../core/json/json.js";
import type { StepRecord } from "../../core/message/record.js";
import type { AuditRow } from "../../index.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import { type Opened, withReader } from "../open-store.js";
import { recordText } from "../output/record-text.js";
import { renderTable } from "../output/table.js";
import { instantText } from "../output/time-text.js";
import { configureVerify } from "./audit-verify.js";

export function configure(command: Command, context: CommandContext): void {
  // So that options behind `verify` are the subcommand's.
  command.enablePositionalOptions();
  addDatabaseOptions(command.argument("<id>", "the id of an instance"));
  addExamples(command, [
    { line: "statewright audit o-1", says: "every command with what it caused" },
    { line: "statewright audit verify o-1", says: "whether the trail was changed" },
  ]);
  command.action(async (instanceId: string, options: DatabaseOptions) => {
    const { terminal } = context;
    const entries = await withReader(options, context, (opened) => openedTrail(opened, instanceId));
    if (options.json === true) terminal.json(entries);
    else terminal.print(renderTable(["Seq", "Time (UTC)", "Actor", "What"], entries.map(entryRow), terminal));
    context.finish(0);
  });
  configureVerify(
    command.command("verify").description("check that trails are whole and that they lead to what is stored"),
    context,
  );
}

interface TrailEntry {
  readonly entry: JsonObject;
  readonly hash: string;
  readonly previousHash: string;
  /** False when values of it were erased; they read as null. */
  readonly isWhole: boolean;
}

async function openedTrail({ reader, store }: Opened, instanceId: string): Promise<TrailEntry[]> {
  const rows = await reader.audit(instanceId);
  const { stateMachineId, version } = await reader.row(instanceId);
  const definition = await store.loadDefinition(stateMachineId, version);
  const sensitive = definition === undefined ? [] : sensitiveOf(definition.text);
  return rows.map((row) => openRow(row, sensitive));
}

function openRow(row: AuditRow, sensitive: readonly string[]): TrailEntry {
  const { entry, isWhole } = openEntry(row.entry, row.disclosed);
  return { entry: masked(entry, sensitive), hash: row.hash, previousHash: row.previousHash, isWhole };
}

/** What the definition calls sensitive is not shown here either. */
function masked(entry: JsonObject, sensitive: readonly string[]): JsonObject {
  const { command } = entry;
  if (!isJsonObject(command) || !isJsonObject(command.data)) return entry;
  return { ...entry, command: { ...command, data: maskData(command.data, sensitive) } };
}

function sensitiveOf(definitionText: string): readonly string[] {
  const { sensitive } = JSON.parse(definitionText) as { sensitive?: readonly string[] };
  return sensitive ?? [];
}

function entryRow({ entry, isWhole }: TrailEntry): string[] {
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
