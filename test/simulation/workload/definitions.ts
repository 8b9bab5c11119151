/**
 * What the simulated instances run on: one definition for each kind of work, none of which comes back to a state, so
 * that the outside can tell whether something was done twice.
 */
import { canonicalJson } from "../../../src/core/json/canonical-json.js";
import type { Json, JsonObject } from "../../../src/core/json/json.js";
import { compileMachine } from "../../../src/core/model/compile-machine.js";
import type { Machine } from "../../../src/core/model/machine.js";
import { sha256 } from "../../../src/platform/sha256.js";
import type { DefinitionRow } from "../../../src/ports/store.js";
import { readDefinitionSource, sharedSchemaCompiler } from "../../../src/validation.js";

const OUTSIDE = "http://outside.example";

function call(actionId: string, settings: JsonObject = {}): JsonObject {
  return {
    actionId,
    trigger: { webhook: { url: `${OUTSIDE}/${actionId}`, payload: { action: actionId } } },
    timeout: "PT5S",
    retryCount: 3,
    retryDelay: "PT10S",
    backoff: { factor: 2, maxDelay: "PT1M", jitter: 0.2 },
    onError: "abort",
    onTimeout: "retry",
    ...settings,
  };
}

function bank(actionId: string, settings: JsonObject): JsonObject {
  const payload = { transferId: "$data.transferId", amount: "$data.amount" };
  return call(actionId, { trigger: { webhook: { url: `${OUTSIDE}/${actionId}`, payload } }, ...settings });
}

function manual(transitionId: string, fromStateId: string, toStateId: string): JsonObject {
  return { transitionId, fromStateId, toStateId, event: [{ eventId: transitionId, trigger: "manual" }] };
}

function automatic(
  transitionId: string,
  fromStateId: string,
  toStateId: string,
  condition?: string,
): JsonObject {
  return { transitionId, fromStateId, toStateId, ...(condition === undefined ? {} : { condition }) };
}

function timed(transitionId: string, fromStateId: string, toStateId: string, after: string): JsonObject {
  return {
    transitionId,
    fromStateId,
    toStateId,
    event: [{ eventId: transitionId, trigger: "time-based", after }],
  };
}

const NOTICES = { webhook: { url: `${OUTSIDE}/notices` } };

/** Two calls in a row, each with tries, a listener for each change and one for an action. */
const linear: JsonObject = {
  stateMachineId: "linear",
  globalCallbackHandler: NOTICES,
  states: [
    { stateId: "begun", baseStateType: "initial", entryActions: [call("greet")] },
    {
      stateId: "working",
      baseStateType: "task",
      entryActions: [call("first"), call("second", { callback: { webhook: { url: `${OUTSIDE}/told` } } })],
    },
    { stateId: "done", baseStateType: "final", entryActions: [call("goodbye", { retryCount: 1 })] },
    { stateId: "failed", baseStateType: "error" },
  ],
  transitions: [manual("go", "begun", "working"), automatic("finish", "working", "done")],
};

/** A decision, an error route, rounds of tries, and a person who may have to look. */
const routes: JsonObject = {
  stateMachineId: "routes",
  states: [
    { stateId: "begun", baseStateType: "initial" },
    {
      stateId: "checking",
      baseStateType: "task",
      entryActions: [call("check", { retryCount: 1, onError: ["retry", "abort"] })],
    },
    { stateId: "sized", baseStateType: "decision" },
    { stateId: "byHand", baseStateType: "userTask" },
    { stateId: "small", baseStateType: "task", entryActions: [call("small", { onError: "notify" })] },
    { stateId: "approved", baseStateType: "final" },
    { stateId: "denied", baseStateType: "final" },
    { stateId: "failed", baseStateType: "error" },
  ],
  transitions: [
    manual("submit", "begun", "checking"),
    automatic("checked", "checking", "sized"),
    { ...manual("error", "checking", "byHand"), transitionId: "checkFailed" },
    automatic("isSmall", "sized", "small", "data.amount < 100"),
    { ...automatic("isLarge", "sized", "byHand"), default: true },
    automatic("smallDone", "small", "approved"),
    manual("approve", "byHand", "approved"),
    manual("deny", "byHand", "denied"),
  ],
};

/** Waits of an hour and of a day, which an answer may end. */
const timers: JsonObject = {
  stateMachineId: "timers",
  states: [
    { stateId: "asked", baseStateType: "initial" },
    { stateId: "reminded", baseStateType: "wait", entryActions: [call("remind", { onError: "log" })] },
    { stateId: "answered", baseStateType: "final" },
    { stateId: "expired", baseStateType: "final", entryActions: [call("expire", { onError: "ignore" })] },
  ],
  transitions: [
    manual("answer", "asked", "answered"),
    timed("hour", "asked", "reminded", "PT1H"),
    { ...manual("answer", "reminded", "answered"), transitionId: "lateAnswer" },
    timed("day", "reminded", "expired", "P1D"),
  ],
};

/** Money is held, confirmed and paid, or given back. */
const transfer: JsonObject = {
  stateMachineId: "transfer",
  globalCallbackHandler: NOTICES,
  states: [
    { stateId: "begun", baseStateType: "initial" },
    { stateId: "reserving", baseStateType: "task", entryActions: [bank("reserve", {})] },
    {
      stateId: "confirming",
      baseStateType: "userTask",
      data: {
        schema: { type: "object", properties: { confirmed: { type: "boolean" } }, required: ["confirmed"] },
      },
    },
    {
      stateId: "paying",
      baseStateType: "task",
      entryActions: [bank("post", { retryCount: 6, onError: "notify" })],
    },
    {
      stateId: "givingBack",
      baseStateType: "task",
      entryActions: [bank("void", { retryCount: 6, onError: "notify" })],
    },
    { stateId: "paid", baseStateType: "final" },
    { stateId: "calledOff", baseStateType: "final" },
  ],
  transitions: [
    manual("order", "begun", "reserving"),
    automatic("reserved", "reserving", "confirming"),
    { ...manual("error", "reserving", "givingBack"), transitionId: "notReserved" },
    automatic("agreed", "confirming", "paying", "data.confirmed === true"),
    automatic("declined", "confirming", "givingBack", "data.confirmed === false"),
    timed("forgotten", "confirming", "givingBack", "PT2H"),
    automatic("posted", "paying", "paid"),
    automatic("voided", "givingBack", "calledOff"),
  ],
};

/** Counts in its data: whatever acts twice shows. */
const counter: JsonObject = {
  stateMachineId: "counter",
  states: [
    { stateId: "counting", baseStateType: "initial" },
    { stateId: "counted", baseStateType: "final" },
  ],
  transitions: [
    {
      transitionId: "count",
      fromStateId: "counting",
      event: [{ eventId: "count", trigger: "manual" }],
      actions: [{ actionId: "add", type: "assign", assign: { n: "${(data.n ?? 0) + 1}" } }],
    },
    manual("end", "counting", "counted"),
  ],
};

export const MACHINE_IDS = ["linear", "routes", "timers", "transfer", "counter"] as const;
export type MachineId = (typeof MACHINE_IDS)[number];

interface Prepared {
  readonly row: DefinitionRow;
  readonly machine: Machine;
}

let prepared: ReadonlyMap<string, Prepared> | undefined;

/** Read and compiled once for all runs: both are pure. */
function prepare(): ReadonlyMap<string, Prepared> {
  prepared ??= new Map(
    [linear, routes, timers, transfer, counter].map((document) => [
      String(document.stateMachineId),
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
