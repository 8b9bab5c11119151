/** The scopes of the definition that is made, and what stands in each: transitions, and states that no chart had. */
import type { State, Transition } from "../conversion.js";
import { ancestorsOf, type ChartState } from "../read/chart.js";

export const ROOT = "";

/** The scope that a state stands in: the machine, a compound state, or a region of a parallel one. */
export function scopeOf(state: ChartState): string {
  const { parent } = state;
  if (parent === undefined) return ROOT;
  return parent.kind === "parallel" ? regionScope(state) : parent.id;
}

/** The region of a parallel state that holds the given child. */
export function regionScope(child: ChartState): string {
  return `${child.id}/`;
}

/** The scopes around a state, the innermost first. */
export function scopesAround(state: ChartState): string[] {
  return [state, ...ancestorsOf(state)].map(scopeOf);
}

export class Scopes {
  readonly #transitions = new Map<string, Transition[]>();
  readonly #states = new Map<string, State[]>();

  addTransition(scope: string, transition: Transition): void {
    append(this.#transitions, scope, transition);
  }

  addState(scope: string, state: State): void {
    append(this.#states, scope, state);
  }

  transitionsOf(scope: string): Transition[] {
    return this.#transitions.get(scope) ?? [];
  }

  statesOf(scope: string): State[] {
    return this.#states.get(scope) ?? [];
  }
}

function append<T>(lists: Map<string, T[]>, key: string, element: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [element]);
  else list.push(element);
}
