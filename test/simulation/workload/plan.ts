/** What clients will ask for in one run, drawn before it begins. */
import type { JsonObject } from "../../../src/core/json/json.js";
import type { Draw } from "../world/draw.js";
import { MACHINE_IDS, type MachineId } from "./definitions.js";

export interface PlannedCommand {
  readonly kind: "start" | "event" | "update" | "cancel" | "suspend" | "resume" | "retry" | "skip" | "signal";
  readonly eventId?: string;
  readonly data: JsonObject;
  /** Waited for before it is sent. */
  readonly delayMs: number;
  readonly hasKey: boolean;
  /** Sent so many times at once, under one key. */
  readonly copies: number;
  readonly isConditional: boolean;
  /** For the first child of the instance that is there, if one is. */
  readonly isForChild: boolean;
  /** Once it is answered, its key is used for another request. */
  readonly isMisused: boolean;
}

export interface InstancePlan {
  readonly instanceId: string;
  readonly machineId: MachineId;
  readonly commands: readonly PlannedCommand[];
}

type Wish = Pick<PlannedCommand, "kind"> &
  Partial<Pick<PlannedCommand, "eventId" | "data" | "isForChild" | "hasKey">>;

export function drawPlan(draw: Draw): readonly InstancePlan[] {
  const drawn = Array.from({ length: draw.between(2, 4) }, () => draw.pick(MACHINE_IDS));
  const machineIds = [...counterpartsOf(draw, drawn), ...drawn];
  return machineIds.map((machineId, index) => {
    const instanceId = `i${index + 1}`;
    const start = plan(draw, { kind: "start", data: startData(draw, machineId, instanceId) });
    const wanted = withNoise(draw, wishesOf(draw, machineId, instanceId));
    return { instanceId, machineId, commands: [{ ...start, hasKey: true, isConditional: false }, ...wanted] };
  });
}

/** Who rings is to be heard; who sends has somebody to send to, who comes first. */
function counterpartsOf(draw: Draw, drawn: readonly MachineId[]): MachineId[] {
  const listeners = drawn.includes("ringer") ? [draw.pick(["listener", "porter"] as const)] : [];
  return drawn.includes("courier") ? ["counter", ...listeners] : listeners;
}

const LEGS = ["plain", "plain", "slow", "deep", "bad"] as const;

function startData(draw: Draw, machineId: MachineId, instanceId: string): JsonObject {
  switch (machineId) {
    case "transfer":
      return { transferId: instanceId, amount: draw.between(1, 50_000) };
    case "courier":
      return { to: draw.chance(0.9) ? "i1" : "nobody" };
    case "desk":
      return { amount: draw.pick([5, 500]) };
    case "shop":
      return { amount: draw.pick([5, 5, 500, 5_000, 500_000]) };
    case "batch":
      return { items: Array.from({ length: draw.between(0, 4) }, () => draw.pick(["a", "b", "c", "bad"])) };
    case "tour":
    case "voyage":
      return { items: Array.from({ length: draw.between(0, 3) }, () => draw.pick(LEGS)) };
    default:
      return {};
  }
}

function wishesOf(draw: Draw, machineId: MachineId, instanceId: string): Wish[] {
  switch (machineId) {
    case "linear":
      return events("go");
    case "routes":
      return [
        { ...event("submit"), data: { amount: draw.pick([5, 99, 100, 5_000]) } },
        ...some(draw, 0.3, [{ kind: draw.pick(["retry", "skip"] as const) }]),
        ...events("approve", draw.pick(["approve", "deny"])),
      ];
    case "timers":
      return draw.chance(0.5) ? events("answer") : [];
    case "transfer":
      // Nobody skips what moves money.
      return [event("order"), ...answers(draw), ...some(draw, 0.3, [{ kind: "retry" }, { kind: "retry" }])];
    case "counter":
      return [...Array.from({ length: draw.between(3, 10) }, () => event("count")), event("end")];
    case "desk":
      return [event("begin"), ...some(draw, 0.6, events("looked", "answered"))];
    case "parcel":
      return parcelWishes(draw);
    case "listener":
      return [...rings(draw, instanceId), ...some(draw, 0.3, events("leave"))];
    case "porter":
      return draw.chance(0.3) ? rings(draw, instanceId) : [];
    case "ringer":
      return events("pull");
    case "courier":
      return events("send");
    case "inquiry":
      return [event("open"), ...some(draw, 0.5, events("told", "told"))];
    case "shop":
      return [event("order"), ...shopWishes(draw)];
    case "approval":
      return [event("ask"), ...some(draw, 0.2, events("leave"))];
    case "batch":
      return [event("make"), ...some(draw, 0.3, events("stop"))];
    case "tour":
    case "voyage":
      return [...journey(draw, 1), ...some(draw, 0.5, journey(draw, 2))];
  }
}

function parcelWishes(draw: Draw): Wish[] {
  const asked = some(draw, 0.4, events("ask", "reply"));
  const held = draw.chance(0.4) ? [event("hold"), ...some(draw, 0.8, events("goOn"))] : [];
  const rest = some(draw, 0.6, events("arrived", "stamped"));
  return [event("send"), ...asked, ...held, ...rest, ...some(draw, 0.15, events("recall"))];
}

function shopWishes(draw: Draw): Wish[] {
  const answer = draw.pick(["authorise", "decline"]);
  const child: Wish[] = draw.chance(0.5) ? [{ ...event(answer), isForChild: true }] : [];
  const cancelled: Wish[] = draw.chance(0.1) ? [{ kind: "cancel", isForChild: true }] : [];
  return [...child, ...cancelled, ...some(draw, 0.4, events("callOff"))];
}

/** Whoever departs again does it in another round. */
function journey(draw: Draw, round: number): Wish[] {
  const depart: Wish = { ...event("depart"), data: { round, fate: draw.pick(["sink", "sink", "float"]) } };
  const looks: Wish[] = [
    { kind: draw.pick(["retry", "skip"] as const) },
    { kind: draw.pick(["retry", "skip", "cancel"] as const), isForChild: true },
    { kind: "cancel" },
  ];
  return [depart, ...some(draw, 0.15, looks)];
}

/** Broadcasts by the client itself. */
function rings(draw: Draw, instanceId: string): Wish[] {
  return Array.from({ length: draw.between(0, 2) }, (_, index) => ({
    kind: "signal" as const,
    eventId: "bell",
    data: { ring: `${instanceId}-${index}` },
    hasKey: true,
  }));
}

/** The wrong kind of answer first, sometimes; none at all, sometimes. */
function answers(draw: Draw): Wish[] {
  const update = (confirmed: boolean | string): Wish => ({ kind: "update", data: { confirmed } });
  return [
    ...(draw.chance(0.3) ? [update("perhaps")] : []),
    ...(draw.chance(0.8) ? [update(draw.chance(0.7)), update(draw.chance(0.7))] : []),
  ];
}

function event(eventId: string): Wish {
  return { kind: "event", eventId };
}

function events(...eventIds: readonly string[]): Wish[] {
  return eventIds.map(event);
}

function some(draw: Draw, share: number, wishes: readonly Wish[]): Wish[] {
  return wishes.filter(() => draw.chance(share));
}

const NONSENSE = ["nonsense", "go", "approve", "answer", "end", "hold", "ask", "recall"];

function withNoise(draw: Draw, wishes: readonly Wish[]): PlannedCommand[] {
  return wishes.flatMap((wish) => {
    const noise = draw.chance(0.12) ? [plan(draw, event(draw.pick(NONSENSE)))] : [];
    const end = draw.chance(0.02) ? [plan(draw, { kind: "cancel" })] : [];
    const hold = draw.chance(0.04)
      ? [plan(draw, { kind: "suspend", hasKey: true }), plan(draw, { kind: "resume", hasKey: true })]
      : [];
    return [...noise, ...hold.slice(0, 1), plan(draw, wish), ...hold.slice(1), ...end];
  });
}

function plan(draw: Draw, wish: Wish): PlannedCommand {
  const drawn = {
    delayMs: draw.pick([0, 0, 5, 1_000, 30_000, 1_800_000]),
    hasKey: wish.kind !== "cancel" && draw.chance(0.85),
    copies: draw.chance(0.25) ? draw.between(2, 5) : 1,
    isConditional: draw.chance(0.05),
    isMisused: draw.chance(0.05),
  };
  return { data: {}, isForChild: false, ...drawn, ...wish };
}
