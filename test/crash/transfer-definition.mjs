/**
 * The transfer of the crash campaigns: it passes whatever can be lost. Commands of a client, two calls that move
 * something outside, a timer between them, a notice of every state, a report that is always refused and holds the
 * transfer until an operator skips it, and other instances: a child that writes the receipt and sends a message, with
 * which its filing begins; a child that sends a message to the transfer, which thereupon calls it off; and a signal, with
 * which a tally begins.
 *
 *     opened --submit--> holding (call /hold) --> cooling --timer--> paying (call /pay) --> reporting (call /report)
 *       --skip--> receipt (child) --> watched (child) --seen--> paid
 */
export const BANK_ORIGIN = "http://bank.example";
export const STATE_MACHINE_ID = "crashTransfer";
/** Every transfer leaves one instance of each. */
export const COMPANION_IDS = ["crashReceipt", "crashFiling", "crashTally"];
/** Every transfer leaves one of these too, called off. */
export const WATCH_ID = "crashWatch";
/** Who skips what the bank refuses. */
export const OPERATOR = "the-operator";
/** What the bank refuses, for good. */
export const REFUSED_PATH = "/report";
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
    {
      stateId: "reporting",
      baseStateType: "task",
      entryActions: [{ ...call("report"), retryCount: 0, onError: "notify" }],
    },
    {
      stateId: "receipt",
      baseStateType: "task",
      subMachine: {
        stateMachineId: "crashReceipt",
        input: { transfer: "$instance.instanceId" },
        output: { receiptOf: "$response.transfer" },
      },
    },
    {
      stateId: "watched",
      baseStateType: "task",
      subMachine: { stateMachineId: WATCH_ID, input: { transfer: "$instance.instanceId" } },
    },
    {
      stateId: "paid",
      baseStateType: "final",
      emits: { signal: "paid", payload: { transfer: "$instance.instanceId" } },
    },
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
    { transitionId: "payment-made", fromStateId: "paying", toStateId: "reporting" },
    { transitionId: "reported", fromStateId: "reporting", toStateId: "receipt" },
    { transitionId: "written", fromStateId: "receipt", toStateId: "watched" },
    {
      transitionId: "done",
      fromStateId: "watched",
      toStateId: "paid",
      event: [{ eventId: "seen", trigger: "manual" }],
    },
  ],
};

/**
 * A machine that goes through by itself.
 * @param {string} stateMachineId
 * @param {{ startOn?: object, emits?: object }} settings
 */
const passing = (stateMachineId, { startOn, emits }) => ({
  stateMachineId,
  states: [
    { stateId: "begun", baseStateType: "initial", ...(startOn === undefined ? {} : { startOn }) },
    { stateId: "written", baseStateType: "final", ...(emits === undefined ? {} : { emits }) },
  ],
  transitions: [{ transitionId: "write", fromStateId: "begun", toStateId: "written" }],
});

/** Watches until it is called off. */
const WATCH_DEFINITION = {
  stateMachineId: WATCH_ID,
  states: [
    { stateId: "begun", baseStateType: "initial" },
    { stateId: "watching", baseStateType: "task", emits: { message: "seen", to: "$data.transfer" } },
    { stateId: "over", baseStateType: "final" },
  ],
  transitions: [
    { transitionId: "watch", fromStateId: "begun", toStateId: "watching" },
    {
      transitionId: "stop",
      fromStateId: "watching",
      toStateId: "over",
      event: [{ eventId: "stop", trigger: "manual" }],
    },
  ],
};

export const DEFINITIONS = [
  WATCH_DEFINITION,
  passing("crashReceipt", { emits: { message: "receipt", payload: { transfer: "$data.transfer" } } }),
  passing("crashFiling", { startOn: { trigger: "message", message: "receipt" } }),
  passing("crashTally", { startOn: { trigger: "signal", signal: "paid" } }),
  TRANSFER_DEFINITION,
];
