/** Compiles what a state does beyond its actions: children, what it throws and emits. */
import type { CanonicalState } from "../definition/definition-document.generated.js";
import type { Json, JsonObject } from "../json/json.js";
import { compileProperties, compileTemplateOf, NotCompilableError } from "./compile-text.js";
import type { ChildModel, EachModel, EmissionModel, Thrown } from "./machine.js";

/** How many children of a `forEach` run at once where it does not say. */
const DEFAULT_CONCURRENCY = 10;

export function compileChild(state: CanonicalState): ChildModel | undefined {
  const { forEach } = state;
  const subMachine = forEach?.subMachine ?? state.subMachine;
  if (subMachine === undefined) {
    if (forEach === undefined) return undefined;
    throw new NotCompilableError(`The "forEach" of state "${state.stateId}" has no "subMachine".`);
  }
  return {
    stateMachineId: subMachine.stateMachineId,
    version: subMachine.version,
    input: subMachine.input === undefined ? undefined : compileTemplateOf(subMachine.input as Json),
    output: compileProperties(subMachine.output as JsonObject | undefined),
    each: forEach === undefined ? undefined : compileEach(forEach),
  };
}

function compileEach(forEach: NonNullable<CanonicalState["forEach"]>): EachModel {
  return {
    items: compileTemplateOf(forEach.items),
    as: forEach.as ?? "item",
    concurrency: forEach.concurrency ?? DEFAULT_CONCURRENCY,
    tolerate: forEach.tolerate ?? 0,
  };
}

export function compileThrown({ throws }: CanonicalState): Thrown | undefined {
  if (throws?.error !== undefined) return { kind: "error", code: throws.error };
  return throws?.escalation === undefined ? undefined : { kind: "escalation", code: throws.escalation };
}

export function compileEmission({ emits }: CanonicalState): EmissionModel | undefined {
  const name = emits?.message ?? emits?.signal;
  if (emits === undefined || name === undefined) return undefined;
  return {
    kind: emits.message === undefined ? "signal" : "message",
    name,
    payload: compileTemplateOf((emits.payload ?? {}) as Json),
    to: emits.to === undefined ? undefined : compileTemplateOf(emits.to as Json),
  };
}
