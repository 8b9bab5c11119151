/**
 * The transfer of the crash campaigns: it passes whatever can be lost. Commands of a client, two calls that move
 * something outside, a timer between them, and a notice of every state.
 *
 *     opened --submit--> holding (call /hold) --> cooling --timer--> paying (call /pay) --> paid
 */
export const BANK_ORIGIN = "http://bank.example";
export const STATE_MACHINE_ID = "crashTransfer";
/** Remarks of the client on each transfer, counted by the machine. */
export const REMARKS = 5;
/** Commands of the client to each transfer: its start, the remarks, `submit`. */
export const COMMANDS = REMARKS + 2;

/** @param {string} actionId */
const call = (actionId) => ({
  actionId,
  trigger: {
    webhook: {
      url: `${BANK_ORIGIN}/${actionId}`,
      method: "POST",
      payload: { transfer: "$instance.instanceId", amount: "$data.amount" },
      expectedResponse: 200,
    },
  },
  timeout: "PT10S",
  retryCount: 3,
  retryDelay: "PT0.1S",
  onError: "abort",
  onTimeout: "retry",
});

export const TRANSFER_DEFINITION = {
  stateMachineId: STATE_MACHINE_ID,
  globalCallbackHandler: { webhook: { url: `${BANK_ORIGIN}/notices`, method: "POST" } },
  states: [
    { stateId: "opened", baseStateType: "initial" },
    { stateId: "holding", baseStateType: "task", entryActions: [call("hold")] },
    { stateId: "cooling", baseStateType: "wait" },
    { stateId: "paying", baseStateType: "task", entryActions: [call("pay")] },
    { stateId: "paid", baseStateType: "final" },
    { stateId: "failed", baseStateType: "error" },
  ],
  transitions: [
    {
      transitionId: "remark",
      fromStateId: "opened",
      event: [{ eventId: "remark", trigger: "manual" }],
      actions: [{ actionId: "count", type: "assign", assign: { remarks: "${(data.remarks ?? 0) + 1}" } }],
    },
    {
      transitionId: "submit",
      fromStateId: "opened",
      toStateId: "holding",
      event: [{ eventId: "submit", trigger: "manual" }],
    },
    { transitionId: "held", fromStateId: "holding", toStateId: "cooling" },
    {
      transitionId: "cooled",
      fromStateId: "cooling",
      toStateId: "paying",
      event: [{ eventId: "cooled", trigger: "time-based", after: "PT0.02S" }],
    },
    { transitionId: "done", fromStateId: "paying", toStateId: "paid" },
  ],
};
