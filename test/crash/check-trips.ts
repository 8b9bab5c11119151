/**
 * What must hold of the trips that came of the transfers: each had one child, which took its seat and gave it back when it
 * was asked, once, and each ended in error with nothing left open.
 */
import { expect } from "vitest";
import { openEntry } from "../../src/core/audit/audit-entry.js";
import type { JsonObject } from "../../src/core/json/json.js";
import type { Store } from "../../src/ports/store.js";
import type { Reader } from "../../src/runtime/reader.js";
import { SEAT_ID, TRIP_ID } from "./transfer-definition.mjs";

export async function checkTrips(
  store: Store,
  reader: Reader,
  transfers: readonly { readonly instanceId: string }[],
): Promise<void> {
  const trips = await transfersOf(store, reader, TRIP_ID);
  expect([...trips.values()].sort()).toEqual(transfers.map(({ instanceId }) => instanceId).sort());
  for (const tripId of trips.keys()) {
    expect(await reader.document(tripId)).toMatchObject({ status: "error", currentState: "undone" });
    await checkQuiet(reader, tripId);
    // Its child may tell twice what became of it; it counts once.
    const records = await recordsOf(reader, tripId);
    for (const type of ["child-started", "child-ended", "rollback-started", "child-compensated"])
      expect(records.filter((each) => each === type).length, type).toBe(1);
  }
  const seats = await transfersOf(store, reader, SEAT_ID);
  expect([...seats.values()].sort()).toEqual([...trips.values()].sort());
  for (const [seatId, transfer] of seats) {
    const { status, outcome, parent } = await reader.document(seatId);
    expect({ status, outcome }).toEqual({ status: "completed", outcome: "compensated" });
    expect(trips.get(parent ?? "")).toBe(transfer);
    await checkQuiet(reader, seatId);
    const asked = (await reader.audit(seatId)).filter(({ type }) => type === "compensate");
    expect(asked.length).toBe(1);
  }
}

/** By instance of the machine. */
export async function transfersOf(
  store: Store,
  reader: Reader,
  stateMachineId: string,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { instanceId } of await store.listInstances({ stateMachineId, limit: 1_000_000 })) {
    found.set(instanceId, String((await reader.document(instanceId)).data.transfer));
  }
  return found;
}

/** The types of all that its trail records, in their order. */
export async function recordsOf(reader: Reader, instanceId: string): Promise<readonly unknown[]> {
  const trail = await reader.audit(instanceId);
  return trail.flatMap(({ entry, disclosed }) => {
    const { records } = openEntry(entry, disclosed).entry;
    return (records as readonly JsonObject[]).map(({ type }) => type);
  });
}

export async function checkQuiet(reader: Reader, instanceId: string): Promise<void> {
  expect((await reader.document(instanceId)).incidents).toBeUndefined();
  expect((await reader.verify(instanceId)).faults).toEqual([]);
  expect(await reader.replay(instanceId)).toMatchObject({ isEqual: true });
  expect(await reader.pending(instanceId)).toEqual({ effects: [], timers: [] });
}
