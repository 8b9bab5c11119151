/**
 * Mistakes with what instances ask of each other, with several tokens and with keys. They exist in tests alone, as those of
 * `planted-bugs.ts`.
 */
import type { StateModel } from "../../src/core/model/machine.js";
import type { CommitItem, EffectRow } from "../../src/ports/store.js";
import { changed, mapInstances } from "./changed-store.js";
import type { PlantedBug } from "./planted-bug.js";

function dropAdded(items: readonly CommitItem[], isDropped: (row: EffectRow) => boolean): CommitItem[] {
  return mapInstances(items, (item) => ({
    ...item,
    effectsAdded: item.effectsAdded.filter((row) => !isDropped(row)),
  }));
}

const childAgain: PlantedBug = {
  name: "a child has another id each time its start is tried",
  noticedBy: ["children"],
  aboveStore: (store) => {
    let tries = 0;
    return changed(store, {
      loadOrderedEffects: async (query) => {
        const rows = await store.loadOrderedEffects(query);
        tries += 1;
        return rows.map((row) => ({
          ...row,
          text: row.text.replace(/"childId":"([^"]+)"/, `"childId":"$1-${tries}"`),
        }));
      },
    });
  },
};

const endNotTold: PlantedBug = {
  name: "a child that ends does not tell its parent",
  noticedBy: ["children"],
  hiddenFrom: ["waits"],
  beneathStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          dropAdded(items, ({ text }) => text.includes('"kind":"tell-parent"')),
        ),
    }),
};

const cancelForgotten: PlantedBug = {
  name: "a child that nobody waits for any more is not called off",
  noticedBy: ["waits"],
  beneathStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          dropAdded(items, ({ text }) => text.includes('"kind":"cancel-child"')),
        ),
    }),
};

/** The last of an instance's links instead of the first. */
const cancelOvertakes: PlantedBug = {
  name: "what an instance asks of others is done in another order than it was decided",
  noticedBy: ["children"],
  beneathStore: (store, { tables }) =>
    changed(store, {
      dueEffects: async (lease, query) => {
        const rows = await store.dueEffects(lease, query);
        if (query.purpose !== "link") return rows;
        return rows.map((row) => {
          const all = tables.effects.load(row.instanceId).filter(({ purpose }) => purpose === "link");
          return all.at(-1) ?? row;
        });
      },
      loadOrderedEffects: async () => [],
    }),
};

const waitersForgotten: PlantedBug = {
  name: "nobody writes down who waits for a signal",
  noticedBy: ["signals"],
  beneathStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) => ({ ...item, awaits: undefined })),
        ),
    }),
};

const signalWithoutKey: PlantedBug = {
  name: "a broadcast that is repeated has no key in the instances that took it",
  noticedBy: ["signals"],
  aboveStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) =>
            item.answer?.key.startsWith("signal") === true ? { ...item, answer: undefined } : item,
          ),
        ),
    }),
};

const joinsFirst: PlantedBug = {
  name: "a join goes on with the first token that comes",
  noticedBy: ["joins"],
  machine: (machine) => ({
    ...machine,
    states: new Map([...machine.states].map(([stateId, state]) => [stateId, withHastyJoin(state)] as const)),
  }),
};

function withHastyJoin(state: StateModel): StateModel {
  if (state.join === undefined) return state;
  return { ...state, join: { ...state.join, wait: "all", incoming: state.join.incoming.slice(0, 1) } };
}

const delayedStays: PlantedBug = {
  name: "an event that waits for its time is called off, and its timer stays",
  noticedBy: ["waits"],
  beneathStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) =>
            item.audit.type === "timer" ? item : { ...item, timersCleared: [] },
          ),
        ),
    }),
};

const onceOnly: PlantedBug = {
  name: "a timer that repeats is not set again when it fires",
  noticedBy: ["waits"],
  beneathStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) => (item.audit.type === "timer" ? { ...item, timersSet: [] } : item)),
        ),
    }),
};

const conflictIgnored: PlantedBug = {
  name: "a commit that somebody else was faster than counts as made",
  noticedBy: ["acks", "drain"],
  aboveStore: (store) =>
    changed(store, {
      commit: async (lease, items) => {
        const outcomes = await store.commit(lease, items);
        return outcomes.map((one) => (one.outcome === "seq-conflict" ? { outcome: "committed" } : one));
      },
    }),
};

const anyRequest: PlantedBug = {
  name: "a key that was used is answered, whatever is asked under it",
  noticedBy: ["mismatch"],
  ports: (ports) => ({
    ...ports,
    // Requests are canonical objects; nothing else that is hashed begins like one.
    sha256: (text) => ports.sha256(text.startsWith("{") ? "a request" : text),
  }),
};

const messageWithoutKey: PlantedBug = {
  name: "a message that is sent again has no key in the instance that took it",
  noticedBy: ["messages"],
  aboveStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) =>
            item.answer?.key.startsWith("message") === true ? { ...item, answer: undefined } : item,
          ),
        ),
    }),
};

export const PLANTED_CHART_BUGS: readonly PlantedBug[] = [
  childAgain,
  endNotTold,
  cancelForgotten,
  cancelOvertakes,
  waitersForgotten,
  signalWithoutKey,
  messageWithoutKey,
  joinsFirst,
  delayedStays,
  onceOnly,
  conflictIgnored,
  anyRequest,
];
