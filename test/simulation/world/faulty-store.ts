/**
 * A store on shared tables whose every call takes as long as the seed says and fails as the seed says. What it answers
 * is what happened, or `STORE_UNAVAILABLE`, after which nobody knows.
 *
 * Invariants:
 * 1. A call reaches the tables in one step and is answered in another; a process that dies between them hears nothing.
 * 2. Every commit that reached the tables is shown to the oracles before anybody hears of it.
 */
import { StatewrightError } from "../../../src/core/errors.js";
import type { CommitItem, CommitOutcome, Lease, Store } from "../../../src/ports/store.js";
import { PRUNE } from "./seeded-scheduler.js";
import type { LiveProcess, Simulation } from "./simulation.js";

const MOST_DELAY_MS = 4_000;

export function faultyStore(inner: Store, process: LiveProcess, world: Simulation): Store {
  const { scheduler, faults } = world;

  function hop(label: string, run: () => void): void {
    if (!process.isAlive) return;
    const delayMs = faults.chance(world.mix.storeIsSlow) ? faults.between(1, MOST_DELAY_MS) : 0;
    scheduler.after(process, delayMs, label, run);
  }

  function read<Result>(label: string, work: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      hop(label, () => {
        if (world.storeTrouble === "outage" || faults.chance(world.mix.readFails)) {
          world.work.failedReads += 1;
          scheduler.note(`${process.name}: ${label} fails`);
          reject(unavailable("The read failed."));
          return;
        }
        // A slow answer tells of what was there when the question reached the tables.
        work().then(
          (result) =>
            faults.chance(0.2) ? hop(`${label} is answered`, () => resolve(result)) : resolve(result),
          reject,
        );
      });
    });
  }

  function commit(lease: Lease, items: readonly CommitItem[]): Promise<readonly CommitOutcome[]> {
    return new Promise((resolve, reject) => {
      hop(`commit ${items.map(itemName).join(" ")}`, () => {
        if (faults.chance(world.mix.crashBeforeCommit)) {
          world.work.crashesInCommit += 1;
          world.kill(process, "before the commit");
          return;
        }
        if (world.storeTrouble !== undefined || faults.chance(world.mix.commitFails)) {
          world.work.failedCommits += 1;
          scheduler.note(`${process.name}: the commit fails (${world.storeTrouble ?? "once"})`);
          hop("the commit's failure is told", () => reject(unavailable("The commit failed.")));
          return;
        }
        const refused = items.map((item) => item.kind === "instance" && faults.chance(world.mix.conflicts));
        const taken = items.filter((_item, index) => refused[index] !== true);
        inner.commit(lease, taken).then(
          (outcomes) => {
            scheduler.note(`${process.name}: ${outcomes.map(({ outcome }) => outcome).join(" ")}`);
            world.oracles.afterCommit(lease, taken, outcomes);
            answer(withConflicts(items, refused, outcomes), resolve, reject);
          },
          (error: unknown) => {
            world.oracles.afterCommit(lease, taken, []);
            reject(error);
          },
        );
      });
    });
  }

  /** What was not written is told that somebody else was first. */
  function withConflicts(
    items: readonly CommitItem[],
    refused: readonly boolean[],
    outcomes: readonly CommitOutcome[],
  ): readonly CommitOutcome[] {
    const written = [...outcomes];
    return items.map((item, index) => {
      if (refused[index] !== true || item.kind !== "instance")
        return written.shift() ?? { outcome: "fenced" };
      world.work.falseConflicts += 1;
      const storedSeq = world.tables.instances.load(item.instance.instanceId)?.seq ?? 0;
      return { outcome: "seq-conflict", storedSeq };
    });
  }

  function answer(
    outcomes: readonly CommitOutcome[],
    resolve: (outcomes: readonly CommitOutcome[]) => void,
    reject: (error: unknown) => void,
  ): void {
    if (faults.chance(world.mix.crashAfterCommit)) {
      world.work.crashesInCommit += 1;
      world.kill(process, "after the commit");
    } else if (faults.chance(world.mix.answerOfCommitLost)) {
      world.work.lostAnswers += 1;
      scheduler.note(`${process.name}: the commit's answer is lost`);
      hop("the connection is gone", () => reject(unavailable("The connection died in the commit.")));
    } else {
      hop("the commit is answered", () => resolve(outcomes));
    }
  }

  return {
    open: () => inner.open(),
    close: () => inner.close(),
    acquireLease: (request) => read("acquire the lease", () => inner.acquireLease(request)),
    commit,
    saveDefinition: (row) => read("save a definition", () => inner.saveDefinition(row)),
    loadDefinition: (id, version) => read("load a definition", () => inner.loadDefinition(id, version)),
    listDefinitions: () => read("list definitions", () => inner.listDefinitions()),
    listVersions: () => read("list versions", () => inner.listVersions()),
    listNewestVersions: () => read("list newest versions", () => inner.listNewestVersions()),
    loadInstances: (ids) => read(`load ${ids.join(" ")}`, () => inner.loadInstances(ids)),
    listInstances: (query) => read("list instances", () => inner.listInstances(query)),
    findAnswers: (key) => read("find answers", () => inner.findAnswers(key)),
    loadAnswers: (keys) => read("look for an answer", () => inner.loadAnswers(keys)),
    keepSetting: (name, text) => read("keep a setting", () => inner.keepSetting(name, text)),
    saveKey: (row) => read("save a key", () => inner.saveKey(row)),
    loadKey: (keyId) => read("load a key", () => inner.loadKey(keyId)),
    listKeys: () => read("list keys", () => inner.listKeys()),
    loadHistory: (id, page) => read("load history", () => inner.loadHistory(id, page)),
    loadAudit: (id, page) => read("load audit", () => inner.loadAudit(id, page)),
    loadJournal: (page) => read("load journal", () => inner.loadJournal(page)),
    journalHead: () => read("journal head", () => inner.journalHead()),
    listIncidents: (query) => read("list incidents", () => inner.listIncidents(query)),
    listWaiters: (query) => read("list waiters", () => inner.listWaiters(query)),
    dueTimers: (lease, query) => read("due timers", () => inner.dueTimers(lease, query)),
    nextTimerAt: (lease) => read("next timer", () => inner.nextTimerAt(lease)),
    dueEffects: (lease, query) => read(`due ${query.purpose} effects`, () => inner.dueEffects(lease, query)),
    nextEffectAt: (lease, query) => read("next effect", () => inner.nextEffectAt(lease, query)),
    loadEffects: (id) => read("load effects", () => inner.loadEffects(id)),
    loadOrderedEffects: (query) => read("load ordered effects", () => inner.loadOrderedEffects(query)),
    loadTimers: (id) => read("load timers", () => inner.loadTimers(id)),
    pruneAnswers: (beforeMs, limit) => read(PRUNE, () => inner.pruneAnswers(beforeMs, limit)),
  };
}

function itemName(item: CommitItem): string {
  return item.kind === "instance"
    ? `${item.instance.instanceId}@${item.instance.seq}:${item.audit.type}`
    : `${item.effectId.instanceId}/${item.effectId.seq}.${item.effectId.ordinal}:delivery`;
}

function unavailable(message: string): StatewrightError {
  return new StatewrightError("STORE_UNAVAILABLE", message);
}
