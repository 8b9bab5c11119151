/**
 * Machines that something from outside starts: the newest version of each whose initial state names a signal or a message
 * in `startOn`. What a version starts on never changes, so it is found out once and kept.
 */
import { StatewrightError } from "../../core/errors.js";
import type { StartTrigger } from "../../core/model/machine.js";
import type { Store } from "../../ports/store.js";
import type { Machines } from "../machines.js";

export interface Starter {
  readonly stateMachineId: string;
  readonly version: number;
  readonly stateId: string;
}

export class Starters {
  readonly #known = new Map<string, readonly StartTrigger[]>();

  constructor(
    private readonly store: Pick<Store, "listNewestVersions">,
    private readonly machines: Machines,
  ) {}

  /** By machine id, then in document order. A machine whose definition cannot be read starts nothing. */
  async on(kind: StartTrigger["kind"], name: string): Promise<readonly Starter[]> {
    const starters: Starter[] = [];
    for (const { stateMachineId, version } of await this.store.listNewestVersions()) {
      for (const trigger of await this.#triggers(stateMachineId, version)) {
        if (trigger.kind !== kind || trigger.name !== name) continue;
        starters.push({ stateMachineId, version, stateId: trigger.stateId });
      }
    }
    return starters;
  }

  async #triggers(stateMachineId: string, version: number): Promise<readonly StartTrigger[]> {
    const known = this.#known.get(`${stateMachineId}@${version}`);
    if (known !== undefined) return known;
    try {
      const { startsOn } = await this.machines.load(stateMachineId, version);
      this.#known.set(`${stateMachineId}@${version}`, startsOn);
      return startsOn;
    } catch (error) {
      if (error instanceof StatewrightError && error.code === "STORE_DAMAGED") return [];
      throw error;
    }
  }
}
