/** States: each with its entry and exit actions, and what is inside it. */
import { ActionList } from "../content/action-list.js";
import { execute } from "../content/execute.js";
import type { Conversion, State } from "../conversion.js";
import { rewriteExpression } from "../expression/rewrite-expression.js";
import type { ChartInitial, ChartState } from "../read/chart.js";
import { declareData } from "./declare-data.js";
import { addDoneData } from "./done-data.js";
import type { Landings } from "./landings.js";
import { regionScope, type Scopes } from "./scopes.js";

export interface StateMapping {
  readonly conversion: Conversion;
  readonly scopes: Scopes;
  readonly landings: Landings;
  readonly idOf: (state: ChartState) => string;
}

type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

/** The state with everything inside. Its transitions, and those inside, must have been mapped before. */
export function mapState(mapping: StateMapping, chartState: ChartState): State {
  const { idOf } = mapping;
  const stateId = idOf(chartState);
  const state: Growing<State> = { stateId, baseStateType: BASE_TYPES[chartState.kind] };
  const entry = entryActions(mapping, chartState);
  const exit = exitActions(mapping, chartState);
  if (entry.length > 0) state.entryActions = entry;
  if (exit.length > 0) state.exitActions = exit;
  if (chartState.kind === "compound") fillCompound(mapping, chartState, state);
  if (chartState.kind === "parallel") state.regions = regionsOf(mapping, chartState);
  return state;
}

const BASE_TYPES = {
  atomic: "intermediate",
  compound: "compound",
  parallel: "parallel",
  final: "final",
} as const;

function entryActions({ conversion, idOf }: StateMapping, state: ChartState): State["entryActions"] & {} {
  const list = new ActionList(conversion, `${idOf(state)}.entry`);
  if (conversion.chart.bindsLate && state.data.length > 0) {
    const property = conversion.properties.unique(`bound_${state.id.replace(/[^\p{ID_Continue}]/gu, "_")}`);
    declareData(list, state.data, [`data.${property} !== true`]);
    list.assign({ [property]: true }, []);
  }
  for (const { children } of state.entry) execute(list, children, []);
  if (state.kind === "final") addDoneData(list, state);
  raiseFaultyConditions(list, state);
  return list.actions;
}

function exitActions({ conversion, idOf }: StateMapping, state: ChartState): State["exitActions"] & {} {
  const list = new ActionList(conversion, `${idOf(state)}.exit`);
  for (const { children } of state.exit) execute(list, children, []);
  return list.actions;
}

/** A condition that fails, on a transition that needs no event: it is looked at as soon as the state is entered. */
function raiseFaultyConditions(list: ActionList, state: ChartState): void {
  for (const { descriptors, condition, place } of state.transitions) {
    if (descriptors.length > 0 || condition === undefined) continue;
    const rewritten = rewriteExpression(condition, list.conversion.names);
    if (rewritten.kind === "certain-error")
      list.fail(place, [], `The condition fails (${rewritten.message})`);
  }
}

function fillCompound(mapping: StateMapping, chartState: ChartState, state: Growing<State>): void {
  const { conversion, scopes } = mapping;
  const { initial, id } = chartState;
  const children = chartState.children.filter((child) => conversion.reached.has(child.id));
  const begin = beginOf(mapping, usedInitial(mapping, initial, children), id, `${state.stateId}.initial`);
  if (begin !== undefined) state.initial = begin;
  state.states = [...children.map((child) => mapState(mapping, child)), ...scopes.statesOf(id)];
  const transitions = scopes.transitionsOf(id);
  if (transitions.length > 0) state.transitions = transitions;
}

/** One that leads to what cannot be entered is never used: the state is entered at other places only. */
function usedInitial(
  { conversion }: StateMapping,
  initial: ChartInitial | undefined,
  children: readonly ChartState[],
): ChartInitial | undefined {
  const { chart, reached } = conversion;
  const isUsed =
    initial?.targets.every((target) => reached.has(target) || chart.historiesById.has(target)) === true;
  const [first] = children;
  if (isUsed || first === undefined) return initial;
  return { targets: [first.id], content: [], place: first.place };
}

/**
 * The id of the state that a scope begins with: the target itself, or a state made for the way there where something is
 * executed on it or a history decides.
 */
function beginOf(
  { conversion, scopes, landings }: StateMapping,
  initial: ChartInitial | undefined,
  scope: string,
  wish: string,
): string | undefined {
  const landing = initial === undefined ? undefined : landings.of(initial.targets, initial.place);
  if (initial === undefined || landing === undefined) return undefined;
  const hasAssigns = Object.keys(landing.assigns).length > 0;
  if (landing.history === undefined && initial.content.length === 0 && !hasAssigns) return landing.toStateId;
  const stateId = conversion.stateIds.unique(wish);
  const list = new ActionList(conversion, stateId);
  execute(list, initial.content, []);
  if (hasAssigns) list.assign(landing.assigns, []);
  const leg = landings.leg(stateId, landing);
  scopes.addState(scope, { stateId, baseStateType: "initial" });
  scopes.addTransition(scope, list.actions.length === 0 ? leg : { ...leg, actions: list.actions });
  return stateId;
}

/** One region for each state inside, which is alone at the top of it. */
function regionsOf(mapping: StateMapping, parallel: ChartState): State["regions"] & {} {
  const { conversion, scopes, landings, idOf } = mapping;
  return parallel.children.map((child) => {
    const scope = regionScope(child);
    const begin = landings.finishRegion(child) ?? idOf(child);
    const states = [mapState(mapping, child), ...scopes.statesOf(scope)];
    const transitions = scopes.transitionsOf(scope);
    return {
      regionId: conversion.stateIds.unique(`${idOf(child)}Region`),
      states,
      ...(transitions.length === 0 ? {} : { transitions }),
      initial: begin,
    };
  });
}
