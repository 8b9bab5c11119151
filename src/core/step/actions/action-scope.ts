import type { Scope } from "../../expression/scope.js";
import type { Token } from "../../model/snapshot.js";
import { expressionScope, type ScopeExtras } from "../expression-scope.js";
import type { Turn } from "../turn.js";

/** The scope of an action's expressions: the instance, the state, and the event that led here, with its data. */
export function actionScope(turn: Turn, token: Token, extras: ScopeExtras = {}): Scope {
  const event = token.agenda?.transition?.event ?? token.agenda?.event;
  return expressionScope(turn, {
    stateId: token.stateId,
    ...(event === undefined ? {} : { event }),
    ...extras,
  });
}
