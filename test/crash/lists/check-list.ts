/**
 * What must hold when a list is over, however often its process died. Two witnesses that know nothing of each other: the
 * engine's database, and the log of the printer.
 */
import { expect } from "vitest";
import { openEntry } from "../../../src/core/audit/audit-entry.js";
import type { JsonObject } from "../../../src/core/json/json.js";
import { openReader } from "../../../src/engine.js";
import type { AuditRow } from "../../../src/ports/store.js";
import type { Reader } from "../../../src/runtime/reader.js";
import { sqlite } from "../../../src/stores/sqlite/sqlite-store.js";
import { jams, SHEET_MACHINE_ID, stampOf } from "./print-definitions.mjs";
import { readPrints } from "./print-log.mjs";

export interface ListPlaces {
  readonly databasePath: string;
  readonly printLogPath: string;
  readonly instanceId: string;
  /** How many items the list has. */
  readonly sheets: number;
}

/** Gives how many calls the printer had beyond one for each sheet. */
export async function checkList(places: ListPlaces): Promise<{ readonly repeatedCalls: number }> {
  const store = sqlite(places.databasePath, { readOnly: true });
  const { reader, close } = await openReader(store);
  try {
    await checkParent(reader, places);
    const children = await store.listInstances({ stateMachineId: SHEET_MACHINE_ID, limit: 1_000_000 });
    expect(children.length).toBe(places.sheets);
    const childOf = new Map<number, string>();
    for (const { instanceId } of children) {
      const { sheet } = (await checkChild(reader, instanceId, places.instanceId)) as { sheet: number };
      expect(childOf.get(sheet), `sheet ${sheet} has two instances`).toBeUndefined();
      childOf.set(sheet, instanceId);
    }
    return { repeatedCalls: checkPrints(places, childOf) };
  } finally {
    await close();
  }
}

/** Results are complete and in order, and every child was counted once. */
async function checkParent(reader: Reader, { instanceId, sheets }: ListPlaces): Promise<void> {
  const numbers = Array.from({ length: sheets }, (_, sheet) => sheet);
  const document = await reader.document(instanceId);
  expect(document).toMatchObject({ status: "completed", currentState: "printed" });
  expect(document.data.numbers).toEqual(numbers.map((sheet) => (jams(sheet) ? null : sheet)));
  expect(document.data.stamps).toEqual(numbers.map((sheet) => (jams(sheet) ? null : stampOf(sheet))));
  const records = (await reader.audit(instanceId)).flatMap(recordsIn);
  const idsOf = (type: string, name: string) =>
    records.filter((record) => record.type === type).map((record) => String(record[name]));
  const started = idsOf("child-started", "childId");
  const ended = idsOf("child-ended", "key");
  expect(started.length).toBe(sheets);
  expect(ended.length).toBe(sheets);
  expect(new Set(started).size).toBe(sheets);
  expect(new Set(ended).size).toBe(sheets);
  await checkTrail(reader, instanceId);
}

async function checkChild(reader: Reader, instanceId: string, parentId: string): Promise<JsonObject> {
  const { data, status, parent } = await reader.document(instanceId);
  expect(parent).toBe(parentId);
  expect(status).toBe(jams(Number(data.sheet)) ? "error" : "completed");
  const starts = (await reader.audit(instanceId)).filter(({ type }) => type === "start");
  expect(starts.length).toBe(1);
  await checkTrail(reader, instanceId);
  return data;
}

async function checkTrail(reader: Reader, instanceId: string): Promise<void> {
  expect((await reader.verify(instanceId)).faults).toEqual([]);
  expect(await reader.replay(instanceId)).toMatchObject({ isEqual: true });
  expect(await reader.pending(instanceId)).toEqual({ effects: [], timers: [] });
}

/** A call that nobody heard the end of is made again, by the same instance and under the same key. */
function checkPrints({ printLogPath, sheets }: ListPlaces, childOf: ReadonlyMap<number, string>): number {
  const prints = readPrints(printLogPath);
  const keyOf = new Map<number, string>();
  for (const { sheet, key, instanceId } of prints) {
    expect(instanceId).toBe(childOf.get(sheet));
    expect(keyOf.get(sheet) ?? key).toBe(key);
    keyOf.set(sheet, key);
  }
  expect(keyOf.size).toBe(sheets);
  expect(new Set(keyOf.values()).size).toBe(sheets);
  return prints.length - sheets;
}

function recordsIn({ entry, disclosed }: AuditRow): readonly JsonObject[] {
  return openEntry(entry, disclosed).entry.records as readonly JsonObject[];
}
