/** The definition of the example, in a hurry: the same states and transitions, with tries that give up soon. */
import { readFileSync } from "node:fs";

const FILE = new URL("../../../examples/money-transfer/money-transfer.json", import.meta.url);

export const BANK_ORIGIN = "http://bank.example";
export const STATE_MACHINE_ID = "moneyTransfer";
/** How long a try waits for the bank. */
export const PATIENCE_MS = 1_000;

/**
 * @param {string | undefined} plant `gives-up-unknown`: a call without an answer counts as a call without an effect
 * @returns {Record<string, unknown>}
 */
export function campaignDefinition(plant) {
  const definition = JSON.parse(readFileSync(FILE, "utf8"));
  return {
    ...definition,
    actionDefaults: {
      ...definition.actionDefaults,
      timeout: `PT${PATIENCE_MS / 1_000}S`,
      retryDelay: "PT0.05S",
      backoff: { factor: 2, maxDelay: "PT0.5S", jitter: 0.2 },
    },
    transitions:
      plant === "gives-up-unknown" ? definition.transitions.flatMap(giveUp) : definition.transitions,
  };
}

/**
 * A posting without an answer is not looked up any more.
 * @param {{ transitionId: string }} transition
 */
function giveUp(transition) {
  if (transition.transitionId !== "troubleToReconcile") return [transition];
  return [
    { ...transition, fromStateId: "reserve" },
    { ...transition, transitionId: "troubleToError", fromStateId: "process", toStateId: "error" },
  ];
}
