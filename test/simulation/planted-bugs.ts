/**
 * Mistakes of engines, each of which the oracles must notice. They exist in tests alone: each wraps a port of the real
 * runtime, which itself stays as it is.
 */
import { StatewrightError } from "../../src/core/errors.js";
import type { TryResult } from "../../src/core/message/command.js";
import type { EffectRow, InstanceCommit } from "../../src/ports/store.js";
import { changed, mapInstances } from "./changed-store.js";
import type { PlantedBug } from "./planted-bug.js";
import { PLANTED_CALLBACK_BUGS } from "./planted-callback-bugs.js";
import { PLANTED_CHART_BUGS } from "./planted-chart-bugs.js";
import { PLANTED_UNDO_BUGS } from "./planted-undo-bugs.js";
import type { Simulation } from "./world/simulation.js";
import { unfencedStore } from "./world/unfenced-store.js";

const answerBeforeCommit: PlantedBug = {
  name: "a commit is answered before it is durable",
  noticedBy: ["acks"],
  aboveStore: (store) =>
    changed(store, {
      commit: async (lease, items) => {
        store.commit(lease, items).catch(() => {});
        return items.map(() => ({ outcome: "committed" }));
      },
    }),
};

const guardWithoutEpoch: PlantedBug = {
  name: "the guard of a commit does not look at the epoch",
  noticedBy: ["fence"],
  beneathStore: (store, { tables }) => unfencedStore(store, tables),
};

/** The commit as it would be if it had been meant for what is there now. */
function rebase({ tables }: Simulation, item: InstanceCommit): InstanceCommit {
  const storedSeq = tables.instances.load(item.instance.instanceId)?.seq ?? 0;
  if (item.expectedSeq === storedSeq) return item;
  const seq = storedSeq + 1;
  return {
    ...item,
    expectedSeq: storedSeq,
    instance: { ...item.instance, seq },
    audit: { ...item.audit, seq },
    effectsAdded: item.effectsAdded.map((row) => ({ ...row, seq })),
    history: [],
    answer: undefined,
  };
}

const guardWithoutSeq: PlantedBug = {
  name: "a commit that comes too late is written over what is there",
  noticedBy: ["chain", "answers"],
  hiddenFrom: ["fence"],
  beneathStore: (store, simulation) => {
    const unfenced = unfencedStore(store, simulation.tables);
    return changed(unfenced, {
      commit: (lease, items) =>
        unfenced.commit(
          lease,
          mapInstances(items, (item) => rebase(simulation, item)),
        ),
    });
  },
};

const keyWithTry: PlantedBug = {
  name: "the key of an effect has the number of its try in it",
  noticedBy: ["effects", "money"],
  hiddenFrom: ["outbox", "result", "notices"],
  channel: (channel) => {
    let tries = 0;
    return {
      ...channel,
      send: (request, signal) => {
        tries += 1;
        const idempotencyKey = `${request.idempotencyKey}#${tries}`;
        return channel.send({ ...request, idempotencyKey }, signal);
      },
    };
  },
};

const blindRetry: PlantedBug = {
  name: "a commit whose outcome is unknown is made again",
  noticedBy: ["chain"],
  aboveStore: (store, simulation) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(lease, items).catch(() =>
          store.commit(
            lease,
            mapInstances(items, (item) => rebase(simulation, item)),
          ),
        ),
    }),
};

const keysForgotten: PlantedBug = {
  name: "the answer to a key is not kept with its commit",
  noticedBy: ["once", "refusals", "answers"],
  beneathStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) => ({ ...item, answer: undefined })),
        ),
    }),
};

const timerLost: PlantedBug = {
  name: "a timer is not written with its commit",
  noticedBy: ["waits"],
  beneathStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) => ({ ...item, timersSet: [] })),
        ),
    }),
};

const timerEarly: PlantedBug = {
  name: "a timer fires as soon as it is due within a minute",
  noticedBy: ["timer"],
  aboveStore: (store) =>
    changed(store, {
      dueTimers: (lease, query) =>
        store.dueTimers(lease, { ...query, dueBeforeMs: query.dueBeforeMs + 60_000 }),
    }),
};

const claimAndForget: PlantedBug = {
  name: "an effect leaves the outbox when it is claimed, not when its result is committed",
  noticedBy: ["waits", "drain"],
  hiddenFrom: ["notices"],
  beneathStore: (store, { tables }) =>
    changed(store, {
      dueEffects: async (lease, query) => {
        const rows = await store.dueEffects(lease, query);
        for (const row of rows) tables.effects.end(row);
        return rows;
      },
    }),
};

const resultBeforeEnd: PlantedBug = {
  name: "an effect stays in the outbox when its result is committed",
  noticedBy: ["waits"],
  beneathStore: (store) =>
    changed(store, {
      commit: (lease, items) =>
        store.commit(
          lease,
          mapInstances(items, (item) => ({ ...item, effectsEnded: [] })),
        ),
    }),
};

/** A store that answers, now and then, with the rows of a commit that is still under way. */
const sentBeforeCommit: PlantedBug = {
  name: "effects are sent before their commit",
  noticedBy: ["outbox"],
  hiddenFrom: ["notices"],
  aboveStore: (store) => {
    let underWay: readonly EffectRow[] = [];
    return changed(store, {
      commit: async (lease, items) => {
        underWay = items.flatMap((item) => (item.kind === "instance" ? item.effectsAdded : []));
        try {
          return await store.commit(lease, items);
        } finally {
          underWay = [];
        }
      },
      dueEffects: async (lease, query) => {
        const rows = await store.dueEffects(lease, query);
        const known = new Set(rows.map((row) => row.text));
        return [...rows, ...underWay.filter((row) => row.purpose === query.purpose && !known.has(row.text))];
      },
    });
  },
};

const noOrder: PlantedBug = {
  name: "ordered deliveries do not wait for one another",
  noticedBy: ["notices"],
  beneathStore: (store, { tables }) =>
    changed(store, {
      dueEffects: async (lease, query) => {
        const rows = await store.dueEffects(lease, query);
        if (query.purpose !== "delivery") return rows;
        const all = (await store.listInstances({ limit: 100 })).flatMap((row) =>
          tables.effects.load(row.instanceId),
        );
        return all.filter((row) => row.purpose === "delivery" && row.dueAtMs <= query.dueBeforeMs);
      },
    }),
};

/** What is committed is read, and the result is given to whatever the instance waits for now. */
const resultByName: PlantedBug = {
  name: "a result is applied to whatever try the instance waits for now",
  noticedBy: ["result"],
  onBoot: (service, { tables }, process) => {
    service.watch(({ snapshot, command }) => {
      if (!process.isAlive || command.type !== "actionResult") return;
      const awaited = snapshot.tokens[0]?.agenda?.running?.effect;
      if (awaited === undefined || tables.effects.load(snapshot.instanceId).length === 0) return;
      const result: TryResult = command.result;
      service
        .submit({ instanceId: snapshot.instanceId, command: { ...command, effect: awaited, result } })
        .catch(() => {});
    });
  },
};

const tornCommit: PlantedBug = {
  name: "a commit is two transactions: the snapshot, then the rest",
  noticedBy: ["seq"],
  beneathStore: (store, simulation) =>
    changed(store, {
      commit: (lease, items) => {
        const [torn] = items;
        if (torn?.kind !== "instance" || !simulation.faults.chance(0.02)) return store.commit(lease, items);
        const instances = simulation.memoryTables?.instances;
        const storedSeq = instances?.load(torn.instance.instanceId)?.seq ?? 0;
        if (storedSeq === torn.expectedSeq) instances?.save(torn.instance);
        return Promise.reject(new StatewrightError("STORE_UNAVAILABLE", "Between the two transactions."));
      },
    }),
};

const boldRead: PlantedBug = {
  name: "a read that failed counts as nothing found",
  noticedBy: ["drain"],
  aboveStore: (store) =>
    changed(store, {
      nextTimerAt: (lease) => store.nextTimerAt(lease).catch(() => undefined),
      dueTimers: (lease, query) => store.dueTimers(lease, query).catch(() => []),
      dueEffects: (lease, query) => store.dueEffects(lease, query).catch(() => []),
      nextEffectAt: (lease, query) => store.nextEffectAt(lease, query).catch(() => undefined),
    }),
};

export const PLANTED_BUGS: readonly PlantedBug[] = [
  answerBeforeCommit,
  guardWithoutEpoch,
  guardWithoutSeq,
  keyWithTry,
  blindRetry,
  keysForgotten,
  timerLost,
  timerEarly,
  claimAndForget,
  resultBeforeEnd,
  sentBeforeCommit,
  noOrder,
  resultByName,
  tornCommit,
  boldRead,
  ...PLANTED_CHART_BUGS,
  ...PLANTED_CALLBACK_BUGS,
  ...PLANTED_UNDO_BUGS,
];
