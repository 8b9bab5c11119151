/** What the simulated instances run on: one definition for each kind of work. */
import { canonicalJson } from "../../../src/core/json/canonical-json.js";
import type { Json, JsonObject } from "../../../src/core/json/json.js";
import { compileMachine } from "../../../src/core/model/compile-machine.js";
import type { Machine } from "../../../src/core/model/machine.js";
import { sha256 } from "../../../src/platform/sha256.js";
import type { DefinitionRow } from "../../../src/ports/store.js";
import { readDefinitionSource, sharedSchemaCompiler } from "../../../src/validation.js";
import { CHART_MACHINES } from "./chart-machines.js";
import { FAMILY_MACHINES } from "./family-machines.js";
import { FLAT_MACHINES } from "./flat-machines.js";
import { UNDO_MACHINES } from "./undo-machines.js";

/** What clients start; children and what begins with a signal are started by others. */
export const MACHINE_IDS = [
  "linear",
  "routes",
  "timers",
  "transfer",
  "counter",
  "desk",
  "parcel",
  "listener",
  "porter",
  "ringer",
  "inquiry",
  "courier",
  "shop",
  "batch",
  "approval",
  "tour",
  "voyage",
] as const;
export type MachineId = (typeof MACHINE_IDS)[number];

interface Prepared {
  readonly row: DefinitionRow;
  readonly machine: Machine;
}

let prepared: ReadonlyMap<string, Prepared> | undefined;

/** Read and compiled once for all runs: both are pure. */
function prepare(): ReadonlyMap<string, Prepared> {
  prepared ??= new Map(
    [...FLAT_MACHINES, ...CHART_MACHINES, ...FAMILY_MACHINES, ...UNDO_MACHINES].map((document) => [
      String(document.stateMachineId ?? document.id),
      prepareOne(document),
    ]),
  );
  return prepared;
}

function prepareOne(document: JsonObject): Prepared {
  const { definition, findings } = readDefinitionSource({ document });
  if (definition === undefined)
    throw new Error(`A simulated definition is not valid: ${JSON.stringify(findings)}`);
  const text = canonicalJson(definition as unknown as Json);
  const row: DefinitionRow = {
    stateMachineId: definition.stateMachineId,
    version: definition.version ?? 1,
    hash: sha256(text),
    text,
    publishedAt: "2026-01-01T00:00:00.000Z",
    author: "simulation",
    note: "",
  };
  return { row, machine: compileMachine(definition, sharedSchemaCompiler()) };
}

export function definitionRows(): readonly DefinitionRow[] {
  return [...prepare().values()].map(({ row }) => row);
}

export function machineNamed(stateMachineId: string): Machine {
  const found = prepare().get(stateMachineId);
  if (found === undefined) throw new Error(`No simulated instance runs on "${stateMachineId}".`);
  return found.machine;
}
