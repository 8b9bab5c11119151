import type { CommitItem, InstanceCommit, Store } from "../../src/ports/store.js";

/** A store with some calls replaced. */
export function changed(store: Store, calls: Partial<Store>): Store {
  const same: { [name: string]: unknown } = {};
  for (const name of STORE_CALLS) same[name] = (store[name] as (...given: unknown[]) => unknown).bind(store);
  return { ...(same as unknown as Store), ...calls };
}

const STORE_CALLS = [
  "open",
  "close",
  "acquireLease",
  "commit",
  "saveDefinition",
  "loadDefinition",
  "listDefinitions",
  "listNewestVersions",
  "listVersions",
  "loadInstances",
  "listInstances",
  "loadAnswers",
  "findAnswers",
  "loadHistory",
  "loadAudit",
  "loadJournal",
  "journalHead",
  "listIncidents",
  "listWaiters",
  "dueTimers",
  "nextTimerAt",
  "dueEffects",
  "nextEffectAt",
  "loadEffects",
  "loadOrderedEffects",
  "loadTimers",
  "keepSetting",
  "pruneAnswers",
] as const satisfies readonly (keyof Store)[];

export function mapInstances(
  items: readonly CommitItem[],
  map: (item: InstanceCommit) => InstanceCommit,
): CommitItem[] {
  return items.map((item) => (item.kind === "instance" ? map(item) : item));
}
