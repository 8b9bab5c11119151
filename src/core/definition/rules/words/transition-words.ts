import { enclosingStates, isComposite } from "../../survey/enclosing.js";
import type { StateEntry, TransitionEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import { waitsForDone } from "../graph/completion.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** What a transition says means something between its ends. */
export const transitionWords: Rule = ({ survey }) =>
  survey.transitions.flatMap((entry) => [
    ...history(entry, survey),
    ...keepSource(entry, survey),
    ...eventsOfRouting(entry, survey),
    ...eventSubProcesses(entry, survey),
    ...fourEyes(entry, survey),
  ]);

/** Only what is inside of something can have been left somewhere. */
function history({ transition, pointer, label }: TransitionEntry, survey: DefinitionSurvey): RuleFinding[] {
  if (transition.history === undefined) return [];
  const target = survey.statesById.get(transition.toStateId ?? "");
  if (target !== undefined && (isComposite(target) || target.home.parent !== undefined)) return [];
  if (target === undefined && transition.toStateId !== undefined) return [];
  const fault =
    target === undefined
      ? "it has no target"
      : `"${target.state.stateId}" has no states inside and is inside of none`;
  return [
    finding("NO_MEANING", `${pointer}/history`, `${label}: "history" means nothing here; ${fault}.`, {
      hint: "Lead it to the compound or parallel state that is to be entered where it was left.",
    }),
  ];
}

function keepSource(
  { transition, pointer, label, sourceIds }: TransitionEntry,
  survey: DefinitionSurvey,
): RuleFinding[] {
  if (transition.keepSource !== true) return [];
  const routing = sourceIds.find((stateId) => survey.statesById.get(stateId)?.isRouting === true);
  if (transition.toStateId !== undefined && routing === undefined) return [];
  const fault =
    routing === undefined
      ? "without a target its source stays as it is anyway"
      : `no token stays in "${routing}", which is left at once`;
  return [
    finding("NO_MEANING", `${pointer}/keepSource`, `${label}: "keepSource" means nothing here; ${fault}.`, {
      severity: "warning",
    }),
  ];
}

/** A fork and a join are left at once, or as soon as the join is full, and wait for no event. */
function eventsOfRouting(entry: TransitionEntry, { statesById }: DefinitionSurvey): RuleFinding[] {
  if (entry.isAutomatic) return [];
  const routing = entry.sourceIds.find((stateId) => {
    const type = statesById.get(stateId)?.state.baseStateType;
    return type === "fork" || type === "join";
  });
  if (routing === undefined) return [];
  const sentence = `${entry.label} is never taken: "${routing}" is left by automatic transitions only.`;
  return [finding("NO_MEANING", `${entry.pointer}/event`, sentence, { severity: "warning" })];
}

/** An event sub-process is started by its event alone, and its token ends when it is done. */
function eventSubProcesses(entry: TransitionEntry, survey: DefinitionSurvey): RuleFinding[] {
  const { transition, pointer, label, sourceIds } = entry;
  const findings: RuleFinding[] = [];
  const target = survey.statesById.get(transition.toStateId ?? "");
  const entered = target === undefined ? undefined : triggeredAround(target).at(-1);
  if (
    entered !== undefined &&
    sourceIds.some((stateId) => isOutside(survey.statesById.get(stateId), entered))
  ) {
    findings.push(
      finding(
        "NO_MEANING",
        `${pointer}/toStateId`,
        `${label} leads into "${entered.state.stateId}", which only the event that it is triggered by starts.`,
        { hint: "Raise that event instead." },
      ),
    );
  }
  if (transition.fromStateId === "*") return findings;
  const left = sourceIds.find((stateId) => {
    const source = survey.statesById.get(stateId);
    return source !== undefined && isEventSubProcess(source) && waitsForDone(entry, stateId);
  });
  if (left !== undefined) {
    findings.push(
      finding(
        "NO_MEANING",
        pointer,
        `${label} is never taken: the token of "${left}", which an event starts, ends when it is done.`,
        { hint: `Let a transition inside "${left}" lead out of it.` },
      ),
    );
  }
  return findings;
}

/** Somebody has to send what takes the transition, or the data that it waits for; else nobody could be told apart. */
function fourEyes(
  { transition, pointer, label, sourceIds, isAutomatic }: TransitionEntry,
  { statesById }: DefinitionSurvey,
): RuleFinding[] {
  if (transition.distinctFrom === undefined) return [];
  const fault = (why: string, hint: string) => [
    finding("NO_MEANING", `${pointer}/distinctFrom`, `${label}: "distinctFrom" means nothing here; ${why}.`, {
      hint,
    }),
  ];
  const unsent = transition.event?.find(({ trigger, eventId = "" }) => {
    return trigger === "time-based" || /^(error|done\.state)(\.|$)/.test(eventId);
  });
  if (unsent !== undefined) {
    const what = unsent.trigger === "time-based" ? "a timer" : `"${unsent.eventId}"`;
    return fault(
      `${what} is sent by nobody`,
      "Give that trigger a transition of its own, without distinctFrom.",
    );
  }
  const around = sourceIds.find((stateId) => {
    const source = statesById.get(stateId);
    return isAutomatic && source !== undefined && (source.isRouting || isComposite(source));
  });
  if (around === undefined) return [];
  return fault(
    `"${around}" is left without anybody's data`,
    "Put it on a transition whose event somebody sends.",
  );
}

function isOutside(source: StateEntry | undefined, subProcess: StateEntry): boolean {
  return source !== undefined && ![source, ...enclosingStates(source)].includes(subProcess);
}

function triggeredAround(entry: StateEntry): readonly StateEntry[] {
  return [entry, ...enclosingStates(entry)].filter(isEventSubProcess);
}

function isEventSubProcess({ state }: StateEntry): boolean {
  return state.triggeredBy !== undefined && state.baseStateType === "compound";
}
