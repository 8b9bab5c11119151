/**
 * Machines that undo what they did. A journey books, has a leg made for each item, pays, and may sink; then everything is
 * undone, and it can depart again or is over. By convention `/undo-x` undoes `/x`, which the oracle goes by.
 */
import type { JsonObject } from "../../../src/core/json/json.js";
import { NOTICES, roundCall } from "./definition-parts.js";

/** Actions that are undone when their journey is. */
export const UNDOABLE: readonly string[] = ["book", "advance", "take", "ride"];
/** What journeys and their legs run on. */
export const UNDO_MACHINE_IDS: readonly string[] = ["tour", "voyage", "leg"];

const ROUND = "${data.round ?? 0}";

function undoable(actionId: string, settings: JsonObject = {}): JsonObject {
  return roundCall(actionId, ROUND, {
    compensate: roundCall(`undo-${actionId}`, ROUND, { retryCount: 2 }),
    ...settings,
  });
}

function journey(id: string, rollbackTo: string): JsonObject {
  const back = { strategy: "rollback", rollbackTo };
  return {
    id,
    globalCallbackHandler: NOTICES,
    globalErrorHandler: { onError: back, onTimeout: "abort" },
    states: {
      planned: { type: "initial", transitions: [{ target: "booking", event: "depart" }] },
      booking: {
        type: "task",
        entryActions: [undoable("book", { onError: back })],
        transitions: [{ target: "travelling" }],
      },
      travelling: {
        type: "task",
        forEach: {
          items: "$data.items",
          as: "item",
          concurrency: 2,
          subMachine: { stateMachineId: "leg", input: { item: "$data.item", round: "$data.round" } },
        },
        transitions: [{ target: "paying" }],
      },
      paying: {
        type: "task",
        entryActions: [undoable("advance", { onError: back })],
        transitions: [{ target: "deciding" }],
      },
      deciding: {
        type: "decision",
        transitions: [
          { target: "sinking", condition: "data.fate === 'sink'" },
          { target: "arrived", default: true },
        ],
      },
      sinking: {
        type: "task",
        entryActions: [roundCall("sink", ROUND, { onError: back })],
        transitions: [{ target: "arrived" }],
      },
      arrived: { type: "final" },
      failed: { type: "error" },
    },
  };
}

/** Some break off after their first half, some rest for a while, some have a leg of their own made. */
const leg: JsonObject = {
  id: "leg",
  states: {
    given: { type: "initial", transitions: [{ target: "taking" }] },
    taking: { type: "task", entryActions: [undoable("take")], transitions: [{ target: "looking" }] },
    looking: {
      type: "decision",
      transitions: [
        { target: "broken", condition: "data.item === 'bad'" },
        { target: "resting", condition: "data.item === 'slow'" },
        { target: "deeper", condition: "data.item === 'deep'" },
        { target: "riding", default: true },
      ],
    },
    resting: { type: "wait", transitions: [{ target: "riding", after: "PT1H" }] },
    deeper: {
      type: "task",
      subMachine: { stateMachineId: "leg", input: { item: "plain", round: "$data.round" } },
      transitions: [{ target: "riding" }],
    },
    riding: { type: "task", entryActions: [undoable("ride")], transitions: [{ target: "ridden" }] },
    ridden: { type: "final" },
    broken: { type: "final", throws: { error: "LEG_BROKEN" } },
    failed: { type: "error" },
  },
};

export const UNDO_MACHINES: readonly JsonObject[] = [
  journey("tour", "planned"),
  journey("voyage", "start"),
  leg,
];
