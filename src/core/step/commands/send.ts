/** Events and signals from outside. */
import type { EventCommand, SignalCommand } from "../../message/command.js";
import { notEnabled, takeEvent, takeSignal } from "../events.js";
import { keptExcess } from "../keep.js";
import { isFree, isReservedEvent } from "../transition/select.js";
import { record, type Turn } from "../turn.js";
import { done, type Handled } from "./handled.js";

/** An event from outside: taken, kept for later, or refused. */
export function sendEvent(turn: Turn, command: EventCommand): Handled {
  const { draft } = turn;
  if (isReservedEvent(command.eventId)) return { rejection: notEnabled(turn, command.eventId) };
  const outcome = takeEvent(turn, command);
  switch (outcome.kind) {
    case "refused":
      return { rejection: outcome.rejection };
    case "taken":
      return {
        answer: {
          outcome: "taken",
          seq: draft.seq,
          transitionId: outcome.transition.transitionId,
          from: outcome.from,
          to: outcome.transition.targetId ?? outcome.from,
        },
      };
    case "not-enabled":
      return keepOrRefuse(turn, command);
  }
}

/** While actions are under way an event may still become possible; once everything is settled it cannot. */
function keepOrRefuse(turn: Turn, command: EventCommand): Handled {
  const { draft, machine } = turn;
  if (!mayComeToWait(turn) || !machine.eventIds.has(command.eventId)) {
    return { rejection: notEnabled(turn, command.eventId) };
  }
  const excess = keptExcess(turn, command);
  if (excess !== undefined) return { rejection: excess };
  draft.kept.push({
    kind: "event",
    seq: draft.seq,
    eventId: command.eventId,
    data: command.data,
    variables: command.variables,
    actor: command.actor,
    ...(command.groups === undefined ? {} : { groups: command.groups }),
  });
  record(turn, "event-kept", { event: command.eventId });
  return { answer: { outcome: "queued", seq: draft.seq } };
}

/** A signal is for whoever waits for it: an instance that does not, and is not about to, refuses it. */
export function sendSignal(turn: Turn, command: SignalCommand): Handled {
  const { draft, machine } = turn;
  const { signal, data, actor } = command;
  if (draft.suspension === undefined) {
    const outcome = takeSignal(turn, signal, data, actor);
    if (outcome.kind === "taken") return done(turn);
    if (outcome.kind === "refused") return { rejection: outcome.rejection };
  }
  const isKept = machine.signals.has(signal) && (draft.suspension !== undefined || mayComeToWait(turn));
  if (!isKept) return { rejection: notEnabled(turn, signal) };
  const excess = keptExcess(turn, { eventId: signal, data, variables: {} });
  if (excess !== undefined) return { rejection: excess };
  draft.kept.push({ kind: "signal", seq: draft.seq, eventId: signal, data, actor });
  record(turn, "event-kept", { event: signal });
  return done(turn);
}

/** Some token is under way, and nobody but itself holds it up. */
function mayComeToWait(turn: Turn): boolean {
  const { tokens, suspension } = turn.draft;
  return suspension === undefined && tokens.some((token) => !isFree(turn, token));
}
