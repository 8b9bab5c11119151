/** What clients will ask for in one run, drawn before it begins. */
import type { JsonObject } from "../../../src/core/json/json.js";
import type { Draw } from "../world/draw.js";
import { MACHINE_IDS, type MachineId } from "./definitions.js";

export interface PlannedCommand {
  readonly kind: "start" | "event" | "update" | "cancel";
  readonly eventId?: string;
  readonly data: JsonObject;
  /** Waited for before it is sent. */
  readonly delayMs: number;
  readonly hasKey: boolean;
  /** Sent so many times at once, under one key. */
  readonly copies: number;
  readonly isConditional: boolean;
}

export interface InstancePlan {
  readonly instanceId: string;
  readonly machineId: MachineId;
  readonly commands: readonly PlannedCommand[];
}

export function drawPlan(draw: Draw): readonly InstancePlan[] {
  return Array.from({ length: draw.between(3, 6) }, (_, index) => {
    const machineId = draw.pick(MACHINE_IDS);
    const instanceId = `i${index + 1}`;
    const start = plan(draw, {
      kind: "start",
      data: machineId === "transfer" ? order(draw, instanceId) : {},
    });
    const wanted = withNoise(draw, commandsOf(draw, machineId));
    return { instanceId, machineId, commands: [{ ...start, hasKey: true, isConditional: false }, ...wanted] };
  });
}

function commandsOf(draw: Draw, machineId: MachineId): PlannedCommand[] {
  const event = (eventId: string, data: JsonObject = {}): PlannedCommand =>
    plan(draw, { kind: "event", eventId, data });
  switch (machineId) {
    case "linear":
      return [event("go")];
    case "routes":
      return [
        event("submit", { amount: draw.pick([5, 99, 100, 5_000]) }),
        event("approve"),
        event(draw.pick(["approve", "deny"])),
      ];
    case "timers":
      return draw.chance(0.5) ? [event("answer")] : [];
    case "transfer":
      return [event("order"), ...answers(draw)];
    case "counter":
      return [...Array.from({ length: draw.between(4, 12) }, () => event("count")), event("end")];
  }
}

/** The wrong kind of answer first, sometimes; none at all, sometimes. */
function answers(draw: Draw): PlannedCommand[] {
  const update = (confirmed: boolean | string): PlannedCommand =>
    plan(draw, { kind: "update", data: { confirmed } });
  return [
    ...(draw.chance(0.3) ? [update("perhaps")] : []),
    ...(draw.chance(0.8) ? [update(draw.chance(0.7)), update(draw.chance(0.7))] : []),
  ];
}

function withNoise(draw: Draw, commands: readonly PlannedCommand[]): PlannedCommand[] {
  return commands.flatMap((command) => {
    const noise = draw.chance(0.15)
      ? [
          plan(draw, {
            kind: "event",
            eventId: draw.pick(["nonsense", "go", "approve", "answer", "end"]),
            data: {},
          }),
        ]
      : [];
    const end = draw.chance(0.02) ? [plan(draw, { kind: "cancel", data: {} })] : [];
    return [...noise, command, ...end];
  });
}

function plan(
  draw: Draw,
  what: Pick<PlannedCommand, "kind" | "data"> & { readonly eventId?: string },
): PlannedCommand {
  return {
    ...what,
    delayMs: draw.pick([0, 0, 5, 1_000, 30_000, 1_800_000]),
    hasKey: what.kind !== "cancel" && draw.chance(0.85),
    copies: draw.chance(0.25) ? draw.between(2, 5) : 1,
    isConditional: draw.chance(0.05),
  };
}

function order(draw: Draw, transferId: string): JsonObject {
  return { transferId, amount: draw.between(1, 50_000) };
}
