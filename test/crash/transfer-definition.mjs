/**
 * The transfer of the crash campaigns: it passes whatever can be lost. Commands of a client, two calls that move
 * something outside, a timer between them, a notice of every state, a report that is always refused and holds the
 * transfer until an operator skips it, and other instances: a child that writes the receipt and sends a message, with
 * which its filing begins; a child that sends a message to the transfer, which thereupon calls it off; and a signal, with
 * which a tally begins. With the filing a trip begins, whose child takes a seat (call /seat): the trip is refused (call
 * /depart) and rolls back to its start, and its child gives the seat back (call /free-seat). And a wire begins, which is sent
 * at most once (call /wire) to a bank that would wire it twice, and asks for it by its key (call /wired) when nobody knows.
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
/** Every transfer leaves one of these too, which rolled everything back and ended in error. */
export const TRIP_ID = "crashTrip";
/** The child of the trip: completed, and then undone. */
export const SEAT_ID = "crashSeat";
/** Every transfer leaves one of these too, completed. */
export const WIRE_ID = "crashWire";
/** What the bank does once more each time that it is asked, whatever the key. */
export const UNGUARDED_PATHS = ["/wire"];
/** Tells whether it has done anything under a key. */
export const QUESTION_PATH = "/wired";
/** What the bank refuses, for good. */
export const REFUSED_PATHS = ["/report", "/depart"];
/** What the bank is asked for once by each transfer, or by what came of it. */
export const PATHS = ["/hold", "/pay", "/seat", "/free-seat", ...UNGUARDED_PATHS, ...REFUSED_PATHS];
/** Remarks of the client on each transfer, counted by the machine. */
export const REMARKS = 5;
/** Commands of the client to each transfer: its start, the remarks, `submit`. */
export const COMMANDS = REMARKS + 2;

/**
 * @param {string} actionId
 * @param {string} transfer where the transfer is found that it is for
 */
const call = (actionId, transfer = "$instance.instanceId") => ({
  actionId,
  trigger: {
    webhook: {
      url: `${BANK_ORIGIN}/${actionId}`,
      method: "POST",
      payload: { transfer, amount: "$data.amount" },
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
        input: { transfer: "$instance.instanceId", amount: "$data.amount" },
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

const TRANSFER = { transfer: "$data.transfer", amount: "$data.amount" };
const isRefused = { retryCount: 0, onError: { strategy: "rollback", rollbackTo: "start" } };

/** Has a child take a seat, is refused, and undoes everything. */
const TRIP_DEFINITION = {
  stateMachineId: TRIP_ID,
  states: [
    { stateId: "begun", baseStateType: "initial", startOn: { trigger: "message", message: "receipt" } },
    { stateId: "seating", baseStateType: "task", subMachine: { stateMachineId: SEAT_ID, input: TRANSFER } },
    {
      stateId: "departing",
      baseStateType: "task",
      entryActions: [{ ...call("depart", TRANSFER.transfer), ...isRefused }],
    },
    { stateId: "gone", baseStateType: "final" },
    { stateId: "undone", baseStateType: "error" },
  ],
  transitions: [
    { transitionId: "seat", fromStateId: "begun", toStateId: "seating" },
    { transitionId: "depart", fromStateId: "seating", toStateId: "departing" },
    { transitionId: "go", fromStateId: "departing", toStateId: "gone" },
  ],
};

const SEAT_DEFINITION = {
  stateMachineId: SEAT_ID,
  states: [
    { stateId: "begun", baseStateType: "initial" },
    {
      stateId: "taken",
      baseStateType: "final",
      entryActions: [
        { ...call("seat", TRANSFER.transfer), compensate: call("free-seat", TRANSFER.transfer) },
      ],
    },
    { stateId: "failed", baseStateType: "error" },
  ],
  transitions: [{ transitionId: "take", fromStateId: "begun", toStateId: "taken" }],
};

const { onTimeout: _nobodyIsAsked, ...wire } = call("wire", TRANSFER.transfer);

const WIRE_DEFINITION = {
  stateMachineId: WIRE_ID,
  states: [
    { stateId: "begun", baseStateType: "initial", startOn: { trigger: "message", message: "receipt" } },
    {
      stateId: "wiring",
      baseStateType: "task",
      entryActions: [
        {
          ...wire,
          delivery: "atMostOnce",
          reconcile: {
            actionId: "wired",
            trigger: {
              webhook: {
                url: `${BANK_ORIGIN}${QUESTION_PATH}?key=\${actions.wire.key}`,
                method: "GET",
                expectedResponse: 200,
              },
            },
            timeout: "PT10S",
            retryCount: 3,
            retryDelay: "PT0.1S",
          },
        },
      ],
    },
    { stateId: "wired", baseStateType: "final" },
    { stateId: "failed", baseStateType: "error" },
  ],
  transitions: [
    { transitionId: "begin", fromStateId: "begun", toStateId: "wiring" },
    { transitionId: "arrive", fromStateId: "wiring", toStateId: "wired" },
  ],
};

export const DEFINITIONS = [
  WIRE_DEFINITION,
  WATCH_DEFINITION,
  SEAT_DEFINITION,
  TRIP_DEFINITION,
  passing("crashReceipt", { emits: { message: "receipt", payload: TRANSFER } }),
  passing("crashFiling", { startOn: { trigger: "message", message: "receipt" } }),
  passing("crashTally", { startOn: { trigger: "signal", signal: "paid" } }),
  TRANSFER_DEFINITION,
];
