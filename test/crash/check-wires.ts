/**
 * What must hold of the wires that came of the transfers: each was made, and whatever could not be known was found out. That
 * none was made twice the bank says itself.
 */
import { expect } from "vitest";
import type { Store } from "../../src/ports/store.js";
import type { Reader } from "../../src/runtime/reader.js";
import { checkQuiet, recordsOf, transfersOf } from "./check-trips.js";
import { WIRE_ID } from "./transfer-definition.mjs";

export async function checkWires(
  store: Store,
  reader: Reader,
  transfers: readonly { readonly instanceId: string }[],
): Promise<void> {
  const wires = await transfersOf(store, reader, WIRE_ID);
  expect([...wires.values()].sort()).toEqual(transfers.map(({ instanceId }) => instanceId).sort());
  for (const wireId of wires.keys()) {
    expect(await reader.document(wireId)).toMatchObject({ status: "completed", currentState: "wired" });
    await checkQuiet(reader, wireId);
    const records = await recordsOf(reader, wireId);
    expect(records).not.toContain("action-failed");
    expect(records).not.toContain("action-sent-again");
  }
}
