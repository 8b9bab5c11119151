/**
 * Which state can follow which. A state inside a compound state can be left by the transitions of what holds it, and a
 * compound state leads to where it begins.
 */
import type { DefinitionSurvey } from "../../survey/survey.js";

export interface StateGraph {
  /** The states that can come after any of the given ones, these included. */
  readonly reachableFrom: (stateIds: ReadonlySet<string>) => ReadonlySet<string>;
  /** The states after which any of the given ones can come, these included. */
  readonly leadingTo: (stateIds: ReadonlySet<string>) => ReadonlySet<string>;
  /** A shortest way, both ends included; only the end where there is none. */
  readonly path: (fromIds: readonly string[], toId: string) => readonly string[];
}

const graphs = new WeakMap<DefinitionSurvey, StateGraph>();

/** The graph of a survey; made once. */
export function stateGraph(survey: DefinitionSurvey): StateGraph {
  const known = graphs.get(survey);
  if (known !== undefined) return known;
  const graph = buildGraph(survey);
  graphs.set(survey, graph);
  return graph;
}

type Edges = Map<string, string[]>;

function buildGraph(survey: DefinitionSurvey): StateGraph {
  const after: Edges = new Map();
  const before: Edges = new Map();
  const connect = (from: string, to: string) => {
    append(after, from, to);
    append(before, to, from);
  };
  for (const { transition, sourceIds } of survey.transitions) {
    const { toStateId } = transition;
    if (toStateId === undefined) continue;
    for (const sourceId of sourceIds) connect(sourceId, toStateId);
  }
  for (const { parent, states, initial } of survey.scopes) {
    if (parent === undefined) continue;
    for (const { state } of states) {
      const isBegin = initial === undefined ? state.baseStateType === "initial" : state.stateId === initial;
      if (isBegin || state.triggeredBy !== undefined) connect(parent.state.stateId, state.stateId);
      connect(state.stateId, parent.state.stateId);
    }
  }
  return {
    reachableFrom: (stateIds) => spread(after, stateIds),
    leadingTo: (stateIds) => spread(before, stateIds),
    path: (fromIds, toId) => shortestPath(after, fromIds, toId),
  };
}

function append(edges: Edges, from: string, to: string): void {
  const list = edges.get(from);
  if (list === undefined) edges.set(from, [to]);
  else list.push(to);
}

function spread(edges: Edges, from: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(from);
  for (const stateId of reached) for (const next of edges.get(stateId) ?? []) reached.add(next);
  return reached;
}

function shortestPath(edges: Edges, fromIds: readonly string[], toId: string): readonly string[] {
  const cameFrom = new Map<string, string | undefined>(fromIds.map((id) => [id, undefined]));
  for (const stateId of cameFrom.keys()) {
    if (stateId === toId) break;
    for (const next of edges.get(stateId) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, stateId);
  }
  const way = [toId];
  for (let at = cameFrom.get(toId); at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}
