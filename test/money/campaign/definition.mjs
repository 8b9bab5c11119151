/** The definition of the example, in a hurry: the same states and transitions, with tries that give up soon. */
import { readFileSync } from "node:fs";

const FILE = new URL("../../../examples/money-transfer/money-transfer.json", import.meta.url);

export const BANK_ORIGIN = "http://bank.example";
export const STATE_MACHINE_ID = "moneyTransfer";
/** How long a try waits for the bank. */
export const PATIENCE_MS = 1_000;
/** The same beside a mistake: its occasion must be there on a machine that has much else to do, too. */
export const PLANTED_PATIENCE_MS = 3_000;

/**
 * Mistakes of definitions, each behind a name: what becomes of the posting, and where a posting goes that has failed.
 *
 * - `gives-up-unknown`: a posting without an answer counts as one without an effect.
 * - `gives-back-unknown`: a posting without an answer has its hold given back, and nobody asks what became of it.
 * - `sends-again`: a posting without an answer is sent again.
 * - `believes-too-early`: who is asked is not whether the posting was made, but where the transfer is by now.
 * @type {Readonly<Record<string, { post: (action: Action) => Action, failsTo: string }>>}
 */
const MISTAKES = {
  "gives-up-unknown": {
    post: (action) => ({ ...sentAtLeastOnce(action), onTimeout: "abort" }),
    failsTo: "error",
  },
  "gives-back-unknown": {
    post: (action) => ({ ...sentAtLeastOnce(action), onTimeout: "abort" }),
    failsTo: "release",
  },
  "sends-again": {
    post: (action) => ({ ...sentAtLeastOnce(action), retryCount: 5, onTimeout: "retry" }),
    failsTo: "reconcile",
  },
  "believes-too-early": { post: (action) => ({ ...action, reconcile: whereIsIt() }), failsTo: "error" },
};

/**
 * @typedef {{ actionId: string, delivery?: string, reconcile?: object, [member: string]: unknown }} Action
 * @typedef {{ stateId: string, entryActions?: Action[] }} State
 * @typedef {{ transitionId: string }} Transition
 */

/**
 * @param {string | undefined} plant one of the mistakes above; others are the bank's
 * @returns {Record<string, unknown>}
 */
export function campaignDefinition(plant) {
  const definition = JSON.parse(readFileSync(FILE, "utf8"));
  const patienceMs = plant === undefined ? PATIENCE_MS : PLANTED_PATIENCE_MS;
  const hurried = {
    ...definition,
    actionDefaults: {
      ...definition.actionDefaults,
      timeout: `PT${patienceMs / 1_000}S`,
      retryDelay: "PT0.05S",
      backoff: { factor: 2, maxDelay: "PT0.5S", jitter: 0.2 },
    },
  };
  const mistake = plant === undefined ? undefined : MISTAKES[plant];
  if (mistake === undefined) return hurried;
  return {
    ...hurried,
    states: definition.states.map((/** @type {State} */ state) => withPosting(state, mistake.post)),
    transitions: definition.transitions.flatMap((/** @type {Transition} */ transition) =>
      failingTo(transition, mistake.failsTo),
    ),
  };
}

/**
 * @param {State} state
 * @param {(action: Action) => Action} change
 * @returns {State}
 */
function withPosting(state, change) {
  if (state.entryActions === undefined) return state;
  const entryActions = state.entryActions.map((action) =>
    action.actionId === "postTransfer" ? change(action) : action,
  );
  return { ...state, entryActions };
}

/** @param {Action} action */
function sentAtLeastOnce({ delivery: _delivery, reconcile: _reconcile, ...action }) {
  return action;
}

/** A question that closes nothing: what is still on its way comes after the answer. */
function whereIsIt() {
  const url = `${BANK_ORIGIN}/transfers/\${data.transferId}`;
  const condition = "response.body.state === 'posted'";
  return { actionId: "askPosting", trigger: { webhook: { url, method: "GET", condition } }, retryCount: 40 };
}

/**
 * @param {Transition} transition
 * @param {string} toStateId
 */
function failingTo(transition, toStateId) {
  if (transition.transitionId !== "troubleToReconcile") return [transition];
  return [
    { ...transition, fromStateId: "reserve" },
    { ...transition, transitionId: "troubleOfPosting", fromStateId: "process", toStateId },
  ];
}
