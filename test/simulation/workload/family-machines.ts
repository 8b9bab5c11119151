/** Machines that run others: one child, or one for each item of a list. */
import type { JsonObject } from "../../../src/core/json/json.js";
import { call, NOTICES } from "./definition-parts.js";

/** Its payment is a child, which may wait, fail, be called off or come too late. */
const shop: JsonObject = {
  id: "shop",
  globalCallbackHandler: NOTICES,
  states: {
    open: { type: "initial", transitions: [{ target: "paying", event: "order" }] },
    paying: {
      type: "task",
      subMachine: {
        stateMachineId: "payment",
        input: { amount: "$data.amount" },
        output: { receipt: "$response.receipt" },
      },
      transitions: [
        { target: "thanking" },
        { target: "refused", event: "error.CARD_DECLINED" },
        { target: "calledOff", event: "callOff" },
        { target: "tooLate", after: "PT3H" },
      ],
    },
    thanking: { type: "task", entryActions: [call("thank")], transitions: [{ target: "paid" }] },
    paid: { type: "final" },
    refused: { type: "final" },
    calledOff: { type: "final" },
    tooLate: { type: "final" },
    failed: { type: "error" },
  },
};

const payment: JsonObject = {
  id: "payment",
  states: {
    requested: {
      type: "initial",
      data: { schema: { type: "object", properties: { amount: { type: "number", maximum: 90000 } } } },
      transitions: [{ target: "sized" }],
    },
    sized: {
      type: "decision",
      transitions: [
        { target: "declined", condition: "data.amount > 1000" },
        { target: "asking", condition: "data.amount > 100" },
        { target: "charging", default: true },
      ],
    },
    asking: {
      type: "wait",
      transitions: [
        { target: "charging", event: "authorise" },
        { target: "declined", event: "decline" },
        { target: "charging", after: "PT4H" },
      ],
    },
    charging: {
      type: "task",
      entryActions: [
        call("charge"),
        { actionId: "keep", type: "assign", assign: { receipt: "R-${data.amount}" } },
      ],
      transitions: [{ target: "charged" }],
    },
    charged: { type: "final" },
    declined: { type: "final", throws: { error: "CARD_DECLINED" } },
    failed: { type: "error" },
  },
};

/** A piece for each item, two at a time; one bad one is tolerated. */
const batch: JsonObject = {
  id: "batch",
  states: {
    planned: { type: "initial", transitions: [{ target: "making", event: "make" }] },
    making: {
      type: "task",
      forEach: {
        items: "$data.items",
        as: "item",
        concurrency: 2,
        tolerate: 1,
        subMachine: {
          stateMachineId: "piece",
          input: { item: "$data.item" },
          output: { made: "$response.made" },
        },
      },
      transitions: [
        { target: "packing" },
        { target: "spoilt", event: "error" },
        { target: "stopped", event: "stop" },
      ],
    },
    packing: { type: "task", entryActions: [call("pack")], transitions: [{ target: "packed" }] },
    packed: { type: "final" },
    spoilt: { type: "final" },
    stopped: { type: "final" },
    failed: { type: "error" },
  },
};

const piece: JsonObject = {
  id: "piece",
  states: {
    given: { type: "initial", transitions: [{ target: "looking" }] },
    looking: {
      type: "decision",
      transitions: [
        { target: "bad", condition: "data.item === 'bad'" },
        { target: "shaping", default: true },
      ],
    },
    shaping: {
      type: "task",
      entryActions: [
        call("shape", { retryCount: 1 }),
        { actionId: "mark", type: "assign", assign: { made: "made-${data.item}" } },
      ],
      transitions: [{ target: "shaped" }],
    },
    shaped: { type: "final" },
    bad: { type: "final", throws: { error: "BAD_ITEM" } },
    failed: { type: "error" },
  },
};

export const FAMILY_MACHINES: readonly JsonObject[] = [shop, payment, batch, piece];
