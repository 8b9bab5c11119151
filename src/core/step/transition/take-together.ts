/** Taking what was selected together: each leaves for itself, and the actions of those that leave nothing are not lost. */
import type { TransitionModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import type { Enabled } from "../tokens/domain.js";
import { pathOutwards } from "../tokens/token-tree.js";
import { openVisit } from "../tokens/visits.js";
import type { Turn } from "../turn.js";
import { type Taking, takeTransition, transitionActions } from "./take.js";

/** What is taken together, with what each brings. */
export interface Taken extends Enabled {
  readonly taking: Taking;
}

/**
 * Takes what was selected together. Those that leave come first; the actions of one that leaves nothing run all the same
 * when another one leaves its source, after the exits and in the order of selection (appendix D: `microstep`).
 */
export function takeTogether(turn: Turn, selected: readonly Taken[]): void {
  const placed = selected.length === 1 ? selected : selected.map(withPlace);
  const leaving = placed.filter(({ transition }) => leaves(transition));
  for (const { token, transition, taking } of leaving) takeTransition(turn, token, transition, taking);
  const lent: Taken[] = [];
  for (const one of placed) {
    const { token, transition, taking } = one;
    if (leaves(transition)) continue;
    const isLeft = token.phase === "exiting" || (leaving.length > 0 && token.phase === "leaving");
    if (!isLeft) takeTransition(turn, token, transition, taking);
    else if (transition.targetId === undefined) lent.push(one);
  }
  lendActions(turn, lent);
}

function withPlace(taken: Taken, place: number): Taken {
  return { ...taken, taking: { ...taken.taking, place } };
}

function leaves(transition: TransitionModel): boolean {
  return transition.targetId !== undefined && !transition.keepsSource;
}

/** The token that leaves, or the new one in its place, runs the actions of transitions whose source is being left. */
function lendActions(turn: Turn, lent: readonly Taken[]): void {
  const byMover = new Map<Token, Taken[]>();
  for (const one of lent) {
    const mover = moverAround(turn, one.token);
    if (mover !== undefined) byMover.set(mover, [...(byMover.get(mover) ?? []), one]);
  }
  for (const [mover, taken] of byMover) {
    const { agenda } = mover;
    if (agenda === undefined) continue;
    if (mover.visit.ordinal < 0)
      mover.visit = openVisit(turn, mover, mover.stateId, { actor: turn.command.actor });
    const own = agenda.transition?.place ?? 0;
    const actionsOf = (isEarlier: boolean) =>
      taken
        .filter(({ taking }) => (taking.place ?? 0) < own === isEarlier)
        .flatMap(({ transition }) => transitionActions(transition));
    const exits = agenda.actions.filter(({ phase }) => phase === "exit");
    const others = agenda.actions.filter(({ phase }) => phase !== "exit");
    agenda.actions = [...exits, ...actionsOf(true), ...others, ...actionsOf(false)];
  }
}

/** Who leaves what the token is inside of. */
function moverAround({ draft }: Turn, token: Token): Token | undefined {
  const around = pathOutwards(draft, token);
  return draft.tokens.find(
    (other) =>
      other.phase === "leaving" &&
      (around.includes(other) ||
        (other.isNew === true && around.some(({ scopeId }) => scopeId === other.scopeId))),
  );
}
