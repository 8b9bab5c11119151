/**
 * The loop that does what instances ask of each other: children, signals, messages. Each is a row of the outbox that stays
 * until what it asks is committed, so whatever dies in between is done again, under the same key.
 *
 * Invariants:
 * 1. Those of one instance are done in the order in which they were decided. Starts of children that follow each other
 *    are made together: they never meet.
 * 2. A row ends after the commit that it asked for, and never before.
 * 3. What children tell one parent goes in one command, as far as it is there when it is looked for.
 * 4. One that cannot be done is tried again with growing waits, and holds up nothing but its own instance.
 */
import type { EffectRow, Lease } from "../../ports/store.js";
import { readLink } from "../commit/stored-rows.js";
import type { Outbox } from "../effects/outbox.js";
import { WorkLoop } from "../loop/work-loop.js";
import type { RuntimePorts } from "../runtime-ports.js";
import { broadcastLink } from "./broadcast.js";
import { cancelChild } from "./cancel-child.js";
import { compensateChild, tellCompensated } from "./compensate-child.js";
import type { Link, LinkOutcome, LinkWorld } from "./link.js";
import { isOf, type LinkUnit, linkUnits } from "./link-units.js";
import { sendMessage } from "./send-message.js";
import { startChild } from "./start-child.js";
import { tellParent } from "./tell-parent.js";

/** Rows of one look, beside those under way: enough that a parent of many children hides nobody. */
const LOOK = 500;
const MAX_STARTS_TOGETHER = 100;
const KIND = "link";

export class Links {
  readonly #loop: WorkLoop;

  constructor(
    private readonly ports: RuntimePorts,
    private readonly world: LinkWorld,
    private readonly outbox: Outbox,
    private readonly lease: () => Lease,
    /** Units under way at the same time, apart from tries and deliveries. */
    private readonly maxUnderWay: number,
  ) {
    this.#loop = new WorkLoop(ports, {
      launchDue: (nowMs) => this.#launchDue(nowMs),
      nextAtMs: (nowMs) => ports.store.nextEffectAt(lease(), { afterMs: nowMs, purposes: [KIND] }),
      trouble: "What instances ask of each other cannot be read",
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** There may be something to do. */
  wake(): void {
    this.#loop.wake();
  }

  /** Takes no new work. */
  halt(): void {
    this.#loop.halt();
  }

  /** Takes no new work and lets what is under way end: nothing of it waits for the outside. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #launchDue(nowMs: number): Promise<number> {
    const most = this.maxUnderWay - this.#loop.underWay(KIND);
    if (most <= 0) return 0;
    const limit = LOOK + this.#loop.busyLanes;
    const rows = await this.ports.store.dueEffects(this.lease(), {
      purpose: KIND,
      dueBeforeMs: nowMs,
      limit,
    });
    if (this.#loop.isHalted) return 0;
    const units = linkUnits(rows, (lane) => this.#loop.isBusy(lane)).slice(0, most);
    for (const unit of units) this.#launch(unit, nowMs);
    return units.length;
  }

  #launch(unit: LinkUnit, nowMs: number): void {
    this.ports.faults.reach("link.before-launch");
    for (const { dueAtMs } of "error" in unit ? [unit.row] : unit.links.map(({ row }) => row)) {
      this.ports.telemetry.effectLaunched(KIND, nowMs - dueAtMs);
    }
    this.#loop.launch({
      kind: KIND,
      lanes: unit.lanes,
      perform: ({ signal }) => this.#perform(unit, nowMs, signal),
    });
    this.ports.faults.reach("link.after-launch");
  }

  async #perform(unit: LinkUnit, nowMs: number, signal: AbortSignal): Promise<void> {
    if ("error" in unit) return this.#backOff([unit.row], unit.error, signal);
    const { links } = unit;
    const [first] = links;
    if (first === undefined) return;
    const { world } = this;
    if (isOf("tell-parent", first)) {
      const told = links.filter((link) => isOf("tell-parent", link));
      return this.#make(links, () => tellParent(world, told), signal);
    }
    if (isOf("start-child", first)) {
      const starts = await this.#startsFrom(first, nowMs);
      await Promise.all(starts.map((link) => this.#make([link], () => startChild(world, link), signal)));
      return;
    }
    return this.#make([first], () => ask(world, first), signal);
  }

  /** The start and those that come right behind it. */
  async #startsFrom(first: Link<"start-child">, nowMs: number): Promise<readonly Link<"start-child">[]> {
    const { instanceId } = first.row;
    try {
      const rows = await this.ports.store.loadOrderedEffects({
        instanceId,
        purpose: KIND,
        limit: MAX_STARTS_TOGETHER,
      });
      const starts: Link<"start-child">[] = [];
      for (const row of rows) {
        const link = { row, effect: readLink(row) } as Link;
        if (row.dueAtMs > nowMs || !isOf("start-child", link)) break;
        starts.push(link);
      }
      return starts.length === 0 ? [first] : starts;
    } catch {
      // Whatever is wrong with those behind it, it is found when it is their turn.
      return [first];
    }
  }

  async #make(
    links: readonly Link[],
    asking: () => Promise<LinkOutcome>,
    signal: AbortSignal,
  ): Promise<void> {
    const [first] = links;
    if (first === undefined) return;
    const name = nameOf(first);
    try {
      this.ports.faults.reach(`${name}.before`);
      const outcome = await asking();
      // The engine is stopping: whatever is left would be looked at again and again until it has.
      if (outcome === "left") return this.halt();
      this.ports.faults.reach(`${name}.after`);
      this.ports.faults.reach("link.before-end");
      if (outcome === "asked") await Promise.all(links.map(({ row }) => this.outbox.end(row)));
      this.ports.faults.reach("link.after-end");
    } catch (error) {
      const rows = links.map(({ row }) => row);
      await this.#backOff(rows, error, signal);
    }
  }

  async #backOff(rows: readonly EffectRow[], error: unknown, signal: AbortSignal): Promise<void> {
    const [first] = rows;
    this.ports.logger.error("What an instance asked of another could not be done; it will be tried again.", {
      instanceId: first?.instanceId ?? "",
      error: String(error),
    });
    if (!this.#loop.isHalted) await Promise.all(rows.map((row) => this.outbox.backOff(row, signal)));
  }
}

/** As its points are named. */
function nameOf({ effect }: Link) {
  if (effect.kind !== "send-message") return effect.kind;
  return effect.to === undefined ? "message" : "message-to";
}

function ask(world: LinkWorld, link: Link): Promise<LinkOutcome> {
  if (isOf("start-child", link)) return startChild(world, link);
  if (isOf("cancel-child", link)) return cancelChild(world, link);
  if (isOf("tell-parent", link)) return tellParent(world, [link]);
  if (isOf("compensate-child", link)) return compensateChild(world, link);
  if (isOf("tell-compensated", link)) return tellCompensated(world, link);
  if (isOf("broadcast", link)) return broadcastLink(world, link);
  return sendMessage(world, link);
}
