/**
 * Four eyes (`distinctFrom`): who has sent an event that some transition names, and who may not send that transition's own.
 *
 * Invariants:
 * 1. Whoever has ever sent the named event of this instance is kept, not only the last one: who took part in an earlier
 *    round does not approve a later one.
 * 2. Only events and transitions that some `distinctFrom` names are kept, each with `MAX_SENDERS` actors at most. Past that
 *    nobody can be shown to be another one, and the rule refuses everybody.
 * 3. `anonymous` and `system` are no persons: they never satisfy the rule, and an event that one of them sent can have been
 *    anybody's, so that nobody satisfies it either.
 * 4. What comes from inside of the instance is sent by nobody: it cannot take a transition with the rule. Where it is what
 *    the rule names, whoever sent the command that caused it counts as its sender; a timer has none.
 * 5. Data that an automatic transition with the rule waits for is taken only from somebody who may take it, and the
 *    transition is taken only on such data.
 */
import type { Rejection } from "../../message/answer.js";
import type { TransitionModel } from "../../model/machine.js";
import type { Token } from "../../model/snapshot.js";
import { stateOf, type Turn } from "../turn.js";

/** Actors that are kept for each name. */
export const MAX_SENDERS = 100;

/** An actor that may be anybody. */
const ANYBODY = "anonymous";

const NAMELESS: ReadonlySet<string> = new Set([ANYBODY, "system"]);

/** Whether the actor stands for one person or service. */
export function isNamed(actor: string): boolean {
  return !NAMELESS.has(actor);
}

/** Keeps who has sent an event or taken a transition, where some `distinctFrom` names it. */
export function noteSender(turn: Turn, name: string, actor: string): void {
  const { draft, machine } = turn;
  if (!machine.witnessed.has(name)) return;
  const senders = draft.senders ?? {};
  const known = sendersOf(turn, name);
  if (known.includes(actor)) return;
  const added = known.length < MAX_SENDERS ? actor : ANYBODY;
  if (known.includes(added)) return;
  draft.senders = { ...senders, [name]: [...known, added] };
}

/** An automatic transition was taken: whose data let it be, and who sent the command that did it, where it was a person. */
export function noteAutomatic(turn: Turn, token: Token, { transitionId }: TransitionModel): void {
  if (!turn.machine.witnessed.has(transitionId)) return;
  const { actor } = turn.command;
  for (const each of [...answerers(token), ...(isNamed(actor) ? [actor] : [])])
    noteSender(turn, transitionId, each);
}

/** Why the actor may not send what takes the transition; `undefined` when the actor may. */
export function distinctProblem(
  turn: Turn,
  { distinctFrom, transitionId }: TransitionModel,
  sent: string,
  actor: string,
): Rejection | undefined {
  if (distinctFrom === undefined) return undefined;
  const rule = `${sent} (transition "${transitionId}") needs somebody other than who sent "${distinctFrom}"`;
  const refused = (why: string): Rejection => ({ code: "NOT_DISTINCT", message: `${rule}; ${why}` });
  if (!isNamed(actor))
    return refused(`"${actor}" may be anybody. Send it under a name of your own (the actor).`);
  const senders = sendersOf(turn, distinctFrom);
  if (senders.includes(actor)) return refused(`"${actor}" sent that. Ask somebody else to send it.`);
  if (senders.every(isNamed)) return undefined;
  return refused(
    `that was sent by somebody who was not named, or by more than ${MAX_SENDERS}, so nobody can be shown to be another one. Start a new instance, with a name (the actor) for each sender.`,
  );
}

/** The same of data that is added to a state: its automatic transitions are taken on it. */
export function distinctUpdateProblem(turn: Turn, token: Token, actor: string): Rejection | undefined {
  for (const transition of stateOf(turn, token).transitions) {
    if (!transition.isAutomatic) continue;
    const problem = distinctProblem(turn, transition, "The data that is waited for", actor);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Keeps whose data a state has got, where a rule asks for it. */
export function noteAnswer(turn: Turn, token: Token, actor: string): void {
  const { witnessed } = turn.machine;
  const isAsked = stateOf(turn, token).transitions.some(
    ({ isAutomatic, distinctFrom, transitionId }) =>
      isAutomatic && (distinctFrom !== undefined || witnessed.has(transitionId)),
  );
  const known = answerers(token);
  if (!isAsked || known.includes(actor)) return;
  const added = known.length < MAX_SENDERS ? actor : ANYBODY;
  token.answered = { visit: token.visit.ordinal, by: [...known.filter((one) => one !== added), added] };
}

/** Whether an automatic transition has got its data from somebody who may take it. */
export function isAnswered(turn: Turn, token: Token, { distinctFrom }: TransitionModel): boolean {
  if (distinctFrom === undefined) return true;
  const by = answerers(token);
  const senders = sendersOf(turn, distinctFrom);
  return by.length > 0 && [...by, ...senders].every(isNamed) && !by.some((actor) => senders.includes(actor));
}

/** Of the present visit. */
function answerers({ answered, visit }: Token): readonly string[] {
  return answered?.visit === visit.ordinal ? answered.by : [];
}

/** An event may be called `constructor`: only own properties count. */
function sendersOf({ draft: { senders = {} } }: Turn, name: string): readonly string[] {
  return Object.hasOwn(senders, name) ? (senders[name] ?? []) : [];
}
