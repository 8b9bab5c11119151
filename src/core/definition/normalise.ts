/**
 * Turns a definition of either form into the canonical form.
 *
 * 1. It is total on documents of valid shape, and `normalise` of what it gives is the same again.
 * 2. Nothing is lost: what both forms can say is said in the canonical form, everything else is carried as it is.
 * 3. Every place of the result leads back to the author's place (`origins`).
 */
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import { appendPointer } from "../json/pointer.js";
import type {
  CanonicalDefinition,
  CanonicalRegion,
  CanonicalState,
  CanonicalTransition,
  EventTrigger,
} from "./definition-document.generated.js";
import { eventIdFromTransition, takeUnique, transitionIdFromEnds } from "./forms/derive-ids.js";
import { type Draft, draftArrayTransition, draftShortTransition } from "./forms/normalise-transition.js";
import { noteOrigin, type Origin, PointerMap } from "./forms/pointer-map.js";
import { orderTransitions } from "./forms/transition-order.js";
import { STATE_TYPE_SYNONYMS } from "./schema/word-list.js";

export interface Normalised {
  readonly definition: CanonicalDefinition;
  /** From canonical pointers to those of the author's document. */
  readonly origins: PointerMap;
  /** Final states that only a transition's target names, in a short form without any final state. */
  readonly impliedStateIds: readonly string[];
}

/** Normalises a document that has the shape of the language. With `implyStates: false` no state is implied. */
export function normalise(
  document: JsonObject,
  options: { readonly implyStates?: boolean } = {},
): Normalised {
  return new Normalisation(options.implyStates ?? true).run(document);
}

interface ScopeDraft {
  readonly states: CanonicalState[];
  readonly transitions: CanonicalTransition[];
}

class Normalisation {
  readonly #implyStates: boolean;
  readonly #origins = new PointerMap();
  readonly #originOf = new WeakMap<object, Origin>();
  /** Transitions with what is still to be derived, in the order in which they were met. */
  readonly #drafts = new Map<CanonicalTransition, Draft>();
  readonly #implied: string[] = [];

  constructor(implyStates: boolean) {
    this.#implyStates = implyStates;
  }

  run(document: JsonObject): Normalised {
    const { $schema, id, stateMachineId, version, states, transitions, ...rest } = document;
    const isShort = !Array.isArray(states);
    const scope = this.#scope(states, transitions, "");
    if (isShort && this.#implyStates) this.#addImpliedStates(scope);
    this.#deriveIds();
    const definition = {
      ...($schema === undefined ? {} : { $schema }),
      stateMachineId: stateMachineId ?? id ?? "",
      version: version ?? 1,
      ...rest,
      states: scope.states,
      transitions: this.#order(scope),
    } as CanonicalDefinition;
    if (isShort) this.#origins.note("/stateMachineId", "/id");
    this.#noteScope(definition, "");
    return { definition, origins: this.#origins, impliedStateIds: this.#implied };
  }

  /** Reads the states and transitions of a scope: arrays, or states by id with their transitions in them. */
  #scope(states: Json | undefined, transitions: Json | undefined, pointer: string): ScopeDraft {
    const scope: ScopeDraft = { states: [], transitions: [] };
    if (Array.isArray(states)) {
      for (const [at, state] of states.entries()) {
        if (isJsonObject(state)) scope.states.push(this.#arrayState(state, `${pointer}/states/${at}`));
      }
    } else if (isJsonObject(states)) {
      for (const [stateId, state] of Object.entries(states)) {
        if (isJsonObject(state))
          this.#shortState(state, stateId, appendPointer(pointer, "states", stateId), scope);
      }
    }
    if (Array.isArray(transitions)) {
      for (const [at, transition] of transitions.entries()) {
        if (isJsonObject(transition)) {
          scope.transitions.push(
            this.#transition(draftArrayTransition(transition, `${pointer}/transitions/${at}`)),
          );
        }
      }
    }
    return scope;
  }

  #arrayState(source: JsonObject, pointer: string): CanonicalState {
    const { baseStateType, states, transitions, regions, ...rest } = source;
    return this.#finishState(
      { ...rest, baseStateType: canonicalStateType(baseStateType) },
      states === undefined && transitions === undefined
        ? undefined
        : this.#scope(states ?? [], transitions, pointer),
      regions,
      { pointer },
    );
  }

  /** A state of the short form; the transitions in it go to the scope that it stands in. */
  #shortState(source: JsonObject, stateId: string, pointer: string, scope: ScopeDraft): void {
    const { type, states, transitions, regions, ...rest } = source;
    const hasArraysInside = Array.isArray(states);
    const inner =
      states === undefined
        ? undefined
        : this.#scope(states, hasArraysInside ? transitions : undefined, pointer);
    scope.states.push(
      this.#finishState({ stateId, baseStateType: canonicalStateType(type), ...rest }, inner, regions, {
        pointer,
        properties: { baseStateType: `${pointer}/type`, stateId: pointer },
      }),
    );
    if (hasArraysInside || !Array.isArray(transitions)) return;
    for (const [at, transition] of transitions.entries()) {
      if (!isJsonObject(transition)) continue;
      scope.transitions.push(
        this.#transition(draftShortTransition(transition, stateId, `${pointer}/transitions/${at}`)),
      );
    }
  }

  #finishState(
    plain: { [key: string]: Json },
    inner: ScopeDraft | undefined,
    regions: Json | undefined,
    origin: Origin,
  ): CanonicalState {
    const state = plain as { [key: string]: unknown };
    if (inner !== undefined) {
      state.states = inner.states;
      state.transitions = this.#order(inner);
    }
    if (Array.isArray(regions)) {
      state.regions = regions.map((region: Json, at) =>
        this.#region(region, `${origin.pointer}/regions/${at}`),
      );
    }
    this.#originOf.set(state, origin);
    return state as unknown as CanonicalState;
  }

  #region(source: Json, pointer: string): CanonicalRegion {
    const { states, transitions, ...rest } = isJsonObject(source) ? source : {};
    const scope = this.#scope(states, transitions, pointer);
    const region = {
      ...rest,
      states: scope.states,
      transitions: this.#order(scope),
    } as unknown as CanonicalRegion;
    this.#originOf.set(region, { pointer });
    return region;
  }

  #transition(draft: Draft): CanonicalTransition {
    const transition = draft.value as unknown as CanonicalTransition;
    this.#originOf.set(transition, draft.origin);
    this.#drafts.set(transition, draft);
    return transition;
  }

  #order(scope: ScopeDraft): CanonicalTransition[] {
    return orderTransitions(scope);
  }

  #addImpliedStates(scope: ScopeDraft): void {
    const types = new Set(scope.states.map((state) => state.baseStateType));
    if (types.has("final") || types.has("error")) return;
    const known = new Set(allStateIds(scope.states));
    for (const transition of this.#drafts.keys()) {
      const { toStateId } = transition;
      if (toStateId === undefined || known.has(toStateId)) continue;
      known.add(toStateId);
      this.#implied.push(toStateId);
      const state: CanonicalState = { stateId: toStateId, baseStateType: "final" };
      const origin = this.#originOf.get(transition);
      const pointer = origin?.properties?.toStateId ?? `${origin?.pointer ?? ""}/toStateId`;
      this.#originOf.set(state, { pointer, properties: { stateId: pointer, baseStateType: pointer } });
      scope.states.push(state);
    }
  }

  #deriveIds(): void {
    const taken = new Set<string>();
    for (const transition of this.#drafts.keys()) {
      if (transition.transitionId !== undefined) taken.add(transition.transitionId);
    }
    for (const [transition, draft] of this.#drafts) {
      transition.transitionId ??= takeUnique(transitionIdFromEnds(transition), taken);
      if (draft.triggers.length > 0) {
        const ids = new Set<string>();
        transition.event = draft.triggers.map((trigger) =>
          this.#trigger(trigger.value, trigger.origin, transition.transitionId, ids),
        );
      }
    }
  }

  #trigger(
    value: { [key: string]: Json },
    origin: Origin,
    transitionId: string,
    ids: Set<string>,
  ): EventTrigger {
    const { eventId, ...rest } = value;
    const derived = () => takeUnique(eventIdFromTransition(transitionId, String(rest.trigger)), ids);
    const trigger = { eventId: eventId ?? derived(), ...rest } as unknown as EventTrigger;
    this.#originOf.set(trigger, origin);
    return trigger;
  }

  #noteScope(
    scope: { states: CanonicalState[]; transitions?: CanonicalTransition[] },
    pointer: string,
  ): void {
    for (const [at, state] of scope.states.entries()) {
      const statePointer = `${pointer}/states/${at}`;
      this.#note(state, statePointer);
      if (state.states !== undefined) {
        this.#noteScope({ states: state.states, transitions: state.transitions ?? [] }, statePointer);
      }
      for (const [regionAt, region] of (state.regions ?? []).entries()) {
        this.#note(region, `${statePointer}/regions/${regionAt}`);
        this.#noteScope(region, `${statePointer}/regions/${regionAt}`);
      }
    }
    for (const [at, transition] of (scope.transitions ?? []).entries()) {
      const transitionPointer = `${pointer}/transitions/${at}`;
      this.#note(transition, transitionPointer);
      for (const [eventAt, trigger] of (transition.event ?? []).entries()) {
        this.#note(trigger, `${transitionPointer}/event/${eventAt}`);
      }
    }
  }

  #note(thing: object, pointer: string): void {
    const origin = this.#originOf.get(thing);
    if (origin !== undefined) noteOrigin(this.#origins, pointer, origin);
  }
}

/** The ids of all states, inner ones included, in document order. */
function allStateIds(states: readonly CanonicalState[]): string[] {
  return states.flatMap((state) => [
    state.stateId,
    ...allStateIds(state.states ?? []),
    ...(state.regions ?? []).flatMap((region) => allStateIds(region.states)),
  ]);
}

function canonicalStateType(word: Json | undefined): Json {
  if (typeof word !== "string") return "intermediate";
  return Object.hasOwn(STATE_TYPE_SYNONYMS, word) ? (STATE_TYPE_SYNONYMS[word] ?? word) : word;
}
