/**
 * A list whose every item is an instance that does something outside. The program that is called writes down what it was
 * asked, so that it can be counted from there how often each item was done.
 *
 *     begun --> printing (forEach) --> printed          waiting --> working (function "print") --> done | failed
 */
export const LIST_MACHINE_ID = "crashList";
export const SHEET_MACHINE_ID = "crashSheet";
/** Every tenth sheet jams. */
export const JAM_EVERY = 10;

/** @param {number} sheet */
export function jams(sheet) {
  return sheet % JAM_EVERY === JAM_EVERY - 1;
}

/** @param {number} sheet */
export function stampOf(sheet) {
  return `sheet ${sheet}`;
}

export const LIST_DEFINITION = {
  id: LIST_MACHINE_ID,
  states: {
    begun: { type: "initial", transitions: [{ target: "printing" }] },
    printing: {
      type: "task",
      forEach: {
        items: "$data.sheets",
        as: "sheet",
        concurrency: 20,
        tolerate: 100_000,
        subMachine: {
          stateMachineId: SHEET_MACHINE_ID,
          input: { sheet: "$data.sheet" },
          output: { stamps: "$response.stamp", numbers: "$response.sheet" },
        },
      },
      transitions: [{ target: "printed" }],
    },
    printed: { type: "final" },
  },
};

export const SHEET_DEFINITION = {
  id: SHEET_MACHINE_ID,
  states: {
    waiting: { type: "initial", transitions: [{ target: "working" }] },
    working: {
      type: "task",
      entryActions: [
        {
          actionId: "print",
          type: "function",
          function: "print",
          output: { stamp: "$response.body.stamp" },
          timeout: "PT10S",
          onError: "abort",
        },
      ],
      transitions: [{ target: "done" }],
    },
    done: { type: "final" },
    failed: { type: "error" },
  },
};
