/** The machine around the states: where it begins, what its data begins with, and how it can end. */
import type { CanonicalDefinition } from "../../../core/definition/definition-document.generated.js";
import { ActionList } from "../content/action-list.js";
import { execute } from "../content/execute.js";
import { executeScript } from "../content/script.js";
import type { Conversion, State, Transition } from "../conversion.js";
import { Names, plainId } from "../names.js";
import type { ChartState } from "../read/chart.js";
import { declareData } from "./declare-data.js";
import { Landings } from "./landings.js";
import { mapState, type StateMapping } from "./map-states.js";
import { mapTransitions } from "./map-transitions.js";
import { ROOT, Scopes } from "./scopes.js";

export interface MachineSetting {
  /** The ids of the states here, by those of the chart. */
  readonly idsHere: ReadonlyMap<string, string>;
  /** States at the top from which the machine cannot end. */
  readonly endless: readonly ChartState[];
  readonly stateMachineId: string | undefined;
}

export function mapMachine(conversion: Conversion, setting: MachineSetting): CanonicalDefinition {
  const { chart, reached } = conversion;
  const scopes = new Scopes();
  const idOf = ({ id }: ChartState) => setting.idsHere.get(id) ?? id;
  const mapping: StateMapping = {
    conversion,
    scopes,
    landings: new Landings(conversion, scopes, idOf),
    idOf,
  };
  const eventIdOf = (name: string) => {
    const owner = /^done\.state\.(.*)$/.exec(name)?.[1];
    return owner === undefined ? name : `done.state.${setting.idsHere.get(owner) ?? owner}`;
  };
  for (const state of chart.statesById.values()) {
    if (reached.has(state.id)) mapTransitions({ ...mapping, eventIdOf }, state);
  }
  const start = mapStart(mapping);
  const states = chart.states.filter(({ id }) => reached.has(id)).map((state) => mapState(mapping, state));
  const end = mapEnd(conversion, setting.endless.map(idOf));
  const { name } = chart;
  return {
    stateMachineId: plainId(setting.stateMachineId ?? name ?? "machine"),
    version: 1,
    ...(name === undefined ? {} : { name }),
    // A failure that no transition of the chart takes is told and forgotten, as SCXML forgets it.
    globalErrorHandler: { onError: "log" },
    states: [...start.states, ...states.map(start.begin), ...scopes.statesOf(ROOT), ...end.states],
    transitions: [...start.transitions, ...scopes.transitionsOf(ROOT), ...end.transitions],
  };
}

interface Part {
  readonly states: readonly State[];
  readonly transitions: readonly Transition[];
}

/**
 * Where the machine begins: the chart's own first state, where that is plain and nothing is to be done before it; else
 * a state that sets the data and leads on.
 */
function mapStart({
  conversion,
  landings,
  idOf,
}: StateMapping): Part & { readonly begin: (state: State) => State } {
  const { chart, stateIds } = conversion;
  const { initial } = chart;
  const list = new ActionList(conversion, "start.entry");
  const later = chart.bindsLate ? [] : [...chart.statesById.values()].flatMap(({ data }) => data);
  declareData(list, [...chart.data, ...later], []);
  for (const script of chart.scripts) executeScript(list, script, []);
  const [first] = initial.targets;
  const state = first === undefined ? undefined : chart.statesById.get(first);
  const isPlain = initial.targets.length === 1 && state?.kind === "atomic" && state.parent === undefined;
  if (isPlain && list.actions.length === 0 && initial.content.length === 0) {
    const stateId = idOf(state);
    const begin = (each: State): State =>
      each.stateId === stateId ? { ...each, baseStateType: "initial" } : each;
    return { states: [], transitions: [], begin };
  }
  const stateId = stateIds.unique("start");
  const landing = landings.of(initial.targets, initial.place);
  const way = new ActionList(conversion, stateId);
  execute(way, initial.content, []);
  if (landing !== undefined && Object.keys(landing.assigns).length > 0) way.assign(landing.assigns, []);
  const start: State = { stateId, baseStateType: "initial" };
  const leg = landing === undefined ? [] : [landings.leg(stateId, landing)];
  return {
    states: [list.actions.length === 0 ? start : { ...start, entryActions: list.actions }],
    transitions: leg.map((each) => (way.actions.length === 0 ? each : { ...each, actions: way.actions })),
    begin: (each) => each,
  };
}

/** A definition says how each of its states can come to an end; a chart need not. */
function mapEnd(
  { chart, report, stateIds, transitionIds, alphabet }: Conversion,
  endless: readonly string[],
): Part {
  if (endless.length === 0) return { states: [], transitions: [] };
  const stateId = stateIds.unique("stopped");
  const eventId = new Names(alphabet.names).unique("stop");
  report.add(
    "SCXML_END_ADDED",
    chart.place,
    `From ${endless.map((id) => `"${id}"`).join(", ")} no final state can be reached; the event "${eventId}" was added, which leads to the final state "${stateId}".`,
  );
  const transition: Transition = {
    transitionId: transitionIds.unique(eventId),
    fromStateId: [...endless],
    toStateId: stateId,
    event: [{ eventId, trigger: "manual" }],
  };
  return { states: [{ stateId, baseStateType: "final" }], transitions: [transition] };
}
