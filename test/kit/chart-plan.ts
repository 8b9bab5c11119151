/** What a generated chart is put together from: its states and scopes as they grow, and the actions that they have. */
import fc from "fast-check";
import type { JsonObject } from "../../src/core/json/json.js";

export interface PlannedState {
  readonly stateId: string;
  readonly type: string;
  readonly json: { [field: string]: unknown };
  readonly scope: PlannedScope;
  /** Its own states, or one for each region. */
  readonly inner: PlannedScope[];
}

export interface PlannedScope {
  readonly owner: PlannedState | undefined;
  /** The state that it begins in, at any depth. */
  begin: string;
  readonly states: PlannedState[];
  readonly transitions: JsonObject[];
}

export interface Plan {
  readonly root: PlannedScope;
  /** In document order. */
  readonly states: PlannedState[];
  readonly transitions: JsonObject[];
  regions: number;
}

export function scopesOf(plan: Plan): readonly PlannedScope[] {
  return [plan.root, ...plan.states.flatMap((state) => state.inner)];
}

/** The scopes that a state is in, innermost first. */
export function scopesAround(state: PlannedState | undefined): readonly PlannedScope[] {
  return state === undefined ? [] : [state.scope, ...scopesAround(state.scope.owner)];
}

export type Extra = "none" | "count-n" | "count-m" | "sometimes" | `raise-${string}`;

const raisedEvents = ["i0", "i1", "e0"];

export const extra: fc.Arbitrary<Extra> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Extra>("none") },
  { weight: 2, arbitrary: fc.constantFrom<Extra>("count-n", "count-m") },
  { weight: 1, arbitrary: fc.constant<Extra>("sometimes") },
  { weight: 2, arbitrary: fc.constantFrom(...raisedEvents.map((event): Extra => `raise-${event}`)) },
);

/** The `log` action that every chart is observed by, and what there is besides. */
export function actionsOf(name: string, more: Extra): JsonObject[] {
  const log = { actionId: name, type: "log" };
  switch (more) {
    case "none":
      return [log];
    case "count-n":
    case "count-m": {
      const counter = more.slice("count-".length);
      return [count(name, counter), log];
    }
    case "sometimes":
      return [log, { actionId: `${name}-odd`, type: "log", condition: "data.n % 2 === 1" }];
    default:
      return [
        { actionId: `${name}-raise`, type: "raise", config: { event: more.slice("raise-".length) } },
        log,
      ];
  }
}

export function count(name: string, counter: string): JsonObject {
  return { actionId: `${name}-${counter}`, type: "assign", assign: { [counter]: `\${data.${counter} + 1}` } };
}
