/** What the compiler knows of machines given literally. Every expected error is one that the compiler must find. */
import { createEngine, type InstanceId, type MachineOf, memory, typedEngine } from "../../src/index.js";

const short = {
  id: "order",
  states: {
    open: {
      type: "initial",
      data: {
        schema: {
          type: "object",
          properties: { orderId: { type: "string" }, note: { type: ["string", "null"] } },
          required: ["orderId"],
        },
      },
      transitions: [
        { target: "sorted", event: "submit" },
        { target: "cancelled", event: [{ eventId: "cancel", trigger: "manual" }] },
        { target: "cancelled", after: "PT1H", event: "late", trigger: "timer" },
      ],
    },
    sorted: {
      type: "decision",
      transitions: [
        { target: "big", condition: "data.amount > 10" },
        { target: "small", default: true },
      ],
    },
    big: {
      type: "userTask",
      data: {
        schema: {
          type: "object",
          properties: {
            amount: { type: "number" },
            currency: { enum: ["EUR", "USD"] },
            lines: {
              type: "array",
              items: {
                type: "object",
                properties: { sku: { type: "string" }, count: { type: "integer" } },
                required: ["sku"],
                additionalProperties: false,
              },
            },
          },
        },
      },
      transitions: [{ target: "small", event: "approve" }],
    },
    small: {
      type: "final",
      data: {
        schema: { type: "object", properties: { amount: { type: "number" }, approved: { const: true } } },
      },
    },
    cancelled: { type: "error" },
  },
} as const;

const canonical = {
  stateMachineId: "parcel",
  version: 1,
  states: [
    { stateId: "packed", baseStateType: "initial" },
    {
      stateId: "sent",
      baseStateType: "final",
      data: { schema: { type: "object", properties: { trackingId: { type: "string" } } } },
    },
    {
      stateId: "lost",
      baseStateType: "error",
      data: { schema: { type: "object", properties: { reason: { type: "string" } } } },
    },
  ],
  transitions: [
    { fromStateId: ["packed"], toStateId: "sent", event: [{ eventId: "send", trigger: "manual" }] },
    { fromStateId: "*", toStateId: "lost", event: [{ eventId: "lose", trigger: "manual" }] },
  ],
} as const;

type Equal<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
const holds = <True extends true>(value?: True): void => void value;

type Order = MachineOf<typeof short>;
type Parcel = MachineOf<typeof canonical>;

holds<Equal<Order["id"], "order">>();
holds<Equal<Order["states"], "open" | "sorted" | "big" | "small" | "cancelled">>();
holds<Equal<keyof Order["events"], "submit" | "cancel" | "approve">>();
holds<Equal<keyof Parcel["events"], "send" | "lose">>();
holds<Equal<Order["events"]["submit"]["amount"], number | undefined>>();
holds<Equal<Order["events"]["submit"]["currency"], "EUR" | "USD" | undefined>>();
holds<Equal<Order["events"]["submit"]["approved"], true | undefined>>();
holds<Equal<Order["start"], { readonly orderId: string; readonly note?: string | null }>>();

export async function program(stored: string): Promise<void> {
  await using engine = await createEngine({ store: memory(), definitions: [short, canonical] });

  const { instanceId } = await engine.start("order", { data: { orderId: "o-1", note: null } });
  const parcel = await engine.start("parcel");
  // @ts-expect-error a machine that is not there
  await engine.start("ordr", { data: { orderId: "o-1" } });
  // @ts-expect-error data is required
  await engine.start("order");
  // @ts-expect-error a property that is required
  await engine.start("order", { data: {} });
  // @ts-expect-error a property that no schema declares
  await engine.start("order", { data: { orderId: "o-1", other: 1 } });

  await engine.send(instanceId, "submit", {
    data: { amount: 5, currency: "EUR", lines: [{ sku: "a" }] },
    actor: "ada",
  });
  await engine.send(instanceId, "approve", { data: { approved: true }, wait: "settled" });
  await engine.send(instanceId, "cancel", { data: { anything: 1 } });
  await engine.send(instanceId, undefined, { data: { amount: 1 } });
  await engine.send(parcel.instanceId, "send", { data: { trackingId: "t" } });
  // @ts-expect-error an event of another machine
  await engine.send(instanceId, "send");
  // @ts-expect-error a wrong type
  await engine.send(instanceId, "submit", { data: { amount: "5" } });
  // @ts-expect-error a value that is not in the enum
  await engine.send(instanceId, "submit", { data: { currency: "GBP" } });
  // @ts-expect-error a timer, not an event to send
  await engine.send(instanceId, "late");
  // @ts-expect-error a property that neither state declares
  await engine.send(instanceId, "approve", { data: { other: 1 } });

  // The id of an instance that was stored somewhere: an event of any machine.
  await engine.send(stored, "lose", { data: { reason: "fire" } });
  // @ts-expect-error an event of no machine
  await engine.send(stored, "burn");

  const done = await engine.waitFor(instanceId, { status: "completed", state: "small" });
  // @ts-expect-error a state of no machine
  await engine.waitFor(instanceId, { state: "smal" });
  holds<Equal<typeof done.data.approved, true | undefined>>();
  holds<Equal<typeof done.stateMachineId, "order">>();
  const { currentState } = await engine.get(parcel.instanceId);
  holds<Equal<typeof currentState, "packed" | "sent" | "lost">>();

  const kept: InstanceId<"order"> = stored;
  await engine.send(kept, "submit");
  const off = engine.on("completed", ({ state }) => void state.length);
  off();
  engine.on("incident", ({ incident }) => void incident.code.length);
  // @ts-expect-error there is no such event
  engine.on("finished", () => {});
  // @ts-expect-error what is given has no such property
  engine.on("transition", ({ state }) => void state);
}

/** Written inside the call, nothing needs `as const`. */
export async function inline(): Promise<void> {
  const engine = await createEngine({
    store: memory(),
    definitions: [
      { id: "lamp", states: { off: { type: "initial", transitions: [{ target: "on", event: "press" }] } } },
    ],
  });
  const { instanceId } = await engine.start("lamp");
  await engine.send(instanceId, "press");
  // @ts-expect-error no such event
  await engine.send(instanceId, "pres");
  await engine.waitFor(instanceId, { state: "on" });
  await engine.close();
}

interface TicketMachine {
  readonly id: "ticket";
  readonly states: "new" | "closed";
  readonly start: { readonly title: string };
  readonly events: { readonly close: { readonly reason?: string } };
  readonly data: { readonly title?: string; readonly reason?: string };
}

/** Interfaces, as `statewright types` writes them, in place of a literal. */
export async function generated(): Promise<void> {
  const engine = await createEngine<TicketMachine | Order>({
    store: memory(),
    definitions: ["./ticket.json"],
  });
  const { instanceId } = await engine.start("ticket", { data: { title: "x" } });
  await engine.send(instanceId, "close", { data: { reason: "done" } });
  // @ts-expect-error no such event
  await engine.send(instanceId, "submit");
  await typedEngine<TicketMachine>(engine.untyped).start("ticket", { data: { title: "y" } });
}

/** Files and texts say nothing to the compiler: everything goes, and the engine checks. */
export async function loose(text: string): Promise<void> {
  const engine = await createEngine({
    store: memory(),
    definitions: ["./order.json", text, new URL("file:///o")],
  });
  const { instanceId } = await engine.start("anything", { data: { a: 1 } });
  await engine.send(instanceId, "whatever", { data: { b: [1] } });
}
