/** Identifiers for what authors leave nameless. They depend on the definition alone, so they stay the same. */
import type { CanonicalTransition } from "../definition-document.generated.js";

const MAX_DERIVED_LENGTH = 200;

/** The id that a transition gets from its ends: `initToVerify`, `anyToError`, `confirmInternal`. */
export function transitionIdFromEnds({
  fromStateId,
  toStateId,
}: Pick<CanonicalTransition, "fromStateId" | "toStateId">): string {
  const only = typeof fromStateId === "string" || fromStateId.length !== 1 ? fromStateId : fromStateId[0];
  const from = typeof only === "string" && only !== "*" ? only : "any";
  const rest =
    toStateId === undefined ? "Internal" : `To${toStateId.charAt(0).toUpperCase()}${toStateId.slice(1)}`;
  return `${from}${rest}`.slice(0, MAX_DERIVED_LENGTH);
}

/** The id that a trigger gets from its transition: `confirmToExpired.timer`. */
export function eventIdFromTransition(transitionId: string, trigger: string): string {
  return `${transitionId.slice(0, MAX_DERIVED_LENGTH)}.${trigger === "time-based" ? "timer" : trigger}`;
}

/** `wanted`, or the first of `wanted2`, `wanted3`, … that is not taken; takes it. */
export function takeUnique(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let number = 2; taken.has(id); number += 1) id = `${wanted}${number}`;
  taken.add(id);
  return id;
}
