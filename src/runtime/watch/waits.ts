/**
 * Waiting for an instance: for any condition on its snapshot, or for a status, a state and rest.
 *
 * Invariants:
 * 1. The present snapshot counts, and every commit after it; a commit that comes between the look and the wait is not missed.
 * 2. A wait ends by itself: with its snapshot, when its time is up, or when the engine stops.
 * 3. What can never come is not waited for: an ended instance changes its status and state no more.
 */

import { currentStates } from "../../core/current-states.js";
import { StatewrightError } from "../../core/errors.js";
import type { InstanceStatus, Snapshot } from "../../core/model/snapshot.js";
import { isSettled } from "../../core/settled.js";
import type { Clock } from "../../ports/clock.js";
import type { WaitRequest } from "../requests.js";
import type { Committed } from "../watchers.js";

export const DEFAULT_WAIT_MS = 30_000;

export type WaitOutcome = Snapshot | "time-up" | "stopped";

interface WaitSources {
  readonly clock: Clock;
  readonly watch: (watcher: (committed: Committed) => void) => () => void;
  readonly snapshot: (instanceId: string) => Promise<Snapshot | undefined>;
}

export class Waits {
  readonly #open = new Set<() => void>();
  #isStopped = false;

  constructor(private readonly sources: WaitSources) {}

  /** The first committed snapshot, the present one included, that satisfies the condition. `Infinity` waits without end. */
  async until(
    instanceId: string,
    condition: (snapshot: Snapshot) => boolean,
    timeoutMs: number,
  ): Promise<WaitOutcome> {
    if (this.#isStopped) return "stopped";
    const { clock, watch, snapshot } = this.sources;
    let end: (outcome: WaitOutcome) => void = () => {};
    const waiting = new Promise<WaitOutcome>((resolve) => {
      end = resolve;
    });
    const stop = () => end("stopped");
    this.#open.add(stop);
    const endWatch = watch((committed) => {
      if (committed.snapshot.instanceId === instanceId && condition(committed.snapshot)) {
        end(committed.snapshot);
      }
    });
    const cancelTimer = Number.isFinite(timeoutMs)
      ? clock.wakeAt(clock.now() + timeoutMs, () => end("time-up"))
      : () => {};
    try {
      const present = await snapshot(instanceId);
      if (present !== undefined && condition(present)) return present;
      return await waiting;
    } finally {
      this.#open.delete(stop);
      endWatch();
      cancelTimer();
    }
  }

  /**
   * Throws `INSTANCE_UNKNOWN`, `WAIT_TIMEOUT` when the time is up, `INSTANCE_ENDED` when what is wanted cannot come any
   * more, `ENGINE_STOPPED`.
   */
  async for(instanceId: string, wanted: WaitRequest): Promise<Snapshot> {
    requireGoal(wanted);
    const timeoutMs = wanted.timeoutMs ?? DEFAULT_WAIT_MS;
    if ((await this.sources.snapshot(instanceId)) === undefined) throw unknown(instanceId);
    const decided = (snapshot: Snapshot) => isReached(snapshot, wanted) || isOutOfReach(snapshot, wanted);
    const outcome = await this.until(instanceId, decided, timeoutMs);
    if (outcome === "stopped") throw stopped(instanceId);
    if (outcome === "time-up") throw await this.#timeUp(instanceId, wanted, timeoutMs);
    if (isReached(outcome, wanted)) return outcome;
    throw new StatewrightError(
      "INSTANCE_ENDED",
      `Instance "${instanceId}" ended: ${whereabouts(outcome)}. ${goal(wanted)} cannot come any more.`,
      { hint: "Its history says how it came there: engine.history(instanceId)." },
    );
  }

  /** Ends every wait; nothing is waited for from now on. */
  stop(): void {
    this.#isStopped = true;
    for (const end of this.#open) end();
  }

  async #timeUp(instanceId: string, wanted: WaitRequest, timeoutMs: number): Promise<StatewrightError> {
    const present = await this.sources.snapshot(instanceId);
    const where = present === undefined ? "it is gone" : whereabouts(present);
    return new StatewrightError(
      "WAIT_TIMEOUT",
      `Instance "${instanceId}": ${goal(wanted)} did not come within ${timeoutMs} ms; ${where}.`,
      { hint: "The instance goes on all the same. Wait again, or longer (timeoutMs)." },
    );
  }
}

function isReached(snapshot: Snapshot, wanted: WaitRequest): boolean {
  return (
    hasStatus(snapshot, wanted) &&
    isInState(snapshot, wanted) &&
    (wanted.settled !== true || isSettled(snapshot))
  );
}

/** Rest still comes after the end, when the last actions are over; another status or state does not. */
function isOutOfReach(snapshot: Snapshot, wanted: WaitRequest): boolean {
  const hasEnded = snapshot.status !== "active" && snapshot.status !== "suspended";
  return hasEnded && !(hasStatus(snapshot, wanted) && isInState(snapshot, wanted));
}

function hasStatus(snapshot: Snapshot, { status }: WaitRequest): boolean {
  return status === undefined || listOf<InstanceStatus>(status).includes(snapshot.status);
}

function isInState(snapshot: Snapshot, { state }: WaitRequest): boolean {
  if (state === undefined) return true;
  const states = listOf<string>(state);
  return snapshot.tokens.some((token) => states.includes(token.stateId));
}

function listOf<Item extends string>(one: Item | readonly Item[]): readonly Item[] {
  return typeof one === "string" ? [one] : one;
}

function requireGoal({ status, state, settled }: WaitRequest): void {
  if (status !== undefined || state !== undefined || settled === true) return;
  throw new StatewrightError("USAGE", "waitFor was not told what to wait for.", {
    hint: 'Name a status, a state, or settled: true, for example { status: "completed" }.',
  });
}

function goal({ status, state, settled }: WaitRequest): string {
  const quoted = (one: string | readonly string[]) =>
    listOf(one)
      .map((word) => `"${word}"`)
      .join(" or ");
  return [
    ...(status === undefined ? [] : [`status ${quoted(status)}`]),
    ...(state === undefined ? [] : [`state ${quoted(state)}`]),
    ...(settled === true ? ["rest (settled)"] : []),
  ].join(" with ");
}

function whereabouts(snapshot: Snapshot): string {
  const states = currentStates(snapshot)
    .map((stateId) => `"${stateId}"`)
    .join(", ");
  const incident = snapshot.incidents.find((candidate) => candidate.suspends);
  const why = incident?.message ?? snapshot.suspension?.reason ?? snapshot.reason ?? "";
  return `it is ${snapshot.status} in state ${states}${why === "" ? "" : ` (${why})`}`;
}

function unknown(instanceId: string): StatewrightError {
  return new StatewrightError("INSTANCE_UNKNOWN", `There is no instance "${instanceId}".`, {
    hint: "Check the id and the database (--db).",
  });
}

function stopped(instanceId: string): StatewrightError {
  return new StatewrightError(
    "ENGINE_STOPPED",
    `The engine stopped before the wait for instance "${instanceId}" was over.`,
    { hint: "Wait again when the engine is back; the instance goes on then." },
  );
}
