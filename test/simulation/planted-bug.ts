import type { Machine } from "../../src/core/model/machine.js";
import type { Channel } from "../../src/ports/channel.js";
import type { Store } from "../../src/ports/store.js";
import type { RuntimePorts } from "../../src/runtime/runtime-ports.js";
import type { Service } from "../../src/runtime/service.js";
import type { LiveProcess, Simulation } from "./world/simulation.js";

/** A mistake that somebody could make, made on purpose, in tests alone: it wraps a port or adds to a process. */
export interface PlantedBug {
  readonly name: string;
  /** The oracles of which one must notice it first. */
  readonly noticedBy: readonly string[];
  /** Oracles that look away, so that one behind them must notice: each has to stand alone. */
  readonly hiddenFrom?: readonly string[];
  /** Between the faulty store and the tables. */
  readonly beneathStore?: (store: Store, simulation: Simulation) => Store;
  /** Between the engine and the faulty store. */
  readonly aboveStore?: (store: Store, simulation: Simulation, process: LiveProcess) => Store;
  readonly channel?: (channel: Channel) => Channel;
  /** What instances run on, for the engine and for the oracles. */
  readonly machine?: (machine: Machine) => Machine;
  readonly ports?: (ports: RuntimePorts) => RuntimePorts;
  readonly onBoot?: (service: Service, simulation: Simulation, process: LiveProcess) => void;
}
