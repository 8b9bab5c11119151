/** What the parts of a run see of it: the world without its way of starting processes. */
import type { Machine } from "../../../src/core/model/machine.js";
import type { seededRandom } from "../../../src/platform/seeded-random.js";
import type { Oracles } from "../oracles/oracles.js";
import type { BackedStore, MemoryTables } from "./backing.js";
import type { Draw } from "./draw.js";
import type { FaultMix } from "./fault-mix.js";
import type { Ledger } from "./ledger.js";
import type { Owner, SeededScheduler } from "./seeded-scheduler.js";
import type { Tables } from "./tables.js";
import type { WorkDone } from "./work-done.js";

/** A process as others see it. */
export interface LiveProcess extends Owner {
  readonly isAlive: boolean;
}

export interface Simulation {
  readonly seed: number;
  readonly scheduler: SeededScheduler;
  /** Decides what goes wrong in processes and the store. */
  readonly faults: Draw;
  /** Decides what goes wrong on the way to the outside and to the clients. */
  readonly travel: Draw;
  readonly network: Owner;
  readonly engineRandom: ReturnType<typeof seededRandom>;
  readonly tables: Tables;
  /** Where the store is the memory store. */
  readonly memoryTables: MemoryTables | undefined;
  readonly newStore: () => BackedStore;
  /** What an instance of that name runs on. */
  readonly machineNamed: (stateMachineId: string) => Machine;
  /** What the store cannot do now. */
  readonly storeTrouble: "outage" | "disk full" | undefined;
  readonly ledger: Ledger;
  readonly work: WorkDone;
  readonly oracles: Oracles;
  readonly mix: FaultMix;
  readonly isUnfenced: boolean;
  /** Somebody outside was told where to call back. */
  toldAddress(callbackUrl: string): void;
  kill(process: LiveProcess, why: string): void;
}
