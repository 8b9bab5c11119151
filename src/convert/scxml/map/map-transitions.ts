/**
 * Transitions.
 *
 * 1. The order of a state's transitions, which decides among them, is that of the chart.
 * 2. What a transition leaves is what SCXML's leaves: everything inside the innermost compound state, or the machine, that
 *    holds its source and its targets; of an internal one its source. Where this engine's scopes would leave less (a state
 *    directly inside a parallel one that leads to itself or into itself), the transition goes by way of a decision
 *    further out.
 * 3. A transition without event applies as soon as what is inside its source is settled (`interrupts`).
 */
import { ActionList } from "../content/action-list.js";
import { execute } from "../content/execute.js";
import { type Conversion, rewriteAt, type Transition } from "../conversion.js";
import { conditionText } from "../expression/condition-text.js";
import { rewriteExpression } from "../expression/rewrite-expression.js";
import { constantOf } from "../expression/value-template.js";
import { ancestorsOf, type ChartState, type ChartTransition, isInside } from "../read/chart.js";
import { EXECUTION_ERROR, FAILURE_EVENT, isWildcard, namesMatched } from "./event-descriptors.js";
import type { Landing, Landings } from "./landings.js";
import { ROOT, type Scopes, scopeOf, scopesAround } from "./scopes.js";

export interface TransitionMapping {
  readonly conversion: Conversion;
  readonly scopes: Scopes;
  readonly landings: Landings;
  readonly idOf: (state: ChartState) => string;
  /** The name of an event here: done events carry the ids of states. */
  readonly eventIdOf: (name: string) => string;
}

export function mapTransitions(mapping: TransitionMapping, state: ChartState): void {
  // One list for all of them, because the lists of outer scopes are looked at first.
  const hasInternal = state.transitions.some(staysInSource);
  for (const transition of state.transitions) {
    mapTransition(mapping, transition, hasInternal ? state.id : scopeOf(state));
  }
}

/** Internal by SCXML: from a compound state to states inside it. */
function staysInSource({ source, targets, isInternal }: ChartTransition): boolean {
  return (
    isInternal && source.kind === "compound" && targets.length > 0 && targets.every((id) => holds(source, id))
  );
}

function holds(state: ChartState, id: string): boolean {
  return state.children.some((child) => child.id === id || holds(child, id));
}

function mapTransition(mapping: TransitionMapping, transition: ChartTransition, scope: string): void {
  const { conversion, idOf } = mapping;
  const { source, targets, descriptors, place, content } = transition;
  const trigger = triggerOf(mapping, transition);
  const condition = conditionOf(mapping, transition);
  if (trigger === "never" || condition === undefined) return;
  const landing = targets.length === 0 ? undefined : mapping.landings.of(targets, place);
  if (targets.length > 0 && landing === undefined) return;
  const number = source.transitions.indexOf(transition) + 1;
  const transitionId = conversion.transitionIds.unique(`${idOf(source)}.${number}`);
  const list = new ActionList(conversion, transitionId);
  execute(list, content, []);
  if (landing !== undefined && Object.keys(landing.assigns).length > 0) list.assign(landing.assigns, []);
  const made: { -readonly [Key in keyof Transition]: Transition[Key] } = {
    transitionId,
    fromStateId: idOf(source),
  };
  if (landing !== undefined) Object.assign(made, aim(mapping, transition, landing, scope));
  if (trigger !== undefined) made.event = trigger;
  if (condition !== "true") made.condition = condition;
  if (list.actions.length > 0) made.actions = list.actions;
  if (descriptors.length === 0 && source.kind !== "atomic") made.interrupts = true;
  mapping.scopes.addTransition(scope, made);
}

function triggerOf(mapping: TransitionMapping, transition: ChartTransition): Transition["event"] | "never" {
  const { conversion, eventIdOf } = mapping;
  const { descriptors, place, source } = transition;
  if (descriptors.length === 0) return undefined;
  const names = namesMatched(descriptors, conversion.alphabet).map(eventIdOf);
  if (names.includes(EXECUTION_ERROR) && !names.includes(FAILURE_EVENT)) names.push(FAILURE_EVENT);
  if (names.length === 0) {
    const message = `A transition from "${source.id}" on ${descriptors.join(" ")} is left out: nothing raises such an event.`;
    conversion.report.add("SCXML_LEFT_OUT", place, message);
    return "never";
  }
  if (descriptors.some(isWildcard)) tellOutside(conversion, transition);
  return names.map((eventId) => ({ eventId, trigger: "manual" as const }));
}

function tellOutside({ report, alphabet }: Conversion, { source, place }: ChartTransition): void {
  report.add(
    "SCXML_EVENTS_OUTSIDE",
    place,
    `The transition from "${source.id}" on every event names the ${alphabet.names.length} events that the chart knows.`,
    "Name other events that come from outside, so that it answers to them too (on the command line with --event).",
  );
}

/** A condition that always fails never holds. Without an event its error is raised where the state is entered. */
function conditionOf(mapping: TransitionMapping, transition: ChartTransition): string | undefined {
  const { condition, place, source, descriptors } = transition;
  if (condition === undefined) return withoutEarlier(mapping, transition) ?? "true";
  const { conversion } = mapping;
  const rewritten = rewriteAt(conversion, condition, place, "The condition");
  if (rewritten.kind === "refused") return undefined;
  if (rewritten.kind === "expression") {
    const text = conditionText(rewritten.text);
    return constantOf(text) === true ? "true" : text;
  }
  if (descriptors.length > 0) {
    const message = `A transition from "${source.id}" is never taken: its condition fails (${rewritten.message}).`;
    conversion.report.add("SCXML_CERTAIN_ERROR", place, message);
  }
  return "false";
}

/**
 * The last way of a state that needs no event and stays there holds where no earlier one does. Said in words, because
 * validation refuses a circle without a condition.
 */
function withoutEarlier({ conversion }: TransitionMapping, transition: ChartTransition): string | undefined {
  const { source, targets, descriptors } = transition;
  const staysThere = targets.every((target) => target === source.id);
  if (descriptors.length > 0 || !staysThere) return undefined;
  const denied: string[] = [];
  for (const other of source.transitions) {
    if (other === transition) break;
    if (other.descriptors.length > 0 || other.condition === undefined) continue;
    const rewritten = rewriteExpression(other.condition, conversion.names);
    if (rewritten.kind === "expression") denied.push(`!(${rewritten.text})`);
  }
  return denied.length === 0 ? undefined : denied.join(" && ");
}

/** The target; by way of a decision where the target alone would leave less than SCXML leaves. */
function aim(
  mapping: TransitionMapping,
  transition: ChartTransition,
  landing: Landing,
  scope: string,
): Pick<Transition, "toStateId" | "history"> {
  const { source } = transition;
  const { conversion, scopes, landings } = mapping;
  const direct = {
    toStateId: landing.toStateId,
    ...(landing.history === undefined ? {} : { history: landing.history }),
  };
  if (staysInSource(transition)) return direct;
  const holder = innermostHolder(source, landing);
  const wanted = holder?.id ?? ROOT;
  const standsInside = scope === source.id && (landing.state === source || isInside(landing.state, source));
  if (ownScope(source, landing) === wanted && !standsInside) return direct;
  const toStateId = conversion.stateIds.unique(`${landing.toStateId}.again`);
  scopes.addState(wanted, { stateId: toStateId, baseStateType: "decision" });
  scopes.addTransition(wanted, landings.leg(toStateId, landing));
  return { toStateId };
}

/** The innermost compound state around the source that holds the target too (SCXML appendix D, findLCCA). */
function innermostHolder(
  source: ChartState,
  { state, isInside: liesInside }: Landing,
): ChartState | undefined {
  const around = liesInside ? [state, ...ancestorsOf(state)] : ancestorsOf(state);
  return ancestorsOf(source).find((outer) => outer.kind === "compound" && around.includes(outer));
}

/** The innermost scope that holds source and target: what this engine leaves and enters inside of. */
function ownScope(source: ChartState, { state, isInside: liesInside }: Landing): string {
  const around = liesInside ? [state.id, ...scopesAround(state)] : scopesAround(state);
  return scopesAround(source).find((scope) => around.includes(scope)) ?? ROOT;
}
