/**
 * An engine on a store, a virtual clock and a scripted channel. `close` checks every instance that the test made: its
 * trail verifies, and replaying it gives the stored snapshot, byte for byte.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { createEngine, type Engine, type EngineOptions } from "../../src/engine.js";
import { seededRandom } from "../../src/platform/seeded-random.js";
import { type VirtualClock, virtualClock } from "../../src/platform/virtual-clock.js";
import type { Store } from "../../src/ports/store.js";
import { memory } from "../../src/stores/memory/memory-store.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { ScriptedChannel } from "./scripted-channel.js";

export const STORE_KINDS = ["memory", "sqlite"] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export interface EngineBench {
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly channel: ScriptedChannel;
  /** Lets everything that is ready happen, without moving time. */
  settle(): Promise<void>;
  /** Checks every instance, then closes. */
  close(): Promise<void>;
}

export async function openBench(
  kind: StoreKind,
  definitions: readonly JsonObject[],
  options: Partial<EngineOptions> = {},
): Promise<EngineBench> {
  const directory = temporaryDirectory();
  const store = options.store ?? openStore(kind, directory);
  const clock = virtualClock(Date.UTC(2026, 0, 1));
  const channel = new ScriptedChannel();
  const random = seededRandom(1);
  const engine = await createEngine({
    clock,
    random,
    ids: random,
    channels: new Map([["webhook", channel]]),
    definitions,
    ...options,
    store,
  });
  return {
    engine,
    store,
    clock,
    channel,
    settle: () => clock.advanceBy(0),
    close: async () => {
      await clock.advanceBy(0);
      await checkInstances(engine);
      await engine.close({ graceMs: 0 });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const directories = new Set<string>();

/** Removed when the process ends, however the test did. */
function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "statewright-"));
  if (directories.size === 0) {
    process.once("exit", () => {
      for (const each of directories) rmSync(each, { recursive: true, force: true });
    });
  }
  directories.add(directory);
  return directory;
}

export function openStore(kind: StoreKind, directory: string): Store {
  return kind === "memory" ? memory() : sqlite(join(directory, "test.db"));
}

export async function checkInstances(engine: Engine): Promise<void> {
  for (const row of await engine.list({ limit: 10_000 })) {
    expect((await engine.verifyAudit(row.instanceId)).faults).toEqual([]);
    expect(await engine.replay(row.instanceId)).toEqual({
      isEqual: true,
      message: "The trail gives the stored snapshot.",
    });
  }
}
