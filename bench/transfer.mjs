/**
 * The machine that is measured: a transfer with five states, guards over data, an assignment, events with data and
 * nothing that reaches the world. Once in the language of Statewright (with or without data schemas) and once for
 * XState, with the same guards and the same data.
 *
 *     created ─submit→ review ─decide→ approved ─book→ booked ─amend→ review …   submit, decide → rejected
 */

const TEXT = { type: "string", minLength: 1, maxLength: 64 };
const AMOUNT = { type: "number", exclusiveMinimum: 0 };

const SCHEMAS = {
  created: schema({ customer: TEXT, limit: AMOUNT }, ["customer", "limit"]),
  review: schema({ amount: AMOUNT, currency: { enum: ["EUR", "USD"] }, reference: TEXT }, [
    "amount",
    "currency",
  ]),
  approved: schema({ approved: { type: "boolean" }, reviewer: TEXT, approvedAmount: AMOUNT }, [
    "approved",
    "reviewer",
  ]),
  booked: schema({ bookingId: TEXT }, ["bookingId"]),
  rejected: schema({ approved: { type: "boolean" }, reviewer: TEXT }, []),
};

/** The definition in its short form. */
export function transferDefinition({ hasSchemas }) {
  const data = (stateId) => (hasSchemas ? { data: { schema: SCHEMAS[stateId] } } : {});
  return {
    id: hasSchemas ? "checkedTransfer" : "transfer",
    states: {
      created: {
        type: "initial",
        ...data("created"),
        transitions: [
          { target: "rejected", event: "submit", condition: "event.data.amount > data.limit" },
          {
            target: "review",
            event: "submit",
            condition: "event.data.amount > 0 && event.data.currency === 'EUR'",
          },
        ],
      },
      review: {
        type: "task",
        ...data("review"),
        transitions: [
          { target: "rejected", event: "decide", condition: "event.data.approved === false" },
          {
            target: "approved",
            event: "decide",
            condition: "event.data.approved === true && data.amount <= data.limit",
            actions: [{ actionId: "keepAmount", assign: { approvedAmount: "$data.amount" } }],
          },
        ],
      },
      approved: {
        type: "task",
        ...data("approved"),
        transitions: [{ target: "booked", event: "book", condition: "data.approvedAmount === data.amount" }],
      },
      booked: {
        type: "task",
        ...data("booked"),
        transitions: [{ target: "review", event: "amend", condition: "event.data.amount > 0" }],
      },
      rejected: { type: "final", ...data("rejected") },
    },
  };
}

/**
 * The same for XState. Guards and assignments are inline functions, its fastest form; what Statewright does with an
 * event's data by itself is an assignment here.
 *
 * @param {Pick<typeof import("xstate"), "createMachine" | "assign">} xstate
 */
export function transferForXState({ createMachine, assign }) {
  const takeData = assign(({ event }) => event.data);
  const keepAmount = assign({ approvedAmount: ({ context }) => context.amount });
  return createMachine({
    id: "transfer",
    context: ({ input }) => input,
    initial: "created",
    states: {
      created: {
        on: {
          submit: [
            {
              target: "rejected",
              guard: ({ context, event }) => event.data.amount > context.limit,
              actions: takeData,
            },
            {
              target: "review",
              guard: ({ event }) => event.data.amount > 0 && event.data.currency === "EUR",
              actions: takeData,
            },
          ],
        },
      },
      review: {
        on: {
          decide: [
            { target: "rejected", guard: ({ event }) => event.data.approved === false, actions: takeData },
            {
              target: "approved",
              guard: ({ context, event }) => event.data.approved === true && context.amount <= context.limit,
              actions: [takeData, keepAmount],
            },
          ],
        },
      },
      approved: {
        on: {
          book: {
            target: "booked",
            guard: ({ context }) => context.approvedAmount === context.amount,
            actions: takeData,
          },
        },
      },
      booked: {
        on: { amend: { target: "review", guard: ({ event }) => event.data.amount > 0, actions: takeData } },
      },
      rejected: { type: "final" },
    },
  });
}

export const START_DATA = { customer: "c-1", limit: 10_000 };

const SUBMIT = { eventId: "submit", data: { amount: 120.5, currency: "EUR", reference: "invoice 7" } };

/** What goes round: an approved and booked transfer is amended and looked at again. */
const LOOP = [
  { eventId: "decide", data: { approved: true, reviewer: "ada" } },
  { eventId: "book", data: { bookingId: "b-1" } },
  { eventId: "amend", data: { amount: 99.9 } },
];

/** One whole life: 11 events from `created` to `rejected`. */
export const LIFE = [
  SUBMIT,
  ...LOOP,
  ...LOOP,
  ...LOOP,
  { eventId: "decide", data: { approved: false, reviewer: "ben" } },
];

/** The n-th event, from 0, of an instance that never ends. */
export function endlessEvent(n) {
  return n === 0 ? SUBMIT : LOOP[(n - 1) % LOOP.length];
}

function schema(properties, required) {
  return { type: "object", properties, required };
}
