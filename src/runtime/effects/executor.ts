/**
 * The executor: makes the tries and deliveries that commits have left in the outbox, and turns their results into
 * commands. A row stays until its result is committed, so whatever dies in between is sent again, under the same key,
 * unless it is sent at most once.
 *
 * Invariants:
 * 1. A row is under way once in this process at a time: its name is its lane in the loop.
 * 2. A try has a deadline; what is not over by then is given up, and what comes later is not looked at.
 * 3. A try that is sent at most once is written down as begun before it is sent. Where that write did not come through
 *    nothing is sent; a row that is found begun is never sent again, and its result is unknown (`try-outcome.ts`).
 * 4. A delivery that fails is tried again with growing waits for 24 hours, then becomes an incident.
 */
import type { JsonObject } from "../../core/json/json.js";
import type { TryResult } from "../../core/message/try-result.js";
import type { EffectPurpose, EffectRow, Lease } from "../../ports/store.js";
import { type AttemptPurpose, NO_TELEMETRY } from "../../ports/telemetry.js";
import type { Callbacks } from "../callbacks/callbacks.js";
import type { StoredEffect } from "../commit/prepare-commit.js";
import { readEffect } from "../commit/stored-rows.js";
import type { Instances } from "../instances.js";
import { WorkLoop } from "../loop/work-loop.js";
import type { RuntimePorts } from "../runtime-ports.js";
import { type Outbox, waitAfter } from "./outbox.js";
import { type SendResult, sendEffect } from "./send-effect.js";
import { BEGUN_BEFORE, tryOutcome } from "./try-outcome.js";

export interface ExecutorSettings {
  /** Tries under way at the same time. */
  readonly maxTries: number;
  /** Deliveries under way at the same time, apart from the tries: a slow listener slows nobody. */
  readonly maxDeliveries: number;
}

interface Sendable {
  readonly key: string;
  /** Of a delivery; a try has none. */
  readonly purpose?: "global" | "callback";
  readonly request: JsonObject;
  readonly stateMachineId: string;
  readonly callbackUrl?: string;
}

/** Sending without the address would begin work that nobody can ever report. */
const UNCONFIGURED: TryResult = {
  outcome: "failed",
  code: "CALLBACK_UNCONFIGURED",
  message:
    'it waits for a callback, and the engine has no address for callbacks: give createEngine "callbacks.baseUrl", an http or https address at which this engine is reached.',
  isFinal: true,
};

type StoredTry = Extract<StoredEffect, { kind: "try" }>;

const DELIVERY_TIMEOUT_MS = 30_000;
const DELIVERY_LIFE_MS = 24 * 3_600_000;

export class Executor {
  readonly #loop: WorkLoop;
  /** Results that could not be committed yet, so that what is sent at most once need not be called unknown. */
  readonly #ended = new Map<string, TryResult>();

  constructor(
    private readonly ports: RuntimePorts,
    private readonly instances: Instances,
    private readonly outbox: Outbox,
    private readonly callbacks: Callbacks,
    private readonly lease: () => Lease,
    private readonly settings: ExecutorSettings,
  ) {
    this.#loop = new WorkLoop(ports, {
      launchDue: (nowMs) => this.#launchDue(nowMs),
      nextAtMs: (nowMs) =>
        ports.store.nextEffectAt(lease(), { afterMs: nowMs, purposes: ["action", "delivery"] }),
      trouble: "The outbox cannot be read",
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

  /** Takes no new work, lets what is under way end until the deadline, then lets go of it: it will be sent again. */
  stop(deadlineMs: number): Promise<void> {
    return this.#loop.stop(deadlineMs);
  }

  async #launchDue(nowMs: number): Promise<number> {
    const tries = await this.#launchDueOf("action", this.settings.maxTries, nowMs);
    return tries + (await this.#launchDueOf("delivery", this.settings.maxDeliveries, nowMs));
  }

  async #launchDueOf(purpose: EffectPurpose, most: number, nowMs: number): Promise<number> {
    const busy = this.#loop.underWay(purpose);
    if (busy >= most) return 0;
    const query = { purpose, dueBeforeMs: nowMs, limit: most + busy };
    const rows = await this.ports.store.dueEffects(this.lease(), query);
    if (this.#loop.isHalted) return 0;
    const launchable = rows.filter((row) => !this.#loop.isBusy(rowName(row))).slice(0, most - busy);
    for (const row of launchable) {
      this.ports.telemetry.effectLaunched(purpose, nowMs - row.dueAtMs);
      this.#launch(row);
    }
    return launchable.length;
  }

  #launch(row: EffectRow): void {
    this.ports.faults.reach("effect.before-launch");
    this.#loop.launch({
      kind: row.purpose,
      lanes: [rowName(row)],
      perform: (controller) =>
        this.#perform(row, controller).catch((error: unknown) =>
          this.#backOff(row, error, controller.signal),
        ),
    });
    this.ports.faults.reach("effect.after-launch");
  }

  async #perform(row: EffectRow, controller: AbortController): Promise<void> {
    const effect = readEffect(row);
    if (effect.kind === "deliver") return this.#deliver(row, effect, controller);
    // An instance that cannot be read cannot take the result: nothing is sent for it.
    await this.instances.snapshot(row.instanceId);
    return this.#makeTry(row, effect, controller);
  }

  async #makeTry(row: EffectRow, effect: StoredTry, controller: AbortController): Promise<void> {
    const result = await this.#resultOf(row, effect, controller);
    if (result === undefined) return;
    if (effect.delivery === "atMostOnce") this.#ended.set(rowName(row), result);
    this.ports.faults.reach("effect.before-result");
    await this.instances.submit({
      instanceId: row.instanceId,
      command: {
        type: "actionResult",
        actor: "system",
        source: "engine",
        effect: { seq: row.seq, ordinal: row.ordinal },
        key: effect.key,
        result,
      },
    });
    this.#ended.delete(rowName(row));
    this.ports.faults.reach("effect.after-result");
  }

  /** What came of the try; undefined when it was let go of, or may not be sent. */
  async #resultOf(
    row: EffectRow,
    effect: StoredTry,
    controller: AbortController,
  ): Promise<TryResult | undefined> {
    const { channel, timeoutMs, key, tryNumber, awaitsCallback } = effect;
    const isOnce = effect.delivery === "atMostOnce";
    if (isOnce && row.isBegun) return this.#ended.get(rowName(row)) ?? BEGUN_BEFORE;
    const address = { instanceId: row.instanceId, key, tryNumber };
    const callbackUrl = awaitsCallback === true ? await this.callbacks.addressOf(address) : undefined;
    if (awaitsCallback === true && callbackUrl === undefined) return UNCONFIGURED;
    // Gone: it was called off, or this row was read before it began. Whichever it is, it may not be sent.
    if (isOnce && !(await this.#begin(row))) return undefined;
    const sendable = callbackUrl === undefined ? effect : { ...effect, callbackUrl };
    const outcome = await this.#send(row, channel, sendable, timeoutMs, controller);
    return outcome.outcome === "abandoned" ? undefined : tryOutcome(outcome, isOnce);
  }

  /** True when the try may be sent now. */
  async #begin(row: EffectRow): Promise<boolean> {
    this.ports.faults.reach("effect.before-begin");
    const isFirst = await this.outbox.begin(row);
    this.ports.faults.reach("effect.after-begin");
    return isFirst;
  }

  async #deliver(
    row: EffectRow,
    effect: Extract<StoredEffect, { kind: "deliver" }>,
    controller: AbortController,
  ): Promise<void> {
    const isOfIncident = effect.key.endsWith("/incident-opened");
    if (isOfIncident) this.ports.faults.reach("incident.before-notice");
    const result = await this.#send(row, "webhook", effect, DELIVERY_TIMEOUT_MS, controller);
    if (result.outcome === "abandoned") return;
    this.ports.faults.reach("effect.before-result");
    if (result.outcome === "completed") {
      await this.outbox.end(row);
      this.ports.faults.reach("effect.after-result");
      if (isOfIncident) this.ports.faults.reach("incident.after-notice");
      return;
    }
    const nowMs = this.ports.clock.now();
    const waitMs = waitAfter(row.attempts);
    const what = `A ${effect.purpose} notice`;
    if (nowMs + waitMs < effect.createdAtMs + DELIVERY_LIFE_MS) {
      const message = `${what} could not be delivered and will be tried again: ${result.message}`;
      this.ports.logger.warn(message, { instanceId: row.instanceId });
      await this.outbox.tryAgainAt(row, nowMs + waitMs);
      this.ports.faults.reach("effect.after-result");
      return;
    }
    await this.instances.submit({
      instanceId: row.instanceId,
      command: {
        type: "deliveryFailed",
        actor: "system",
        source: "engine",
        effect: { seq: row.seq, ordinal: row.ordinal },
        message: `${what} was given up after 24 hours: ${result.message}`,
      },
    });
    this.ports.faults.reach("effect.after-result");
  }

  #send(
    row: EffectRow,
    channelName: string,
    effect: Sendable,
    timeoutMs: number,
    controller: AbortController,
  ): Promise<SendResult> {
    const request = {
      idempotencyKey: effect.key,
      instanceId: row.instanceId,
      stateMachineId: effect.stateMachineId,
      settings: effect.request,
      ...(effect.callbackUrl === undefined ? {} : { callbackUrl: effect.callbackUrl }),
    };
    const sent = sendEffect(this.ports, channelName, request, timeoutMs, controller);
    this.#measure(channelName, effect.purpose ?? "action", sent);
    return sent;
  }

  /** Beside the work, so that what is measured runs as what is not. */
  #measure(channelName: string, purpose: AttemptPurpose, sent: Promise<SendResult>): void {
    const { telemetry } = this.ports;
    if (telemetry === NO_TELEMETRY) return;
    const beganAt = telemetry.now();
    sent.then(
      ({ outcome }) => telemetry.attempt(channelName, purpose, outcome, telemetry.now() - beganAt),
      () => {},
    );
  }

  /** The result could not be recorded: the row is still there and is sent again, later. */
  async #backOff(row: EffectRow, error: unknown, signal: AbortSignal): Promise<void> {
    this.ports.logger.error("A result could not be recorded; it will be asked for again.", {
      instanceId: row.instanceId,
      error: String(error),
    });
    if (!this.#loop.isHalted) await this.outbox.backOff(row, signal);
  }
}

function rowName(row: EffectRow): string {
  return `${row.instanceId}/${row.seq}.${row.ordinal}`;
}
