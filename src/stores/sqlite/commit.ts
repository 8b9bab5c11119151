/**
 * Writes the items of one batch, inside the transaction that the store has begun.
 *
 * Invariants:
 * 1. All guards of an item are asked before anything of it is written: a refused item leaves nothing, the others go on.
 * 2. Guards see the items before theirs in the batch.
 * 3. Within an item, endings come before beginnings: what is ended or cleared and added again is there afterwards.
 */
import type { CommitItem, CommitOutcome, DeliveryCommit, InstanceCommit, Lease } from "../../ports/store.js";
import type { InstanceHead } from "./tables/instances.js";
import type { Tables } from "./tables/tables.js";

const COMMITTED: CommitOutcome = { outcome: "committed" };
const FENCED: CommitOutcome = { outcome: "fenced" };
const GONE: CommitOutcome = { outcome: "gone" };

export function commit(tables: Tables, lease: Lease, items: readonly CommitItem[]): readonly CommitOutcome[] {
  const epoch = tables.lease.epoch();
  return items.map((item) => {
    if (!isNewest(lease, item, epoch)) return FENCED;
    return item.kind === "instance" ? commitInstance(tables, item) : commitDelivery(tables, item);
  });
}

/** All partitions have the same epoch here, so that of a delivery need not be looked up. */
function isNewest(lease: Lease, item: CommitItem, epoch: number): boolean {
  return lease.epochs.get(item.kind === "instance" ? item.instance.partition : 0) === epoch;
}

function commitInstance(tables: Tables, item: InstanceCommit): CommitOutcome {
  const { instanceId } = item.instance;
  if (item.answer !== undefined) {
    const answer = tables.answers.load(instanceId, item.answer.key);
    if (answer !== undefined) return { outcome: "answered", answer };
  }
  const stored = tables.instances.head(instanceId);
  const storedSeq = stored?.seq ?? 0;
  if (storedSeq !== item.expectedSeq) return { outcome: "seq-conflict", storedSeq };
  write(tables, item, stored);
  return COMMITTED;
}

function write(tables: Tables, item: InstanceCommit, stored: InstanceHead | undefined): void {
  const { instance } = item;
  if (instance.seq !== item.expectedSeq + 1) {
    throw new Error(
      `Broken invariant: a commit of instance ${instance.instanceId} goes from seq ${item.expectedSeq} to ${instance.seq}.`,
    );
  }
  if (stored === undefined) tables.instances.insert(instance);
  else tables.instances.update(instance, stored);
  tables.audit.insert(item.audit);
  for (const row of item.history) tables.history.insert(row);
  for (const id of item.effectsEnded) tables.effects.end(id);
  tables.effects.add(item.effectsAdded);
  for (const timerId of item.timersCleared) tables.timers.clear(instance.instanceId, timerId);
  for (const row of item.timersSet) tables.timers.set(row);
  for (const row of item.incidents) tables.incidents.save(row);
  if (item.awaits !== undefined) tables.awaited.replace(instance.instanceId, item.awaits);
  if (item.answer !== undefined) tables.answers.insert(item.answer);
}

/** An effect that is gone already has ended another way; there is nothing left to say about it. */
function commitDelivery(tables: Tables, { effectId, change }: DeliveryCommit): CommitOutcome {
  if (change === "begun") return tables.effects.begin(effectId) ? COMMITTED : GONE;
  if (change === "ended") tables.effects.end(effectId);
  else tables.effects.postpone(effectId, change.dueAtMs, change.attempts);
  return COMMITTED;
}
