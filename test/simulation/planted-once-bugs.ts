/** Mistakes with what is sent at most once. They exist in tests alone, as those of `planted-bugs.ts`. */
import type { CommitItem } from "../../src/ports/store.js";
import { changed } from "./changed-store.js";
import type { PlantedBug } from "./planted-bug.js";

function isBegun(item: CommitItem): boolean {
  return item.kind === "delivery" && item.change === "begun";
}

const begunNotWritten: PlantedBug = {
  name: "what is sent at most once is sent before it is written that it begins",
  noticedBy: ["at-most-once"],
  aboveStore: (store) =>
    changed(store, {
      commit: async (lease, items) => {
        const rest = items.filter((item) => !isBegun(item));
        const outcomes = rest.length === 0 ? [] : [...(await store.commit(lease, rest))];
        return items.map((item) =>
          isBegun(item) ? { outcome: "committed" } : (outcomes.shift() ?? { outcome: "fenced" }),
        );
      },
    }),
};

const begunSentAgain: PlantedBug = {
  name: "what is sent at most once and had begun when its process died is sent again",
  noticedBy: ["at-most-once"],
  aboveStore: (store) =>
    changed(store, {
      commit: async (lease, items) =>
        (await store.commit(lease, items)).map((outcome, index) => {
          const item = items[index];
          return item !== undefined && isBegun(item) ? { outcome: "committed" } : outcome;
        }),
      dueEffects: async (lease, query) =>
        (await store.dueEffects(lease, query)).map((row) => ({ ...row, isBegun: false })),
    }),
};

const unknownIsFailed: PlantedBug = {
  name: "what is sent at most once has failed when nobody knows whether it was done",
  noticedBy: ["at-most-once"],
  channel: (channel) => ({
    ...channel,
    send: async (request, signal) => {
      const outcome = await channel.send(request, signal);
      return outcome.outcome === "failed" ? { ...outcome, mayHaveActed: false } : outcome;
    },
  }),
};

export const PLANTED_ONCE_BUGS: readonly PlantedBug[] = [begunNotWritten, begunSentAgain, unknownIsFailed];
