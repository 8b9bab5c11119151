/** Machines with one token: calls, decisions, error routes, timers, money. None comes back to a state. */
import type { JsonObject } from "../../../src/core/json/json.js";
import { automatic, bank, call, manual, NOTICES, TOLD_URL, timed } from "./definition-parts.js";

/** Two calls in a row, each with tries, a listener for each change and one for an action. */
const linear: JsonObject = {
  stateMachineId: "linear",
  globalCallbackHandler: NOTICES,
  states: [
    { stateId: "begun", baseStateType: "initial", entryActions: [call("greet")] },
    {
      stateId: "working",
      baseStateType: "task",
      entryActions: [call("first"), call("second", { callback: { webhook: { url: TOLD_URL } } })],
    },
    { stateId: "done", baseStateType: "final", entryActions: [call("goodbye", { retryCount: 1 })] },
    { stateId: "failed", baseStateType: "error" },
  ],
  transitions: [manual("go", "begun", "working"), automatic("finish", "working", "done")],
};

/** A decision, an error route, rounds of tries, and a person who may have to look. */
const routes: JsonObject = {
  stateMachineId: "routes",
  states: [
    { stateId: "begun", baseStateType: "initial" },
    {
      stateId: "checking",
      baseStateType: "task",
      entryActions: [call("check", { retryCount: 1, onError: ["retry", "abort"] })],
    },
    { stateId: "sized", baseStateType: "decision" },
    { stateId: "byHand", baseStateType: "userTask" },
    { stateId: "small", baseStateType: "task", entryActions: [call("small", { onError: "notify" })] },
    { stateId: "approved", baseStateType: "final" },
    { stateId: "denied", baseStateType: "final" },
    { stateId: "failed", baseStateType: "error" },
  ],
  transitions: [
    manual("submit", "begun", "checking"),
    automatic("checked", "checking", "sized"),
    { ...manual("error", "checking", "byHand"), transitionId: "checkFailed" },
    automatic("isSmall", "sized", "small", "data.amount < 100"),
    { ...automatic("isLarge", "sized", "byHand"), default: true },
    automatic("smallDone", "small", "approved"),
    manual("approve", "byHand", "approved"),
    manual("deny", "byHand", "denied"),
  ],
};

/** Waits of an hour and of a day, which an answer may end. */
const timers: JsonObject = {
  stateMachineId: "timers",
  states: [
    { stateId: "asked", baseStateType: "initial" },
    { stateId: "reminded", baseStateType: "wait", entryActions: [call("remind", { onError: "log" })] },
    { stateId: "answered", baseStateType: "final" },
    { stateId: "expired", baseStateType: "final", entryActions: [call("expire", { onError: "ignore" })] },
  ],
  transitions: [
    manual("answer", "asked", "answered"),
    timed("hour", "asked", "reminded", "PT1H"),
    { ...manual("answer", "reminded", "answered"), transitionId: "lateAnswer" },
    timed("day", "reminded", "expired", "P1D"),
  ],
};

/** Money is held, confirmed and paid, or given back. */
const transfer: JsonObject = {
  stateMachineId: "transfer",
  globalCallbackHandler: NOTICES,
  states: [
    { stateId: "begun", baseStateType: "initial" },
    { stateId: "reserving", baseStateType: "task", entryActions: [bank("reserve", {})] },
    {
      stateId: "confirming",
      baseStateType: "userTask",
      data: {
        schema: { type: "object", properties: { confirmed: { type: "boolean" } }, required: ["confirmed"] },
      },
    },
    {
      stateId: "paying",
      baseStateType: "task",
      entryActions: [bank("post", { retryCount: 6, onError: "notify" })],
    },
    {
      stateId: "givingBack",
      baseStateType: "task",
      entryActions: [bank("void", { retryCount: 6, onError: "notify" })],
    },
    { stateId: "paid", baseStateType: "final" },
    { stateId: "calledOff", baseStateType: "final" },
  ],
  transitions: [
    manual("order", "begun", "reserving"),
    automatic("reserved", "reserving", "confirming"),
    { ...manual("error", "reserving", "givingBack"), transitionId: "notReserved" },
    automatic("agreed", "confirming", "paying", "data.confirmed === true"),
    automatic("declined", "confirming", "givingBack", "data.confirmed === false"),
    timed("forgotten", "confirming", "givingBack", "PT2H"),
    automatic("posted", "paying", "paid"),
    automatic("voided", "givingBack", "calledOff"),
  ],
};

/** Counts in its data: whatever acts twice shows. */
const counter: JsonObject = {
  stateMachineId: "counter",
  states: [
    { stateId: "counting", baseStateType: "initial" },
    { stateId: "counted", baseStateType: "final" },
  ],
  transitions: [
    {
      transitionId: "count",
      fromStateId: "counting",
      event: [{ eventId: "count", trigger: "manual" }],
      actions: [{ actionId: "add", type: "assign", assign: { n: "${(data.n ?? 0) + 1}" } }],
    },
    manual("end", "counting", "counted"),
  ],
};

/** Somebody outside decides, and calls back when he has. */
const approval: JsonObject = {
  stateMachineId: "approval",
  states: [
    { stateId: "begun", baseStateType: "initial" },
    {
      stateId: "asking",
      baseStateType: "task",
      entryActions: [
        call("approve", {
          callback: { webhook: { await: true, timeout: "PT2M" } },
          output: { address: "$response.body.address" },
        }),
      ],
    },
    { stateId: "approved", baseStateType: "final" },
    { stateId: "left", baseStateType: "final" },
    { stateId: "failed", baseStateType: "error" },
  ],
  transitions: [
    manual("ask", "begun", "asking"),
    automatic("decided", "asking", "approved"),
    { ...manual("leave", "asking", "left"), interrupts: true },
  ],
};

export const FLAT_MACHINES: readonly JsonObject[] = [linear, routes, timers, transfer, counter, approval];
