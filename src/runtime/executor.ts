/**
 * The executor: makes the tries and deliveries that commits have left in the outbox, and turns their results into
 * commands. A row stays until its result is committed, so whatever dies in between is sent again, under the same key.
 *
 * Invariants:
 * 1. A row is under way once in this process at a time.
 * 2. A try has a deadline; what is not over by then is given up, and what comes later is not looked at.
 * 3. A delivery that fails is tried again with growing waits for 24 hours, then becomes an incident.
 */
import type { JsonObject } from "../core/json/json.js";
import type { TryResult } from "../core/message/command.js";
import type { ChannelOutcome } from "../ports/channel.js";
import type { EffectRow, Lease } from "../ports/store.js";
import type { Committer } from "./commit.js";
import type { Instances } from "./instances.js";
import type { StoredEffect } from "./prepare-commit.js";
import { Pulse } from "./pulse.js";
import type { RuntimePorts } from "./runtime-ports.js";

export interface ExecutorSettings {
  /** Tries under way at the same time. */
  readonly maxTries: number;
  /** Deliveries under way at the same time, apart from the tries: a slow listener slows nobody. */
  readonly maxDeliveries: number;
}

const DELIVERY_TIMEOUT_MS = 30_000;
const DELIVERY_LIFE_MS = 24 * 3_600_000;
const DELIVERY_FIRST_WAIT_MS = 1_000;
const DELIVERY_MAX_WAIT_MS = 10 * 60_000;
const STORE_TROUBLE_WAIT_MS = 1_000;

export class Executor {
  readonly #underWay = new Map<
    string,
    { readonly purpose: EffectRow["purpose"]; readonly done: Promise<void>; readonly abort: () => void }
  >();
  readonly #pulse: Pulse;
  #isStopping = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: RuntimePorts,
    private readonly instances: Instances,
    private readonly committer: Committer,
    private readonly lease: () => Lease,
    private readonly settings: ExecutorSettings,
  ) {
    this.#pulse = new Pulse(ports.clock);
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** There may be something to do. */
  wake(): void {
    this.#pulse.beat();
  }

  /** Takes no new work, lets what is under way end until the deadline, then lets go of it: it will be sent again. */
  async stop(deadlineMs: number): Promise<void> {
    this.#isStopping = true;
    this.#pulse.beat();
    await this.#loop;
    const letGo = (): void => {
      for (const { abort } of this.#underWay.values()) abort();
    };
    if (deadlineMs <= this.ports.clock.now()) letGo();
    const cancel = this.ports.clock.wakeAt(deadlineMs, letGo);
    while (this.#underWay.size > 0) await Promise.all([...this.#underWay.values()].map((work) => work.done));
    cancel();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      let nextAtMs: number | undefined;
      try {
        const launched = await this.#launchDue();
        if (launched > 0) continue;
        nextAtMs = await this.#nextAt();
      } catch (error) {
        this.ports.logger.error("The outbox cannot be read; trying again in a second.", {
          error: String(error),
        });
        nextAtMs = this.ports.clock.now() + STORE_TROUBLE_WAIT_MS;
      }
      await this.#pulse.next(nextAtMs);
    }
  }

  /** Only what lies in the future is waited for: what is due and not launched is under way and beats when it ends. */
  #nextAt(): Promise<number | undefined> {
    return this.ports.store.nextEffectAt(this.lease(), this.ports.clock.now());
  }

  async #launchDue(): Promise<number> {
    const tries = await this.#launchDueOf("action", this.settings.maxTries);
    return tries + (await this.#launchDueOf("delivery", this.settings.maxDeliveries));
  }

  async #launchDueOf(purpose: EffectRow["purpose"], most: number): Promise<number> {
    const busy = [...this.#underWay.values()].filter((work) => work.purpose === purpose).length;
    if (busy >= most) return 0;
    const query = { purpose, dueBeforeMs: this.ports.clock.now(), limit: most + busy };
    const rows = await this.ports.store.dueEffects(this.lease(), query);
    if (this.#isStopping) return 0;
    const launchable = rows.filter((row) => !this.#underWay.has(rowName(row))).slice(0, most - busy);
    for (const row of launchable) this.#launch(row);
    return launchable.length;
  }

  #launch(row: EffectRow): void {
    const controller = new AbortController();
    const effect = JSON.parse(row.text) as StoredEffect;
    const work =
      effect.kind === "try" ? this.#makeTry(row, effect, controller) : this.#deliver(row, effect, controller);
    const done = work
      .catch((error: unknown) => this.#backOff(row, error))
      .then(() => {
        this.#underWay.delete(rowName(row));
        this.#pulse.beat();
      });
    this.#underWay.set(rowName(row), {
      purpose: row.purpose,
      done,
      abort: () => controller.abort("stopping"),
    });
  }

  async #makeTry(
    row: EffectRow,
    effect: Extract<StoredEffect, { kind: "try" }>,
    controller: AbortController,
  ): Promise<void> {
    const outcome = await this.#send(row, effect.channel, effect, effect.timeoutMs, controller);
    if (controller.signal.reason === "stopping") return;
    await this.instances.submit({
      instanceId: row.instanceId,
      command: {
        type: "actionResult",
        actor: "system",
        source: "engine",
        effect: { seq: row.seq, ordinal: row.ordinal },
        key: effect.key,
        result: outcome,
      },
    });
  }

  async #deliver(
    row: EffectRow,
    effect: Extract<StoredEffect, { kind: "deliver" }>,
    controller: AbortController,
  ): Promise<void> {
    const outcome = await this.#send(row, "webhook", effect, DELIVERY_TIMEOUT_MS, controller);
    if (controller.signal.reason === "stopping") return;
    if (outcome.outcome === "completed") {
      await this.committer.commit({ kind: "delivery", effectId: row, change: "ended" });
      return;
    }
    const nowMs = this.ports.clock.now();
    const waitMs = Math.min(DELIVERY_FIRST_WAIT_MS * 2 ** row.attempts, DELIVERY_MAX_WAIT_MS);
    if (nowMs + waitMs < effect.createdAtMs + DELIVERY_LIFE_MS) {
      this.ports.logger.warn(
        `A ${effect.purpose} notice could not be delivered and will be tried again: ${outcome.message}`,
        { instanceId: row.instanceId },
      );
      await this.committer.commit({
        kind: "delivery",
        effectId: row,
        change: { dueAtMs: nowMs + waitMs, attempts: row.attempts + 1 },
      });
      return;
    }
    await this.instances.submit({
      instanceId: row.instanceId,
      command: {
        type: "deliveryFailed",
        actor: "system",
        source: "engine",
        effect: { seq: row.seq, ordinal: row.ordinal },
        message: `A ${effect.purpose} notice was given up after 24 hours: ${outcome.message}`,
      },
    });
  }

  async #send(
    row: EffectRow,
    channelName: string,
    effect: { readonly key: string; readonly request: JsonObject; readonly stateMachineId: string },
    timeoutMs: number,
    controller: AbortController,
  ): Promise<TryResult> {
    const channel = this.ports.channels.get(channelName);
    if (channel === undefined) {
      return {
        outcome: "failed",
        code: "ACTION_FAILED",
        message: `There is no channel "${channelName}" here.`,
        isFinal: true,
      };
    }
    let hasRunOut = false;
    const cancel = this.ports.clock.wakeAt(this.ports.clock.now() + timeoutMs, () => {
      hasRunOut = true;
      controller.abort("timeout");
    });
    try {
      this.ports.faults.reach("effect.before-send");
      const outcome: ChannelOutcome = await channel.send(
        {
          idempotencyKey: effect.key,
          instanceId: row.instanceId,
          stateMachineId: effect.stateMachineId,
          settings: effect.request,
        },
        controller.signal,
      );
      this.ports.faults.reach("effect.after-send");
      if (hasRunOut && outcome.outcome === "failed")
        return { outcome: "timeout", message: `no answer within ${timeoutMs} ms` };
      return outcome;
    } finally {
      cancel();
    }
  }

  /** The result could not be committed: the row is still there and is sent again, a moment later. */
  async #backOff(row: EffectRow, error: unknown): Promise<void> {
    this.ports.logger.error("A result could not be recorded; it will be asked for again.", {
      instanceId: row.instanceId,
      error: String(error),
    });
    if (this.#isStopping) return;
    await new Promise<void>((resolve) => {
      this.ports.clock.wakeAt(this.ports.clock.now() + STORE_TROUBLE_WAIT_MS, resolve);
    });
  }
}

function rowName(row: EffectRow): string {
  return `${row.instanceId}/${row.seq}.${row.ordinal}`;
}
