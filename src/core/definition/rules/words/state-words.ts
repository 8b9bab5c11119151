import { isComposite } from "../../survey/enclosing.js";
import type { ScopeEntry, StateEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

interface Line {
  readonly field: keyof StateEntry["state"];
  readonly isMisplaced: (entry: StateEntry) => boolean;
  /** What is said after the state's name and `which is a …`. */
  readonly sentence: string;
  readonly severity: "error" | "warning";
}

type TypeWord = StateEntry["state"]["baseStateType"];

const isNone =
  (...words: readonly TypeWord[]) =>
  ({ state }: StateEntry) =>
    !words.includes(state.baseStateType);
const holdsSomething = ({ states, transitions }: ScopeEntry) => states.length + transitions.length > 0;
const isRouting = (entry: StateEntry) => entry.isRouting;

/** Neither one that does work nor one in which a token ends. */
const isOther = (entry: StateEntry) => entry.isRouting || isComposite(entry);

function startsOnNothing({ state: { startOn } }: StateEntry): boolean {
  if (startOn?.trigger !== "signal" && startOn?.trigger !== "message") return false;
  return ((startOn.trigger === "signal" ? startOn.signal : startOn.message) ?? startOn.eventId) === undefined;
}

/** One table says all of it. An error where what is written is left out, a warning where that changes nothing else. */
const LINES: readonly Line[] = [
  line(
    "states",
    (entry) => isNone("compound")(entry) && entry.inner.some(holdsSomething),
    "only a compound state has states and transitions inside",
  ),
  line(
    "regions",
    (entry) => isNone("parallel")(entry) && entry.state.regions?.length !== 0,
    "only a parallel state has regions",
  ),
  line("initial", isNone("compound"), "only a compound state and a region have an initial state", "warning"),
  line("triggeredBy", isNone("compound"), "only a compound state is started by an event"),
  line("startOn", ({ home }) => home.parent !== undefined, "instances do not start inside a state"),
  line("startOn", startsOnNothing, "it names no signal and no message, and no eventId in its stead"),
  line("assignee", isNone("userTask"), "only a userTask is somebody's"),
  line("candidateGroups", isNone("userTask"), "only a userTask is somebody's"),
  line(
    "terminate",
    ({ state, isFinal }) => state.terminate === true && !isFinal,
    "only a final state ends its scope",
  ),
  line("throws", isOther, "only a final state and a task throw", "warning"),
  line("emits", isOther, "only a final state and a task emit", "warning"),
  line("wait", isNone("join"), "only a join waits for tokens", "warning"),
  line("subMachine", isOther, "it cannot run a child instance"),
  line("forEach", isOther, "it cannot run child instances"),
  line("data", isRouting, "it is left at once and has no data", "warning"),
  line(
    "entryActions",
    (entry) => entry.isRouting && entry.state.entryActions?.length !== 0,
    "it is left at once and runs no actions",
    "warning",
  ),
  line(
    "exitActions",
    (entry) => entry.isRouting && entry.state.exitActions?.length !== 0,
    "it is left at once and runs no actions",
    "warning",
  ),
  line("timeout", isRouting, "it is left at once", "warning"),
];

/** What a state says means something for a state of its type. */
export const stateWords: Rule = ({ survey }) => [
  ...survey.states.flatMap((entry) =>
    LINES.filter(({ field, isMisplaced }) => entry.state[field] !== undefined && isMisplaced(entry)).map(
      ({ field, sentence, severity }) =>
        finding(
          "NO_MEANING",
          `${entry.pointer}/${field}`,
          `${entry.label} (${entry.state.baseStateType}): "${field}" means nothing here; ${sentence}.`,
          { severity },
        ),
    ),
  ),
  ...loneRouting(survey),
  ...passedOver(survey),
];

/** A fork has ways to fork into, a join ways to join: each transition counts once, however many sources it lists. */
function loneRouting({ states, transitions }: DefinitionSurvey): RuleFinding[] {
  const incoming = new Map<string, number>();
  const outgoing = new Map<string, number>();
  for (const { transition, sourceIds } of transitions) {
    if (transition.toStateId === undefined) continue;
    count(incoming, transition.toStateId);
    for (const sourceId of sourceIds) count(outgoing, sourceId);
  }
  return states.flatMap(({ state: { baseStateType, stateId }, pointer, label }) => {
    const counts = { fork: outgoing, join: incoming };
    if (baseStateType !== "fork" && baseStateType !== "join") return [];
    const found = counts[baseStateType].get(stateId) ?? 0;
    if (found > 1) return [];
    const kind = baseStateType === "fork" ? "outgoing" : "incoming";
    const hint =
      baseStateType === "fork"
        ? "Add the other ways, or make it an intermediate state."
        : "Write one transition for each way that it waits for, not one with a list of sources.";
    const sentence = `${label} is a ${baseStateType} with ${found === 0 ? "no" : "only one"} ${kind} transition.`;
    return [finding("NO_MEANING", pointer, sentence, { severity: "warning", hint })];
  });
}

/** A join goes on one way only; what stands behind a way that is always open is never taken. */
function passedOver({ statesById, transitions }: DefinitionSurvey): RuleFinding[] {
  const open = new Map<string, string>();
  return transitions.flatMap(({ transition, pointer, label, sourceIds }) => {
    const { condition, default: isDefault, transitionId } = transition;
    const joinId = sourceIds.find((stateId) => statesById.get(stateId)?.state.baseStateType === "join");
    if (joinId === undefined || isDefault === true) return [];
    const before = open.get(joinId);
    if (before === undefined) {
      if (condition === undefined || condition === "true") open.set(joinId, transitionId);
      return [];
    }
    const sentence = `${label} is never taken: the join "${joinId}" goes on one way only, and "${before}" before it always applies.`;
    const hint = `Lead "${joinId}" to a fork, and from there both ways.`;
    return [finding("NO_MEANING", pointer, sentence, { severity: "warning", hint })];
  });
}

function count(counts: Map<string, number>, stateId: string): void {
  counts.set(stateId, (counts.get(stateId) ?? 0) + 1);
}

function line(
  field: Line["field"],
  isMisplaced: Line["isMisplaced"],
  sentence: string,
  severity: Line["severity"] = "error",
): Line {
  return { field, isMisplaced, sentence, severity };
}
