/** Events and signals from outside. */
import { awaitedBy, isAwaitedMessage } from "../../awaited.js";
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
  const { draft } = turn;
  if (!mayComeToWait(turn) || !isKnown(turn, command)) {
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
    ...(command.inbound === undefined ? {} : { inbound: command.inbound }),
  });
  record(turn, "event-kept", { event: command.eventId });
  return { answer: { outcome: "queued", seq: draft.seq } };
}

/** A message is kept for a token that is busy where it is awaited; any other event that the machine has may be awaited later. */
function isKnown({ machine, draft }: Turn, { eventId, inbound }: EventCommand): boolean {
  if (inbound === undefined) return machine.eventIds.has(eventId);
  return awaitedBy(machine, draft).some((awaited) => isAwaitedMessage(awaited, eventId, inbound));
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
