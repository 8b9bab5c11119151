/**
 * What must hold when every transfer is over, whatever happened on the way. It reads three witnesses that know nothing
 * of each other: the client's synced log, the engine's database, the bank's ledger.
 */
import { expect } from "vitest";
import { openEntry } from "../../src/core/audit/audit-entry.js";
import { openReader } from "../../src/engine.js";
import type { AuditRow, Store } from "../../src/ports/store.js";
import type { Reader } from "../../src/runtime/reader.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { checkTrips } from "./check-trips.js";
import { checkWires } from "./check-wires.js";
import { readClientLog } from "./client-log.mjs";
import type { LedgerBank } from "./ledger-bank.js";
import { readTransfers } from "./transfer-client.mjs";
import {
  COMMANDS,
  COMPANION_IDS,
  OPERATOR,
  PATHS,
  REMARKS,
  STATE_MACHINE_ID,
  WATCH_ID,
} from "./transfer-definition.mjs";
import type { TransferPlace } from "./transfer-process.js";

export interface Counted {
  readonly transfers: number;
  /** Answers in the client's log, each of a transition of its own. */
  readonly acknowledged: number;
  /** Of these, how many were first answers given again: the client died, or the engine, before the log had them. */
  readonly answeredAgain: number;
  /** Acknowledged commands that the trail has not. */
  readonly lost: number;
  /** Commands that the trail has more than once. */
  readonly doubled: number;
}

type Answered = Extract<ReturnType<typeof readClientLog>[number], { readonly kind: "answered" }>;

export async function checkTransfers(place: TransferPlace, bank: LedgerBank): Promise<Counted> {
  const transfers = readTransfers(place.logPath);
  const answers = readClientLog(place.logPath).filter((line) => line.kind === "answered");
  expect(transfers.filter(({ isOver }) => !isOver)).toEqual([]);
  expect(answers.length).toBe(transfers.length * COMMANDS);
  checkBank(bank, transfers);

  const store = sqlite(place.databasePath, { readOnly: true });
  const { reader, close } = await openReader(store);
  try {
    const rows = await store.listInstances({ stateMachineId: STATE_MACHINE_ID, limit: 1_000_000 });
    expect(rows.map(({ instanceId }) => instanceId)).toEqual(
      transfers.map(({ instanceId }) => instanceId).sort(),
    );
    for (const stateMachineId of COMPANION_IDS)
      await checkCompanions(store, reader, transfers, {
        stateMachineId,
        status: "completed",
        trail: ["start"],
      });
    const calledOff = { stateMachineId: WATCH_ID, status: "cancelled", trail: ["start", "operator"] };
    await checkCompanions(store, reader, transfers, calledOff);
    await checkTrips(store, reader, transfers);
    await checkWires(store, reader, transfers);
    const byInstance = groupByInstance(answers);
    let lost = 0;
    let doubled = 0;
    for (const { instanceId } of rows) {
      const counts = await checkInstance(reader, instanceId, byInstance.get(instanceId) ?? []);
      lost += counts.lost;
      doubled += counts.doubled;
    }
    const counted = {
      transfers: transfers.length,
      acknowledged: answers.length,
      answeredAgain: answers.filter(({ isRepeated }) => isRepeated).length,
      lost,
      doubled,
    };
    expect(counted).toMatchObject({ lost: 0, doubled: 0 });
    return counted;
  } finally {
    await close();
  }
}

/** Each transfer was held, paid, reported, wired, given a seat and rid of it once, of its own amount; the bank was told of its incident and its end. */
function checkBank(
  bank: LedgerBank,
  transfers: readonly { readonly instanceId: string; readonly amount: number }[],
): void {
  expect(bank.faults).toEqual([]);
  for (const path of PATHS) {
    const booked = bank.bookings.filter((booking) => booking.path === path);
    expect(booked.map(({ transfer, amount }) => `${transfer} ${amount}`).sort()).toEqual(
      transfers.map(({ instanceId, amount }) => `${instanceId} ${amount}`).sort(),
    );
  }
  const ids = transfers.map(({ instanceId }) => instanceId).sort();
  expect([...bank.incidents].sort()).toEqual(ids);
  expect([...bank.completed].sort()).toEqual(ids);
}

interface Companion {
  readonly stateMachineId: string;
  readonly status: string;
  /** The types of its commands, each once. */
  readonly trail: readonly string[];
}

/** Each transfer has one receipt and one watch, which are its children, one filing and one tally, each begun once. */
async function checkCompanions(
  store: Store,
  reader: Reader,
  transfers: readonly { readonly instanceId: string }[],
  { stateMachineId, status, trail }: Companion,
): Promise<void> {
  const rows = await store.listInstances({ stateMachineId, limit: 1_000_000 });
  const ofTransfers = [];
  for (const { instanceId, parentId, ...row } of rows) {
    const { data } = await reader.document(instanceId);
    expect(row.status, stateMachineId).toBe(status);
    expect((await reader.audit(instanceId)).map(({ type }) => type)).toEqual(trail);
    expect(await reader.replay(instanceId)).toMatchObject({ isEqual: true });
    expect(await reader.pending(instanceId)).toEqual({ effects: [], timers: [] });
    if (parentId !== undefined) expect(parentId).toBe(data.transfer);
    ofTransfers.push(data.transfer);
  }
  expect(ofTransfers.sort(), stateMachineId).toEqual(transfers.map(({ instanceId }) => instanceId).sort());
}

async function checkInstance(
  reader: Reader,
  instanceId: string,
  answers: readonly Answered[],
): Promise<{ readonly lost: number; readonly doubled: number }> {
  const trail = await reader.audit(instanceId);
  expect(trail.map(({ seq }) => seq)).toEqual(trail.map((_, index) => index + 1));
  expect((await reader.verify(instanceId)).faults).toEqual([]);
  expect(await reader.replay(instanceId)).toMatchObject({ isEqual: true });
  expect(await reader.pending(instanceId)).toEqual({ effects: [], timers: [] });
  const { status, currentState, data } = await reader.document(instanceId);
  expect({ status, currentState, remarks: data.remarks }).toEqual({
    status: "completed",
    currentState: "paid",
    remarks: REMARKS,
  });
  // The engine's own part: one result of each call, the timer fired once; what is skipped is skipped once.
  const ownWork = trail
    .map(({ type }) => type)
    .filter((type) => ["timer", "actionResult", "operator"].includes(type));
  expect(ownWork).toEqual(["actionResult", "timer", "actionResult", "actionResult", "operator"]);
  // What its watch has sent it came once.
  const sent = trail.filter(({ entry }) => entry.includes('"event"') && entry.includes('"seen"'));
  expect(sent.filter(({ type }) => type === "event").length).toBe(1);
  // Its child may tell twice how it ended; it counts once.
  expect(data.receiptOf).toBe(instanceId);
  expect(trail.filter(({ entry }) => entry.includes('"child-ended"')).length).toBe(1);
  return compareWithAnswers(trail, answers);
}

function compareWithAnswers(trail: readonly AuditRow[], answers: readonly Answered[]) {
  const seqsByKey = new Map<string, number[]>();
  for (const row of trail) {
    const actor = String(openEntry(row.entry, row.disclosed).entry.actor);
    if (actor !== "system" && actor !== OPERATOR)
      seqsByKey.set(actor, [...(seqsByKey.get(actor) ?? []), row.seq]);
  }
  const lost = answers.filter(({ key, seq }) => seqsByKey.get(key)?.includes(seq) !== true).length;
  const doubled = [...seqsByKey.values()].filter((seqs) => seqs.length > 1).length;
  // A command that the client never sent would be no loss and no double, but it would be a wonder.
  expect([...seqsByKey.keys()].sort()).toEqual(answers.map(({ key }) => key).sort());
  return { lost, doubled };
}

function groupByInstance(answers: readonly Answered[]): Map<string, Answered[]> {
  const groups = new Map<string, Answered[]>();
  for (const answer of answers)
    groups.set(answer.instanceId, [...(groups.get(answer.instanceId) ?? []), answer]);
  return groups;
}
