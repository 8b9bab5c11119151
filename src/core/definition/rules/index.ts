import { errorStateNotFinal, noErrorRoute, noErrorState, noTimeout } from "./care/failing-actions.js";
import { literalSecret } from "./care/literal-secret.js";
import { noCompensation } from "./care/no-compensation.js";
import { plainHttp } from "./care/plain-http.js";
import { undoGrows } from "./care/undo-grows.js";
import { nothingProvides } from "./data/nothing-provides.js";
import { requiresUnset } from "./data/requires-unset.js";
import { automaticCycle } from "./graph/automatic-cycle.js";
import { decisionIncomplete } from "./graph/decision-incomplete.js";
import { emptyScope } from "./graph/empty-scope.js";
import { finalStates } from "./graph/final-states.js";
import { initialStates } from "./graph/initial-states.js";
import { neverDone } from "./graph/never-done.js";
import { deadEnd, unreachableState } from "./graph/reachability.js";
import { correlation } from "./inbound/correlation.js";
import { messageRoots } from "./inbound/message-roots.js";
import { senders } from "./inbound/senders.js";
import { limits } from "./limits.js";
import { duplicateId } from "./names/duplicate-id.js";
import { impliedState } from "./names/implied-state.js";
import { unknownEvent } from "./names/unknown-event.js";
import { unknownProperty } from "./names/unknown-property.js";
import { unknownState } from "./names/unknown-state.js";
import { notRunYet } from "./not-run-yet.js";
import type { Rule } from "./rule.js";
import { expressionFaults, templateFaults } from "./text/expression-faults.js";
import { invalidDuration } from "./text/invalid-duration.js";
import { schemaFaults } from "./text/schema-faults.js";
import { acrossRegions } from "./tokens/across-regions.js";
import { intoParallel } from "./tokens/into-parallel.js";
import { joinNeverFull } from "./tokens/join-never-full.js";
import { regionConflict } from "./tokens/region-conflict.js";
import { tokenLost } from "./tokens/token-lost.js";
import { deliveryWords } from "./words/delivery-words.js";
import { notOneOf } from "./words/not-one-of.js";
import { stateWords } from "./words/state-words.js";
import { transitionWords } from "./words/transition-words.js";

/** Rules that look at one thing at a time: they hold also for a definition whose shape has faults elsewhere. */
export const RULES_OF_PARTS: readonly Rule[] = [
  limits,
  duplicateId,
  expressionFaults,
  templateFaults,
  schemaFaults,
  invalidDuration,
  notRunYet,
  correlation,
  messageRoots,
  senders,
  noTimeout,
  plainHttp,
  literalSecret,
];

/** Rules that need to know all states, and no more. */
export const RULES_OF_NAMES: readonly Rule[] = [unknownState, unknownEvent];

/** Rules that look at the whole, and would take what a fault of the shape hides for a fault of its own. */
export const RULES_OF_THE_WHOLE: readonly Rule[] = [
  impliedState,
  unknownProperty,
  initialStates,
  emptyScope,
  finalStates,
  neverDone,
  unreachableState,
  deadEnd,
  automaticCycle,
  decisionIncomplete,
  joinNeverFull,
  tokenLost,
  intoParallel,
  acrossRegions,
  regionConflict,
  stateWords,
  transitionWords,
  deliveryWords,
  notOneOf,
  nothingProvides,
  requiresUnset,
  noErrorRoute,
  noCompensation,
  undoGrows,
  errorStateNotFinal,
  noErrorState,
];
