/**
 * The transitions of generated charts.
 *
 * 1. Each says when it is taken: a `log` action named after it.
 * 2. An automatic transition counts what its condition bounds, so that it stops by itself. One of a compound or parallel
 *    state mostly `interrupts`.
 * 3. A transition stands in the list of any scope; from a compound state also in that state's own.
 * 4. The history of a parallel state is deep: the shallow one is the engine's own, more than the recommendation's.
 */
import fc from "fast-check";
import type { JsonObject } from "../../src/core/json/json.js";
import { actionsOf, count, type Extra, extra, type Plan, type PlannedState, scopesOf } from "./chart-plan.js";

type EventDraw =
  | { readonly kind: "event"; readonly eventId: string }
  | { readonly kind: "done"; readonly of: number; readonly isOwn: boolean }
  | { readonly kind: "automatic"; readonly waits: boolean };

type GuardDraw = { readonly text: string } | { readonly inState: number; readonly holds: boolean };

export interface TransitionDraw {
  readonly from: number;
  /** Another source of it, and another event. */
  readonly alsoFrom: number | undefined;
  readonly alsoOn: string | undefined;
  readonly to: number;
  readonly reach: "none" | "near" | "any";
  readonly event: EventDraw;
  readonly guard: GuardDraw;
  readonly more: Extra;
  readonly place: "home" | "own" | "elsewhere";
  readonly list: number;
  readonly history: "none" | "shallow" | "deep";
}

const event: fc.Arbitrary<EventDraw> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant("event" as const),
      eventId: fc.constantFrom("e0", "e0", "e0", "e1", "e1", "e2", "e3", "i0", "i1"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("done" as const), of: fc.nat(20), isOwn: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("automatic" as const),
      waits: fc.nat(3).map((drawn) => drawn === 3),
    }),
  },
);

const guard: fc.Arbitrary<GuardDraw> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ text: "true" }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("data.n < 2", "data.n % 2 === 0", "data.m >= 1", "data.m < 3 && data.n > 0")
      .map((text) => ({ text })),
  },
  { weight: 2, arbitrary: fc.record({ inState: fc.nat(20), holds: fc.boolean() }) },
);

function seldom<T>(drawn: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: drawn });
}

export const transitionDraw: fc.Arbitrary<TransitionDraw> = fc.record({
  from: fc.nat(40),
  alsoFrom: seldom(fc.nat(20)),
  alsoOn: seldom(fc.constantFrom("e0", "e1", "i0")),
  to: fc.nat(20),
  reach: fc.constantFrom("near", "near", "near", "near", "any", "none"),
  event,
  guard,
  more: extra,
  place: fc.constantFrom("home", "home", "own", "elsewhere"),
  list: fc.nat(20),
  history: fc.constantFrom("none", "none", "none", "shallow", "deep"),
});

export function addTransition(plan: Plan, transitionId: string, draw: TransitionDraw): void {
  const source = at(sources(plan), draw.from);
  const target = draw.reach === "none" ? undefined : at(targets(plan, source, draw), draw.to);
  const eventId = eventOf(plan, source, draw);
  const isComposite = source.inner.length > 0;
  const asked = guardOf(plan, draw.guard);
  const history = target === undefined ? undefined : historyOf(source, target, draw);
  const waits = draw.event.kind === "automatic" && draw.event.waits;
  const transition = {
    transitionId,
    fromStateId: fromOf(plan, source, draw),
    ...(target === undefined ? {} : { toStateId: target.stateId }),
    ...(eventId === undefined ? {} : { event: triggers([eventId, draw.alsoOn]) }),
    condition: eventId === undefined ? bounded(asked) : asked,
    ...(eventId === undefined && isComposite && !waits ? { interrupts: true } : {}),
    ...(history === undefined ? {} : { history }),
    actions: [
      ...(eventId === undefined ? [count(`${transitionId}-bound`, bound(asked))] : []),
      ...actionsOf(transitionId, draw.more),
    ],
  } as JsonObject;
  listFor(plan, source, draw).push(transition);
}

function at(states: readonly PlannedState[], drawn: number): PlannedState {
  const state = states[drawn % states.length];
  if (state === undefined) throw new Error("There is nothing to choose from.");
  return state;
}

/** Inner states twice: what leaves the outer ones soon leaves everything. */
function sources(plan: Plan): readonly PlannedState[] {
  const open = plan.states.filter((state) => state.type !== "final");
  return [...open, ...open.filter((state) => state.scope !== plan.root)];
}

/** Two sources only where nothing depends on which of them it is. */
function fromOf(plan: Plan, source: PlannedState, draw: TransitionDraw): string | string[] {
  const { alsoFrom, event: drawn, history, place } = draw;
  const isPlain = drawn.kind !== "automatic" && history === "none" && place !== "own";
  if (alsoFrom === undefined || !isPlain) return source.stateId;
  // A plain one: what stands inside of a source is another matter.
  const other = at(
    sources(plan).filter((state) => state.inner.length === 0),
    alsoFrom,
  );
  return [...new Set([source.stateId, other.stateId])];
}

function triggers(eventIds: readonly (string | undefined)[]): JsonObject[] {
  const named = eventIds.filter((eventId) => eventId !== undefined);
  return [...new Set(named)].map((eventId) => ({ eventId, trigger: "manual" }));
}

/** Near is the same scope, and what is inside the source. */
function targets(plan: Plan, source: PlannedState, { reach }: TransitionDraw): readonly PlannedState[] {
  if (reach === "any") return plan.states;
  const beside = source.scope.states.filter((state) => state.stateId !== "end");
  return [...beside, ...source.inner.flatMap((scope) => scope.states)];
}

/** Undefined is automatic. */
function eventOf(plan: Plan, source: PlannedState, { event: drawn }: TransitionDraw): string | undefined {
  if (drawn.kind === "automatic") return undefined;
  if (drawn.kind === "event") return drawn.eventId;
  const composites = plan.states.filter((state) => state.inner.length > 0);
  if (composites.length === 0) return "e0";
  const done = drawn.isOwn && source.inner.length > 0 ? source : at(composites, drawn.of);
  return `done.state.${done.stateId}`;
}

function guardOf(plan: Plan, drawn: GuardDraw): string {
  if ("text" in drawn) return drawn.text;
  return `${drawn.holds ? "" : "!"}inState('${at(plan.states, drawn.inState).stateId}')`;
}

/** Which counter an automatic transition raises. */
function bound(asked: string): "n" | "m" {
  return asked.includes("inState") ? "m" : "n";
}

function bounded(asked: string): string {
  const limit = bound(asked) === "m" ? "data.m < 6" : "data.n < 4";
  return asked === "true" ? limit : `${asked} && ${limit}`;
}

/** The list that the transition stands in. */
function listFor(plan: Plan, source: PlannedState, { place, list }: TransitionDraw): JsonObject[] {
  const [own] = source.inner;
  if (place === "own" && own !== undefined && source.type === "compound") return own.transitions;
  const elsewhere = scopesOf(plan).filter(({ owner }) => owner !== source || source.type !== "compound");
  return ((place === "elsewhere" && elsewhere[list % elsewhere.length]) || source.scope).transitions;
}

function historyOf(
  source: PlannedState,
  target: PlannedState,
  { history, place }: TransitionDraw,
): "shallow" | "deep" | undefined {
  if (history === "none") return undefined;
  if (target.inner.length > 0) {
    if (source === target && place === "own") return undefined;
    return target.type === "parallel" ? "deep" : history;
  }
  return target.scope.owner === undefined ? undefined : history;
}
