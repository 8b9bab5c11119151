/**
 * Statecharts at random, as canonical definitions that are accepted.
 *
 * 1. Ids follow document order (`s0`, `s1`, …; regions `r0`, …). `s0` begins and goes on at once, `end` ends the instance.
 * 2. Every state says when it is entered (`in-s1`) and left (`out-s1`). Some count besides, and some raise an event.
 * 3. What no drawn transition leads to gets one of its own, on `to-<state>`; every state of the machine ends on `finish`.
 */
import fc from "fast-check";
import type { JsonObject } from "../../src/core/json/json.js";
import {
  actionsOf,
  type Extra,
  extra,
  type Plan,
  type PlannedScope,
  type PlannedState,
  scopesAround,
  scopesOf,
} from "./chart-plan.js";
import { addTransition, type TransitionDraw, transitionDraw } from "./generated-transitions.js";

interface ScopeShape {
  readonly states: readonly Shape[];
  /** Which of them it begins in; at which depth. */
  readonly begin: number;
  readonly isDeep: boolean;
}

interface Shape {
  readonly type: string;
  readonly scopes: readonly ScopeShape[];
  readonly entry: Extra;
  readonly exit: Extra;
}

const leafType = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("task", "wait", "userTask", "intermediate") },
  { weight: 1, arbitrary: fc.constant("final") },
);

function shape(depth: number): fc.Arbitrary<Shape> {
  const leaf = fc.record({ type: leafType, scopes: fc.constant([]), entry: extra, exit: extra });
  if (depth === 0) return leaf;
  return fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 2, arbitrary: composite(depth) });
}

function composite(depth: number): fc.Arbitrary<Shape> {
  const compound = fc.record({
    type: fc.constant("compound"),
    scopes: fc.tuple(scopeShape(depth - 1, 3)),
    entry: extra,
    exit: extra,
  });
  const parallel = fc.record({
    type: fc.constant("parallel"),
    scopes: fc.array(scopeShape(depth - 1, 2), { minLength: 2, maxLength: 3 }),
    entry: extra,
    exit: extra,
  });
  return fc.oneof({ weight: 2, arbitrary: compound }, { weight: 3, arbitrary: parallel });
}

function scopeShape(depth: number, most: number): fc.Arbitrary<ScopeShape> {
  return fc.record({
    states: fc.array(shape(depth), { minLength: 1, maxLength: most }),
    begin: fc.nat(2),
    isDeep: fc.boolean(),
  });
}

const size = (shapes: readonly Shape[]): number =>
  shapes.reduce((sum, { scopes }) => sum + 1 + scopes.reduce((all, { states }) => all + size(states), 0), 0);

const MOST_STATES = 14;

/** What the machine's scope holds between `s0` and `end`: something with states inside first. */
const shapes = fc
  .tuple(
    composite(3).filter((first) => size([first]) <= MOST_STATES - 2),
    fc.array(shape(2), { maxLength: 2 }),
  )
  .map(([first, rest]) =>
    [first, ...rest].filter((_, at) => at === 0 || size([first, ...rest.slice(0, at)]) <= MOST_STATES - 2),
  );

export const generatedChart: fc.Arbitrary<JsonObject> = fc
  .record({
    shapes,
    transitions: fc.array(transitionDraw, { minLength: 3, maxLength: 18 }),
    goesAtOnce: fc.nat(4).map((drawn) => drawn < 4),
    spare: fc.nat(50),
  })
  .map((drawn) => assemble(drawn.shapes, drawn.transitions, drawn.goesAtOnce, drawn.spare));

function assemble(
  drawn: readonly Shape[],
  draws: readonly TransitionDraw[],
  goesAtOnce: boolean,
  spare: number,
): JsonObject {
  const root: PlannedScope = { owner: undefined, begin: "s0", states: [], transitions: [] };
  const plan: Plan = { root, states: [], transitions: root.transitions, regions: 0 };
  const leaf = (type: string): Shape => ({ type, scopes: [], entry: "none", exit: "none" });
  const begin = addState(plan, root, leaf("initial"));
  for (const one of drawn) addState(plan, root, one);
  addState(plan, root, leaf("final"), "end");
  for (const [at, draw] of draws.entries()) addTransition(plan, `t${at}`, draw);
  root.transitions.push({
    transitionId: "begin",
    fromStateId: begin.stateId,
    toStateId: (root.states[1] ?? begin).stateId,
    ...(goesAtOnce ? { condition: "data.n < 9" } : { event: [{ eventId: "e0", trigger: "manual" }] }),
    actions: actionsOf("begin", "none"),
  });
  for (const state of root.states.filter(({ type }) => type !== "final")) {
    root.transitions.push({
      transitionId: `finish-${state.stateId}`,
      fromStateId: state.stateId,
      toStateId: "end",
      event: [{ eventId: "finish", trigger: "manual" }],
    });
  }
  addWays(plan, spare);
  return {
    stateMachineId: "chart",
    version: 1,
    states: root.states.map(({ json }) => json),
    transitions: root.transitions,
  } as JsonObject;
}

function addState(plan: Plan, scope: PlannedScope, drawn: Shape, name?: string): PlannedState {
  const stateId = name ?? `s${plan.states.length}`;
  const json: PlannedState["json"] = {
    stateId,
    baseStateType: drawn.type,
    entryActions: actionsOf(`in-${stateId}`, drawn.entry),
    exitActions: actionsOf(`out-${stateId}`, drawn.exit),
  };
  const state: PlannedState = { stateId, type: drawn.type, json, scope, inner: [] };
  plan.states.push(state);
  scope.states.push(state);
  const regions: JsonObject[] = [];
  for (const inside of drawn.scopes) {
    const isRegion = drawn.type === "parallel";
    const inner: PlannedScope = { owner: state, begin: "", states: [], transitions: [] };
    state.inner.push(inner);
    const regionId = `r${plan.regions}`;
    if (isRegion) plan.regions += 1;
    for (const one of inside.states) addState(plan, inner, one);
    inner.begin = beginOf(inner, inside);
    const fields = {
      initial: inner.begin,
      states: inner.states.map((one) => one.json),
      transitions: inner.transitions,
    } as unknown as JsonObject;
    if (isRegion) regions.push({ regionId, ...fields });
    else Object.assign(json, fields);
  }
  if (regions.length > 0) json.regions = regions;
  return state;
}

/** A scope begins in one of its states, or in one that is further in. */
function beginOf(scope: PlannedScope, { begin, isDeep }: ScopeShape): string {
  const state = scope.states[begin % scope.states.length];
  const within = state?.inner[begin % (state.inner.length || 1)]?.states;
  return (isDeep ? within?.at(-1) : undefined)?.stateId ?? state?.stateId ?? "";
}

/** A way to each state that the rule of reachability would miss one to. */
function addWays(plan: Plan, spare: number): void {
  for (const { stateId } of plan.states) {
    const reached = reachedStates(plan);
    if (reached.has(stateId)) continue;
    const sources = plan.states.filter((state) => reached.has(state.stateId) && state.type !== "final");
    plan.transitions.push({
      transitionId: `to-${stateId}`,
      fromStateId: sources[spare % sources.length]?.stateId ?? "s0",
      toStateId: stateId,
      event: [{ eventId: `to-${stateId}`, trigger: "manual" }],
      actions: actionsOf(`to-${stateId}`, "none"),
    });
  }
}

/**
 * The states that some way leads to. What waits for a state to be done is not counted, because not every state can be.
 */
function reachedStates(plan: Plan): ReadonlySet<string> {
  const reached = new Set<string>();
  const named = new Map(plan.states.map((state) => [state.stateId, state]));
  const enter = (stateId: string, fromId: string) => {
    const state = named.get(stateId);
    const active = scopesAround(named.get(fromId));
    for (const id of state === undefined ? [] : enteredWith(plan, state, active)) reached.add(id);
  };
  enter("s0", "s0");
  const transitions = scopesOf(plan)
    .flatMap((scope) => scope.transitions)
    .filter((each) => !waitsForDone(each));
  for (const stateId of reached) {
    for (const { fromStateId, toStateId } of transitions)
      if ([fromStateId].flat().includes(stateId) && typeof toStateId === "string") enter(toStateId, stateId);
  }
  return reached;

  function waitsForDone({ fromStateId, event, interrupts }: JsonObject): boolean {
    const isComposite = (named.get(String(fromStateId))?.inner.length ?? 0) > 0;
    return event === undefined ? isComposite && interrupts !== true : JSON.stringify(event).includes("done.");
  }
}

/**
 * The state, where it begins, what is around it up to what is active already, and where the other regions there begin.
 * Of a beginning further in only that itself is counted.
 */
function enteredWith(plan: Plan, target: PlannedState, active: readonly PlannedScope[]): string[] {
  const begins = (state: PlannedState): string[] =>
    state.inner.flatMap((scope) => {
      const begin = plan.states.find(({ stateId }) => stateId === scope.begin);
      return begin === undefined ? [] : [begin.stateId, ...begins(begin)];
    });
  const entered = [target.stateId, ...begins(target)];
  for (const scope of scopesAround(target)) {
    const { owner } = scope;
    if (owner === undefined || active.includes(scope)) break;
    const others = begins({ ...owner, inner: owner.inner.filter((other) => other !== scope) });
    entered.push(owner.stateId, ...others);
  }
  return entered;
}

/** One of the events that are often listened to, or one that this chart listens to. */
export const eventDraw = fc.oneof(fc.constantFrom("e0", "e0", "e1"), fc.nat(30));

export function eventIdOf(chart: JsonObject, drawn: string | number): string {
  if (typeof drawn === "string") return drawn;
  const named = JSON.stringify(chart).matchAll(/"eventId":"([^"]+)"/g);
  const events = [...new Set([...named].map(([, eventId = ""]) => eventId))];
  const outside = events.filter((eventId) => !eventId.startsWith("done."));
  return outside[drawn % outside.length] ?? "e0";
}
