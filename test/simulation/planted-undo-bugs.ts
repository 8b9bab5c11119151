/** Mistakes with rollbacks. They exist in tests alone, as those of `planted-bugs.ts`. */
import type { ActionModel, Machine } from "../../src/core/model/machine.js";
import { changed, mapInstances } from "./changed-store.js";
import type { PlantedBug } from "./planted-bug.js";

/** The machine of legs, with what undoes each action replaced. */
function legsWith(
  compensationOf: (action: ActionModel, machine: Machine) => ActionModel | undefined,
): (machine: Machine) => Machine {
  return (machine) => {
    if (machine.stateMachineId !== "leg") return machine;
    const actions = [...machine.actionsById].map(
      ([actionId, action]) => [actionId, { ...action, compensate: compensationOf(action, machine) }] as const,
    );
    return { ...machine, actionsById: new Map(actions) };
  };
}

const forwardOrder: PlantedBug = {
  name: "what a child did is undone in the order in which it was done",
  noticedBy: ["undo"],
  machine: legsWith(({ actionId, compensate }, { actionsById }) => {
    // Each of the two is undone when it is the other one's turn.
    const other = { take: "ride", ride: "take" }[actionId];
    return (other === undefined ? undefined : actionsById.get(other)?.compensate) ?? compensate;
  }),
};

const compensationSkipped: PlantedBug = {
  name: "one of the compensations of a child is left out",
  noticedBy: ["undo"],
  machine: legsWith(({ actionId, compensate }) => (actionId === "take" ? undefined : compensate)),
};

const askedTwice: PlantedBug = {
  name: "a child that is asked again to undo what it did does not know the key",
  noticedBy: ["undo"],
  aboveStore: (store) => {
    const looks = new Map<string, number>();
    return changed(store, {
      dueEffects: async (lease, query) => {
        const rows = await store.dueEffects(lease, query);
        return rows.map((row) => {
          if (!row.text.includes('"kind":"compensate-child"')) return row;
          const look = looks.get(row.text) ?? 0;
          looks.set(row.text, look + 1);
          if (look === 0) return row;
          return { ...row, text: row.text.replace(/"key":"([^"]+)"/, `"key":"$1-${look}"`) };
        });
      },
    });
  },
};

const answerLost: PlantedBug = {
  name: "a child that has undone what it did does not tell its parent",
  noticedBy: ["drain"],
  hiddenFrom: ["waits"],
  beneathStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) => ({
            ...item,
            effectsAdded: item.effectsAdded.filter(({ text }) => !text.includes('"kind":"tell-compensated"')),
          })),
        ),
    }),
};

export const PLANTED_UNDO_BUGS: readonly PlantedBug[] = [
  forwardOrder,
  compensationSkipped,
  askedTwice,
  answerLost,
];
