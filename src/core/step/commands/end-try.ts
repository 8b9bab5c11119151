/** Results of tries. */
import type { ActionResultCommand } from "../../message/command.js";
import type { ActionRun, PlannedAction, Token } from "../../model/snapshot.js";
import { actionNamed } from "../actions/agenda.js";
import { failureOf } from "../actions/end-of-try.js";
import { handleActionFailure } from "../failure/handle-failure.js";
import { record, type Turn } from "../turn.js";
import { hearLate } from "../unknown/in-doubt.js";
import { weighAnswer } from "../unknown/reconcile.js";
import { done, type Handled } from "./handled.js";

/** A try has ended; the result of one that nobody waits for any more is recorded and changes nothing. */
export function endTry(turn: Turn, command: ActionResultCommand): Handled {
  const { result } = command;
  const token = turn.draft.tokens.find(({ agenda }) => isAwaited(agenda?.running, command));
  const run = token?.agenda?.running;
  turn.effects.push({ kind: "end-effect", ...command.effect });
  if (token !== undefined && run !== undefined) {
    const decided =
      run.asksAbout !== undefined && result.outcome === "completed"
        ? weighAnswer(turn, token, run, result.response)
        : { run, failure: failureOf(turn, token, actionNamed(turn, run.actionId), run, result) };
    if (decided.failure !== undefined) handleActionFailure(turn, token, decided.run, decided.failure);
    return done(turn);
  }
  const planned = settlingOf(turn, command);
  if (planned === undefined) {
    record(turn, "late-result", { key: command.key, outcome: result.outcome });
    hearLate(turn, command.key, result);
  } else planned.result = result;
  return done(turn);
}

function isAwaited(run: ActionRun | undefined, { effect }: ActionResultCommand): boolean {
  return (
    run?.progress === "in-progress" && run.effect?.seq === effect.seq && run.effect.ordinal === effect.ordinal
  );
}

/** A rollback waits for it, and has not come to it yet. */
function settlingOf({ draft }: Turn, command: ActionResultCommand): PlannedAction | undefined {
  return draft.tokens.flatMap(awaitingTurn).find(({ settles }) => isAwaited(settles, command));
}

function awaitingTurn({ agenda }: Token): readonly PlannedAction[] {
  return agenda === undefined ? [] : agenda.actions.slice(agenda.next);
}
