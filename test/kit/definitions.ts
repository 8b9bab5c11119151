/** Small definitions for tests, each made of parts that a test can change. */
import type { JsonObject } from "../../src/core/json/json.js";

export function webhookAction(actionId: string, settings: JsonObject = {}): JsonObject {
  return {
    actionId,
    trigger: { webhook: { url: `http://127.0.0.1:1/${actionId}`, payload: { action: actionId } } },
    timeout: "PT5S",
    onError: "abort",
    onTimeout: "abort",
    ...settings,
  };
}

/** init --go--> work (entry action `work`) --automatic--> done; failures end in `failed`. */
export function workMachine(
  action: JsonObject = {},
  extra: { states?: JsonObject[]; transitions?: JsonObject[]; machine?: JsonObject } = {},
): JsonObject {
  return {
    stateMachineId: "workMachine",
    ...extra.machine,
    states: [
      { stateId: "init", baseStateType: "initial" },
      { stateId: "work", baseStateType: "task", entryActions: [webhookAction("work", action)] },
      { stateId: "done", baseStateType: "final" },
      { stateId: "failed", baseStateType: "error" },
      ...(extra.states ?? []),
    ],
    transitions: [
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "work",
        event: [{ eventId: "go", trigger: "manual" }],
      },
      { transitionId: "finish", fromStateId: "work", toStateId: "done" },
      ...(extra.transitions ?? []),
    ],
  };
}
