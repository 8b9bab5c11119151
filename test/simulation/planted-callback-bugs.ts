/** Mistakes with callbacks. They exist in tests alone, as those of `planted-bugs.ts`. */
import type { Snapshot } from "../../src/core/model/snapshot.js";
import { changed, mapInstances } from "./changed-store.js";
import type { PlantedBug } from "./planted-bug.js";

const anyTry: PlantedBug = {
  name: "a callback address is good for whatever try the action is at",
  noticedBy: ["callbacks"],
  onBoot: ({ callbacks }, { tables }) => {
    const read = callbacks.read.bind(callbacks);
    callbacks.read = async (token) => {
      const place = await read(token);
      const row = place === undefined ? undefined : tables.instances.load(place.instanceId);
      if (place === undefined || row === undefined) return place;
      const { tokens } = JSON.parse(row.snapshot) as Snapshot;
      return { ...place, tryNumber: tokens[0]?.agenda?.running?.tries ?? place.tryNumber };
    };
  },
};

const answerForgotten: PlantedBug = {
  name: "a callback address that is posted to again is looked at anew",
  noticedBy: ["callbacks"],
  aboveStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) =>
            item.answer?.key.startsWith("callback") === true ? { ...item, answer: undefined } : item,
          ),
        ),
    }),
};

const anySignature: PlantedBug = {
  name: "nobody looks at the signature of a callback address",
  noticedBy: ["callbacks"],
  ports: (ports) => ({
    ...ports,
    signer: {
      ...ports.signer,
      read: (_secret, token) => Buffer.from(token.split(".")[0] ?? "", "base64url").toString("utf8"),
    },
  }),
};

export const PLANTED_CALLBACK_BUGS: readonly PlantedBug[] = [anyTry, answerForgotten, anySignature];
