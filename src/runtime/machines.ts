/** Compiled machines by id and version: compiled once, kept, bounded. A published version never changes. */
import { StatewrightError } from "../core/errors.js";
import type { Machine } from "../core/model/machine.js";
import { readDefinitionRow } from "./commit/stored-rows.js";
import type { RuntimePorts } from "./runtime-ports.js";

const MAX_MACHINES = 500;

export class Machines {
  readonly #machines = new Map<string, Machine>();

  constructor(private readonly ports: Pick<RuntimePorts, "store" | "compile">) {}

  /** The given version, or the highest that is published. Throws `DEFINITION_UNKNOWN`. */
  async load(stateMachineId: string, version?: number): Promise<Machine> {
    const found = await this.find(stateMachineId, version);
    if (found !== undefined) return found;
    throw definitionUnknown(stateMachineId, version);
  }

  /** Pointers into data that the definition calls sensitive; none where it is not published. */
  async sensitive(stateMachineId: string, version: number): Promise<readonly string[]> {
    const row = await this.ports.store.loadDefinition(stateMachineId, version);
    const { sensitive } = row === undefined ? {} : readDefinitionRow(row);
    return (sensitive ?? []) as readonly string[];
  }

  /** The same; `undefined` where nothing is published. */
  async find(stateMachineId: string, version?: number): Promise<Machine | undefined> {
    const known = version === undefined ? undefined : this.#machines.get(`${stateMachineId}@${version}`);
    if (known !== undefined) return known;
    const row = await this.ports.store.loadDefinition(stateMachineId, version);
    if (row === undefined) return undefined;
    return this.#keep(row.stateMachineId, row.version, () => this.ports.compile(readDefinitionRow(row)));
  }

  #keep(stateMachineId: string, version: number, compile: () => Machine): Machine {
    const name = `${stateMachineId}@${version}`;
    const machine = this.#machines.get(name) ?? compile();
    if (this.#machines.size >= MAX_MACHINES) {
      const [oldest] = this.#machines.keys();
      if (oldest !== undefined) this.#machines.delete(oldest);
    }
    this.#machines.set(name, machine);
    return machine;
  }
}

export function definitionUnknown(stateMachineId: string, version: number | undefined): StatewrightError {
  const name = version === undefined ? `"${stateMachineId}"` : `"${stateMachineId}" version ${version}`;
  return new StatewrightError("DEFINITION_UNKNOWN", `No state machine ${name} has been published.`, {
    hint: "Publish its definition first, or check the name.",
  });
}
