/**
 * Machines that send something at most once, each under one key: `wire` asks afterwards what became of it, for `remit` only
 * people do. Somebody may leave while nobody knows.
 */
import type { JsonObject } from "../../../src/core/json/json.js";
import { automatic, call, manual, OUTSIDE } from "./definition-parts.js";

/** Actions that are sent at most once. */
export const ONCE_ACTIONS: readonly string[] = ["wire", "remit"];
/** Where a bank is asked what it has done under a key. */
export const QUESTION_PATH = "/asked";

function once(actionId: string, settings: JsonObject): JsonObject {
  const { onTimeout: _nobodyIsAsked, ...action } = call(actionId, settings);
  return { ...action, delivery: "atMostOnce" };
}

/** Once for each state: it leaves what is done to a bank, and is done or fails. */
function payer(actionId: string, settings: JsonObject): JsonObject {
  return {
    stateMachineId: actionId,
    states: [
      { stateId: "begun", baseStateType: "initial" },
      { stateId: "paying", baseStateType: "task", entryActions: [once(actionId, settings)] },
      { stateId: "paid", baseStateType: "final" },
      { stateId: "left", baseStateType: "final" },
      { stateId: "failed", baseStateType: "error" },
    ],
    transitions: [
      manual("pay", "begun", "paying"),
      automatic("made", "paying", "paid"),
      { ...manual("leave", "paying", "left"), interrupts: true },
    ],
  };
}

const question: JsonObject = {
  actionId: "asked",
  trigger: {
    webhook: {
      url: `${OUTSIDE}${QUESTION_PATH}`,
      payload: { asked: "$actions.wire.key" },
      condition: "response.body.found === true",
    },
  },
  timeout: "PT5S",
  retryCount: 2,
  retryDelay: "PT10S",
};

export const ONCE_MACHINES: readonly JsonObject[] = [
  payer("wire", { reconcile: question }),
  payer("remit", {}),
];
